// Adding a system, a rule or a format is one file and one line in its folder's list: this fails when the line is forgotten.
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formats } from '../../src/formats/index.ts'

const src = new URL('../../src/', import.meta.url)

/** What each folder lists, by the name of the export; other files of the folder that are no entries. */
const folders = [
  { folder: 'systems', list: 'systems', others: ['define-system', 'index', 'document-sink'], id: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/ },
  { folder: 'rules', list: 'rules', others: ['define-rule', 'index', 'run-rules', 'playbooks'], id: /^(DUP|LEAK|OVL|CAP|DRF|CFG|SRC)-\d{3}$/ },
  { folder: 'plan/checks', list: 'checks', others: ['define-check', 'index'], id: /^PLN-\d{3}$/ },
  { folder: 'plan/profiles', list: 'profiles', others: ['define-profile', 'index'], id: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/ },
  {
    folder: 'systems/cni/targets',
    list: 'targets',
    others: ['define-target', 'index'],
    id: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  },
] as const

interface Entry {
  readonly id: string
  readonly name?: string
}

/** Folders that come with another part of the work are looked at when they are there. */
const present = folders.filter(({ folder }) => existsSync(new URL(`${folder}/index.ts`, src)))

async function entriesOf(folder: string, list: string): Promise<readonly Entry[]> {
  const module: Record<string, unknown> = await import(new URL(`${folder}/index.ts`, src).href)
  const entries = module[list]
  return entries instanceof Map ? [...entries.values()] : Array.isArray(entries) ? entries : Object.values(entries ?? {})
}

const filesOf = (folder: string, others: readonly string[]): string[] =>
  readdirSync(new URL(folder, src))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .filter((name) => !others.includes(name))
    .sort()

describe.each(present)('src/$folder', ({ folder, list, others, id }) => {
  test('every file is in the list under its own name, and the list has nothing else', async () => {
    const entries = await entriesOf(folder, list)
    expect(entries.map((entry) => entry.name ?? entry.id).sort()).toEqual(filesOf(folder, others))
  })

  test('ids are well-formed and each is given once', async () => {
    const ids = (await entriesOf(folder, list)).map((entry) => entry.id)
    for (const each of ids) expect(each).toMatch(id)
    expect(ids).toEqual([...new Set(ids)])
  })
})

describe('src/formats', () => {
  test('every file is in the list under its own name, and the list has nothing else', async () => {
    const listed = await Promise.all(Object.entries(formats).map(async ([key, load]) => [key, (await load()).id]))
    for (const [key, id] of listed) expect(id).toBe(key)
    expect(Object.keys(formats).sort()).toEqual(filesOf('formats', ['define-format', 'index', 'safe']))
  })
})

/** Rules and checks are documentation too. */
describe.each(present.filter(({ list }) => list === 'rules' || list === 'checks'))('what src/$folder says', ({ folder, list }) => {
  test('every entry says why, when, how bad and what to do, and has links', async () => {
    const { playbooks = new Map() } = existsSync(new URL('rules/playbooks.ts', src)) ? await import(new URL('rules/playbooks.ts', src).href) : {}
    for (const entry of (await entriesOf(folder, list)) as readonly (Entry & Record<string, unknown>)[]) {
      for (const key of ['title', 'why', 'predicate']) expect(entry[key], `${entry.id} ${key}`).toMatch(/\S{3}/)
      expect(entry['severity'], entry.id).toMatch(/^(critical|high|medium|low|info)$/)
      expect(entry['revision'], entry.id).toBeGreaterThanOrEqual(1)
      const steps = entry['fix'] ?? playbooks.get(entry['playbook'])?.steps
      if (entry['severity'] !== 'info') expect(steps, `${entry.id} ${entry['playbook']}`).not.toHaveLength(0)
    }
  })
})
