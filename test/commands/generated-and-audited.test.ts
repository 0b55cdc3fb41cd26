// What is generated for a system is read by the very system of the audit, and says the same pools: reader and writer agree about the format.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { formatRange } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { documentSink } from '../../src/systems/document-sink.ts'
import { systems } from '../../src/systems/index.ts'
import { plannedFile } from './plan-file.ts'
import { conf } from './run-generate-conf.ts'

const root = mkdtempSync(join(tmpdir(), 'ipam-audited-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface KubeDocument {
  readonly apiVersion?: string
  readonly kind?: string
}

/** Pools and reservations as the audit sees them, by system. */
async function audited(target: string, request: object, flags: readonly string[] = []) {
  const out = mkdtempSync(join(root, `${target}-`))
  const { code, stderr } = await conf(['--plan', await plannedFile(request), '--target', target, '--out-dir', out, '-q', ...flags])
  expect([code, stderr]).toEqual([0, ''])
  const sink = documentSink(systems)
  for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.yaml')) continue
    const origin = join(entry.parentPath, entry.name)
    for (const each of parseAllDocuments(readFileSync(origin, 'utf8'))) {
      const object = each.toJS() as KubeDocument
      if (object.kind === undefined) continue
      sink.accept({ type: 'object', apiVersion: object.apiVersion ?? '', kind: object.kind, object, origin } as unknown as Document)
    }
  }
  const { parts } = sink.finish()
  return {
    pools: parts
      .flatMap(({ pools = [] }) => pools)
      .map(({ system, family, ranges, blockPrefix }) => ({ system, family, ranges: ranges.map(formatRange), blockPrefix })),
    reserved: parts.flatMap(({ reservations = [] }) => reservations).map(({ range }) => formatRange(range)),
    problems: parts.flatMap(({ problems = [] }) => problems).map(({ message }) => message),
  }
}

const reservations = ['10.70.0.128/25', '10.70.9.9-10.70.9.12']

test('calico', async () => {
  const { pools, reserved, problems } = await audited('calico', { profile: 'calico', nodePrefixes: [26, 122], reservations })
  expect(problems).toEqual([])
  expect(pools).toEqual([
    { system: 'calico', family: 4, ranges: ['10.70.0.0/16'] },
    { system: 'calico', family: 6, ranges: ['fd00:70::/56'] },
  ])
  expect(reserved).toContain('10.70.0.128/25')
})

test.each([
  ['antrea', ['10.70.0.2-10.70.0.127', '10.70.1.0-10.70.9.8', '10.70.9.13-10.70.255.254']],
  ['kube-ovn', ['10.70.0.0/16']],
  ['metallb', ['10.72.0.200-10.72.0.219', '10.73.0.0/28']],
  ['spiderpool', ['10.70.1.0/24']],
])('%s', async (target, ranges) => {
  const { pools, problems } = await audited(target, target === 'spiderpool' ? {} : { reservations })
  expect(problems).toEqual([])
  expect(pools.filter(({ system }) => system !== target)).toEqual([])
  expect(pools.flatMap((pool) => pool.ranges)).toEqual(expect.arrayContaining([...ranges]))
})

test('cilium, multi-pool', async () => {
  const { pools, problems } = await audited('cilium', { profile: 'cilium-multi-pool', nodePrefixes: [27, 120] })
  expect(problems).toEqual([])
  expect(pools).toContainEqual({ system: 'cilium', family: 4, ranges: ['10.70.0.0/16'], blockPrefix: 27 })
})
