// Captured clusters, redacted as `ipam collect --redact` does: no name is left, and the audit finds the same faults at the same addresses.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { nameHider } from '../../../src/sources/cluster/redact-object.ts'
import { findingsIn } from '../../corpus/run-case.ts'

const captures = new URL('../../../fixtures/captures', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'ipam-redact-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Saved {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}
const PUBLIC = new Set(['kube-system', 'default', 'kubernetes'])
const cases = ['calico', 'cilium', 'whereabouts'].flatMap((system) => readdirSync(join(captures, system)).map((name) => `${system}/${name}`))

/** As a word: `b-0` inside of a uid is nobody's name. */
const holdsName = (text: string, name: string): boolean => new RegExp(`(?<![A-Za-z0-9-])${name}(?![A-Za-z0-9-])`).test(text)

test.each(cases)('%s', async (name) => {
  const hider = nameHider(Buffer.from('key'))
  const [plain, hidden] = [join(folder, 'plain', name), join(folder, 'hidden', name)]
  for (const path of [plain, hidden]) mkdirSync(join(path, 'cluster'), { recursive: true })
  const names = new Set<string>()
  let saved = ''
  for (const file of readdirSync(join(captures, name, 'cluster')).filter((each) => each.endsWith('.json'))) {
    const text = readFileSync(join(captures, name, 'cluster', file), 'utf8')
    const list = JSON.parse(text) as { kind: string; apiVersion: string; items?: readonly Saved[] }
    const items = (list.items ?? []).map((item) => ({
      ...item,
      apiVersion: (item as { apiVersion?: string }).apiVersion ?? list.apiVersion,
      kind: item.kind ?? list.kind.replace(/List$/, ''),
    }))
    for (const { kind, metadata } of items)
      for (const each of [kind === 'Pod' || kind === 'Node' ? metadata.name : '', metadata.namespace ?? ''])
        if (each !== '' && !PUBLIC.has(each)) names.add(each)
    const redacted = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: items.map((item) => hider.object(item.kind, item)) })
    saved += redacted
    writeFileSync(join(plain, 'cluster', file), text)
    writeFileSync(join(hidden, 'cluster', file), redacted)
  }
  expect([...names].filter((each) => holdsName(saved, each))).toEqual([])
  const faults = async (path: string) =>
    (await findingsIn(path, ['--now', '2026-11-24T00:00:00Z'])).map(({ rule, severity, addresses }) => `${rule} ${severity} ${addresses}`).sort()
  expect(await faults(hidden)).toEqual(await faults(plain))
})
