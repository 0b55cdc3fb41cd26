import { expect, test } from 'vitest'
import type { Allocation, Coverage, Pod } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { calicoAllocationWithoutOwner as rule } from '../../src/rules/calico-allocation-without-owner.ts'
import { inventory, minutes, NOW, node, pod } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const read = (source: string): Coverage => ({ source, status: 'complete', read: 1, error: null })
const coverage = ['pods', 'nodes', 'services', 'ipamblocks'].map(read)
const TUNNEL = new Map([['projectcalico.org/IPv4VXLANTunnelAddr', '10.48.0.1']])
const allocation = (rest: Partial<Allocation> = {}): Allocation => ({
  system: 'calico',
  pool: 'pool',
  domain: 'default',
  address: parseAddress('10.48.0.1'),
  node: 'n1',
  owner: { kind: 'pod', id: 'shop/web' },
  handle: 'h1',
  recordedAt: NOW - minutes(120),
  origin: 'cluster/ipamblocks.json',
  ...rest,
})
const given = (one: Partial<Allocation>, pods: Pod[] = []) =>
  inventory({ allocations: [allocation(one)], pods, nodes: [node('n1', [], { annotations: TUNNEL })], services: [], coverage })
const web = (ips: readonly string[], rest: Partial<Pod> = {}) => pod('shop/web', 'n1', ips, rest)
const leak = (cause: string, severity = 'medium') => [`${severity} ${cause} | 10.48.0.1 | n1 | shop/web h1`]
const ended = (ago: number): Partial<Pod> => ({ phase: 'Failed', reason: 'Evicted', finishedAt: NOW - minutes(ago) })

test.each<[string, Partial<Allocation>, Pod[], readonly string[]]>([
  ['no pod', {}, [], leak('pod-absent')],
  ['no pod, and younger than the grace', { recordedAt: NOW - minutes(5) }, [], []],
  ['the pod has it', {}, [web(['10.48.0.1'])], []],
  ['another pod has it', {}, [pod('shop/other', 'n1', ['10.48.0.1'])], []],
  ['the pod has another', {}, [web(['10.48.0.2'])], leak('another-address')],
  ['the pod has another, in a new sandbox', {}, [web(['10.48.0.2'], { sandboxAt: NOW - minutes(3) })], []],
  ['the pod has none yet', {}, [web([])], []],
  ['the pod is terminating', {}, [web(['10.48.0.2'], { deletedAt: NOW })], []],
  ['the pod was evicted an hour ago', {}, [web([], ended(60))], leak('finished-pod')],
  ['the pod ended three minutes ago', {}, [web(['10.48.0.1'], ended(3))], []],
  ['its node is gone, however young', { node: 'n9', recordedAt: NOW }, [], ['medium vanished-node | 10.48.0.1 | n9 | shop/web h1']],
  ['a tunnel', { owner: { kind: 'node', id: 'n1' }, purpose: 'VXLAN tunnel' }, [], []],
  [
    'a tunnel that was replaced',
    { owner: { kind: 'node', id: 'n1' }, purpose: 'VXLAN tunnel', address: parseAddress('10.48.0.9') },
    [],
    ['low superseded-tunnel | 10.48.0.9 | n1 | n1 h1'],
  ],
  ['a machine', { owner: { kind: 'machine', id: 'shop/vm' } }, [], []],
  ['a Service that is gone', { owner: { kind: 'service', id: 'shop/web' } }, [], leak('service-absent')],
  ['nobody known', { owner: { kind: 'unknown', id: 'h1' } }, [], ['info unknown-owner | 10.48.0.1 |  | h1']],
])('%s', (_, one, pods, expected) => expect(found(rule, given(one, pods))).toEqual(expected))

test('a clean-up that is switched off is said', () => {
  const off = { ...given({}), collectors: [{ system: 'calico', grace: 0, origin: 'x' }] }
  expect(findingsOf(rule, off)[0]?.evidence.at(-1)?.fact).toContain('switched off')
})

test('pods or blocks that were not read whole prove nothing', () => {
  const partial: Coverage = { source: 'pods', status: 'partial', read: 1, error: 'cut off' }
  expect(gapsOf(rule, inventory({ coverage: [...coverage.slice(1), partial] }))[0]).toMatch(/^!~/)
  expect(gapsOf(rule, inventory({ coverage: coverage.slice(0, 3) }))).toEqual([
    '!allocations of Calico without an owner: the input holds no ipamblocks',
  ])
})
