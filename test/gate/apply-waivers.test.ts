// Which findings a waiver speaks of, when it ends, and what becomes of one that matches nothing.
import { expect, test } from 'vitest'
import { type Audited, applyWaivers, joinUses, type WaiverStatus } from '../../src/gate/apply-waivers.ts'
import { readWaivers } from '../../src/gate/read-waivers.ts'
import type { WaiverInput } from '../../src/gate/waivers-schema.ts'
import type { Violation } from '../../src/model/finding.ts'
import type { Pool } from '../../src/model/inventory.ts'
import { makeFinding } from '../../src/model/make-finding.ts'
import { parseRange } from '../../src/net/index.ts'

const rules = [
  { id: 'DUP-101', name: 'pod-ip-duplicate' },
  { id: 'LEAK-201', name: 'stale-allocation-file' },
]
const waiversOf = (...inputs: readonly Partial<WaiverInput>[]) =>
  readWaivers(
    inputs.map((input) => ({ rule: 'DUP-101', reason: 'r', ...input })),
    { rules, where: (path) => `w:${path[1]}`, near: () => undefined },
  )
const finding = (violation: Partial<Violation>, id = 'DUP-101') =>
  makeFinding({ id, name: 'x', severity: 'critical', playbook: null, steps: [] }, { message: 'm', ...violation })
const pool = (system: string, name: string, domain: string, ...ranges: readonly string[]): Pool => ({
  ...{ system, name, domain, family: 4, certainty: 'declared', origin: 'o' },
  ranges: ranges.map(parseRange),
})
const noon = Date.parse('2026-11-23T12:00:00Z')
const audited = (more: Partial<Audited> = {}): Audited => ({
  cluster: 'prod-east',
  pools: [
    pool('calico', 'blue', 'default', '10.1.0.0/24'),
    pool('whereabouts', 'blue', 'storage', '10.2.0.0/24'),
    pool('calico', 'red', 'default', '10.1.1.0/24'),
  ],
  time: noon,
  sawAll: () => true,
  ...more,
})

const twin: Violation = { message: 'm', addresses: ['10.1.0.7'], nodes: ['n1', 'n2'], owners: ['shop/web-0', 'shop/api-1'] }

test.each<[string, Partial<WaiverInput>, Partial<Violation>, boolean]>([
  ['the address', { address: '10.1.0.7' }, twin, true],
  ['a CIDR around it', { address: '10.1.0.0/24' }, twin, true],
  ['a range around it', { address: '10.1.0.5-10.1.0.9' }, twin, true],
  ['another address', { address: '10.1.0.8' }, twin, false],
  ['the same address written with the finding as a CIDR', { address: '10.1.0.0/24' }, { addresses: ['10.1.0.0/24'] }, true],
  ['a part of what the finding is about', { address: '10.1.0.0/25' }, { addresses: ['10.1.0.0/24'] }, false],
  ['two parts that make up the whole', { address: ['10.1.0.0/25', '10.1.0.128/25'] }, { addresses: ['10.1.0.0/24'] }, true],
  ['one of two addresses', { address: '10.1.0.7' }, { addresses: ['10.1.0.7', '10.1.0.8'] }, false],
  ['both of two addresses', { address: ['10.1.0.7', '10.1.0.8'] }, { addresses: ['10.1.0.7', '10.1.0.8'] }, true],
  ['an address, of a finding without any', { address: '10.1.0.7' }, { addresses: [] }, false],
  ['an address, of a finding with a broken one', { address: '10.0.0.0/8' }, { addresses: ['10.1.0.07'] }, false],
  ['IPv6 in another spelling', { address: 'FD00:0::7' }, { addresses: ['fd00::7'] }, true],
  ['the IPv4 address with the number of an IPv6 one', { address: '0.0.0.7' }, { addresses: ['::7'] }, false],
  ['one of two nodes', { node: 'n1' }, twin, false],
  ['both nodes', { node: ['n1', 'n2'] }, twin, true],
  ['a pattern for both nodes', { node: 'n?' }, twin, true],
  ['a node, of a finding without any', { node: 'n*' }, { nodes: [] }, false],
  ['the namespace of all owners', { namespace: 'shop' }, twin, true],
  ['the namespace of one owner', { namespace: 'shop' }, { ...twin, owners: ['shop/web-0', 'bank/api-1'] }, false],
  ['the namespace, where an owner is an id', { namespace: 'sh*' }, { ...twin, owners: ['shop/web-0', 'shop9f3c'] }, false],
  ['the namespace, in an id with more slashes', { namespace: 'shop' }, { owners: ['shop/a/b'] }, false],
  ['owners', { owner: ['shop/web-*', 'shop/api-1'] }, twin, true],
  ['one owner', { owner: 'shop/web-*' }, twin, false],
  ['the pool', { pool: 'blue' }, twin, true],
  ['the pool by system and name', { pool: 'calico/blue' }, twin, true],
  ['another pool', { pool: 'red' }, twin, false],
  ['the pool of that name of another system', { pool: 'whereabouts/blue' }, twin, false],
  ['the pool, in another domain', { pool: 'blue' }, { ...twin, domain: 'storage' }, false],
  ['the pool, in its own domain', { pool: 'blue' }, { addresses: ['10.2.0.7'], domain: 'storage' }, true],
  ['a pool that is not there', { pool: 'green' }, twin, false],
  ['the cluster', { cluster: 'prod-*', address: '10.1.0.7' }, twin, true],
  ['another cluster', { cluster: 'test', address: '10.1.0.7' }, twin, false],
  ['the fingerprint', { fingerprint: finding(twin).fingerprint }, twin, true],
  ['another fingerprint', { fingerprint: '0'.repeat(32) }, twin, false],
  ['all that is asked for', { address: '10.1.0.0/24', node: 'n*', namespace: 'shop', pool: 'blue' }, twin, true],
  ['all but one of what is asked for', { address: '10.1.0.0/24', node: 'n*', namespace: 'shop', pool: 'red' }, twin, false],
  ['another rule', { rule: 'LEAK-201', address: '10.1.0.7' }, twin, false],
])('%s', (_, input, violation, expected) => {
  const { findings, uses } = applyWaivers([finding(violation)], waiversOf(input), audited())
  expect(findings[0]?.waived !== null).toBe(expected)
  expect(uses.map(({ status, findings: count }) => [status, count])).toEqual([expected ? ['used', 1] : ['stale', 0]])
})

test('the mark says why, until when, who and where', () => {
  const waivers = waiversOf({ node: 'other' }, { address: '10.1.0.7', reason: ' OPS-1 ', until: '2026-12-01', approvedBy: 'jane' })
  expect(applyWaivers([finding(twin)], waivers, audited()).findings[0]?.waived).toEqual({
    ...{ reason: 'OPS-1', until: '2026-12-01', approvedBy: 'jane', source: 'w:1' },
  })
  expect(applyWaivers([finding(twin)], waiversOf({ address: '10.1.0.7' }), audited()).findings[0]?.waived).toEqual({
    reason: 'r',
    until: null,
    source: 'w:0',
  })
})

test.each<[string, string, string, WaiverStatus]>([
  ['the day before', '2026-11-24', '2026-11-23T12:00:00Z', 'used'],
  ['the last second of its day', '2026-11-23', '2026-11-23T23:59:59Z', 'used'],
  ['24:00 UTC of its day', '2026-11-23', '2026-11-24T00:00:00Z', 'expired'],
  ['the year after', '2025-12-31', '2026-01-01T00:00:00Z', 'expired'],
])('judged on %s', (_, until, time, status) => {
  const { findings, uses } = applyWaivers([finding(twin)], waiversOf({ address: '10.1.0.7', until }), audited({ time: Date.parse(time) }))
  expect(uses).toMatchObject([{ status, findings: 1 }])
  expect(findings[0]?.waived === null).toBe(status === 'expired')
})

test('where another waiver is in force, nothing counts again because one has expired', () => {
  const { findings, uses } = applyWaivers([finding(twin)], waiversOf({ node: 'n*', until: '2026-01-01' }, { address: '10.1.0.7' }), audited())
  expect(uses).toMatchObject([
    { status: 'expired', findings: 0 },
    { status: 'used', findings: 1 },
  ])
  expect(findings[0]?.waived).toMatchObject({ source: 'w:1' })
})

test('one that matches nothing is stale only where the rule has looked everywhere', () => {
  const sawAll = (rule: string) => rule !== 'LEAK-201'
  const { uses } = applyWaivers([], waiversOf({ node: 'n1' }, { rule: 'LEAK-201', node: 'n1' }), audited({ sawAll }))
  expect(uses.map(({ status }) => status)).toEqual(['stale', 'unproven'])
})

test('of several clusters, one that is used in any of them is used, and stale needs all of them', () => {
  const waivers = waiversOf({ node: 'n*' }, { node: 'x' }, { rule: 'LEAK-201', node: 'x' })
  const seen = applyWaivers([finding(twin)], waivers, audited()).uses
  const blind = applyWaivers([], waivers, audited({ sawAll: (rule) => rule === 'DUP-101' })).uses
  expect(joinUses([blind, seen], false)).toMatchObject([{ status: 'used', findings: 1 }, { status: 'stale' }, { status: 'unproven' }])
  expect(joinUses([blind, seen], true).map(({ status }) => status)).toEqual(['used', 'unproven', 'unproven'])
})
