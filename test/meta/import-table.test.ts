// The import table of docs/architecture.md is enforced by the linter, in sub-folders too: one small file for each thing that must not be.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url).pathname

/** Imports and globals that the files of a folder must not use. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  net: ['node:fs', '../model/x.ts', '@oclif/core', 'process', 'Date'],
  model: ['node:fs', '../sources/x.ts', '../rules/x.ts', '../cli/x.ts', '../gate/x.ts', '../formats/x.ts', '../plan/x.ts', 'process', 'Date'],
  plan: [
    'node:fs',
    '@oclif/core',
    '../rules/x.ts',
    '../systems/x.ts',
    '../sources/x.ts',
    '../report/x.ts',
    '../cli/x.ts',
    '../gate/x.ts',
    'process',
    'Date',
  ],
  systems: ['node:fs', '@oclif/core', '../rules/x.ts', '../sources/directory.ts', '../report/x.ts', '../cli/x.ts', '../gate/x.ts', 'process'],
  'systems/cni': ['node:fs', '../../rules/x.ts', '../../sources/directory.ts', '../../cli/x.ts', 'process'],
  rules: [
    'node:fs',
    '@oclif/core',
    '../sources/source.ts',
    '../systems/x.ts',
    '../report/x.ts',
    '../plan/x.ts',
    '../cli/x.ts',
    '../gate/x.ts',
    'process',
    'Date',
  ],
  'rules/facts': ['node:fs', '../../sources/source.ts', '../../systems/x.ts', '../../cli/x.ts', 'process', 'Date'],
  gate: ['node:fs', '@oclif/core', '../rules/x.ts', '../report/x.ts', '../plan/x.ts', '../sources/x.ts', '../cli/x.ts', 'process', 'Date'],
  report: ['node:fs', '@oclif/core', '../sources/x.ts', '../systems/x.ts', '../formats/x.ts', '../cli/x.ts', '../commands/x.ts', 'process'],
  formats: [
    'node:fs',
    '@oclif/core',
    '../sources/x.ts',
    '../rules/x.ts',
    '../net/x.ts',
    '../plan/x.ts',
    '../cli/x.ts',
    '../gate/x.ts',
    'process',
    'Date',
  ],
  'formats/text': ['node:fs', '../../net/x.ts', '../../cli/x.ts', '../../rules/x.ts', 'process', 'Date'],
  sources: ['@oclif/core', '../systems/x.ts', '../rules/x.ts', '../report/x.ts', '../plan/x.ts', '../cli/x.ts', '../gate/x.ts'],
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  net: ['./x.ts'],
  model: ['../net/index.ts', 'node:crypto'],
  plan: ['../net/index.ts', '../model/finding.ts', 'valibot'],
  systems: ['../net/index.ts', '../model/inventory.ts', '../sources/source.ts', 'yaml'],
  'systems/cni': ['../../net/index.ts', '../../sources/source.ts'],
  rules: ['../net/index.ts', '../model/finding.ts', './facts/x.ts'],
  'rules/facts': ['../../net/index.ts', '../define-rule.ts'],
  gate: ['../net/index.ts', '../model/finding.ts', 'valibot', './x.ts'],
  report: ['../net/index.ts', '../gate/gate.ts', '../model/finding.ts', '../plan/address-plan.ts', '../rules/define-rule.ts'],
  formats: ['../report/report.ts', '../model/finding.ts', 'yaml', './text/x.ts'],
  'formats/text': ['../../report/report.ts', '../../model/finding.ts', 'chalk'],
  sources: ['node:fs', '../model/errors.ts', 'yaml'],
  cli: ['node:fs', '@oclif/core', '../formats/index.ts', '../sources/x.ts', 'process', 'Date'],
}

/** A file that uses one thing; the shapes are those that the linter has no other complaint about. */
function using(what: string): string {
  if (what === 'process') return 'export const here = process.cwd()\n'
  if (what === 'Date') return 'export const now = Date.now()\n'
  return `import { one } from '${what}'\n\nexport const two = one\n`
}

let folder: string
let complaints: ReadonlySet<string>
const fileFor = (place: string, what: string, verdict: string): string =>
  `src/${place}/${verdict}-${what.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}.ts`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipam-imports-'))
  cpSync(join(root, '.biome.json'), join(folder, '.biome.json'))
  for (const [verdict, table] of Object.entries({ bad: forbidden, good: allowed })) {
    for (const [place, list] of Object.entries(table)) {
      for (const what of list) {
        const path = join(folder, fileFor(place, what, verdict))
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, using(what))
      }
    }
  }
  const args = [
    'lint',
    '--only=style/noRestrictedImports',
    '--only=style/noRestrictedGlobals',
    '--reporter=json',
    '--vcs-enabled=false',
    '--max-diagnostics=none',
    '.',
  ]
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/biome'), args, { cwd: folder, encoding: 'utf8' })
  expect(stdout, stderr).toContain('"diagnostics"')
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { location: { path: string | { file: string } } }[] }
  complaints = new Set(diagnostics.map(({ location: { path } }) => (typeof path === 'string' ? path : path.file)))
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what must not be used is refused', () => {
  test.each(Object.entries(forbidden).flatMap(([place, list]) => list.map((what) => [place, what] as const)))('src/%s: %s', (place, what) => {
    expect(complaints).toContain(fileFor(place, what, 'bad'))
  })
})

describe('what may be used is not', () => {
  test.each(Object.entries(allowed).flatMap(([place, list]) => list.map((what) => [place, what] as const)))('src/%s: %s', (place, what) => {
    expect(complaints).not.toContain(fileFor(place, what, 'good'))
  })
})
