import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { nvIpam } from '../../src/systems/nv-ipam.ts'
import { object, parsed } from './parse.ts'
import { blocksOf, inconsistenciesOf, nodeRecordsOf, poolsOf, problemsOf, reservationsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'nvidia-network-operator/rail-1 in nv-ipam nvidia-network-operator/rail-1: 198.18.16.0/24 for attachments 50 each',
      'nvidia-network-operator/rail-2 in nv-ipam nvidia-network-operator/rail-2: 198.18.32.0/20 for attachments /24 each',
    ],
  ],
  [
    'clean',
    reservationsOf,
    [
      '198.18.16.10-198.18.16.19 in nv-ipam nvidia-network-operator/rail-1: exclusions of pool nvidia-network-operator/rail-1',
      '198.18.16.1 in nv-ipam nvidia-network-operator/rail-1: gateway of pool nvidia-network-operator/rail-1 !',
      '198.18.32.1 in nv-ipam nvidia-network-operator/rail-2: gateway of pool nvidia-network-operator/rail-2 !',
      '198.18.33.1 in nv-ipam nvidia-network-operator/rail-2: gateway of pool nvidia-network-operator/rail-2 !',
    ],
  ],
  [
    'clean',
    (part) => blocksOf(part).map((line) => line.replaceAll('nvidia-network-operator/', '')),
    [
      '198.18.16.1/32 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.2/31 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.4/30 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.8/29 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.16/28 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.32/28 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.48/31 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.50/32 of rail-1 in nv-ipam rail-1 on node-1',
      '198.18.16.51/32 of rail-1 in nv-ipam rail-1 on node-2',
      '198.18.16.52/30 of rail-1 in nv-ipam rail-1 on node-2',
      '198.18.16.56/29 of rail-1 in nv-ipam rail-1 on node-2',
      '198.18.16.64/27 of rail-1 in nv-ipam rail-1 on node-2',
      '198.18.16.96/30 of rail-1 in nv-ipam rail-1 on node-2',
      '198.18.16.100/32 of rail-1 in nv-ipam rail-1 on node-2',
      '198.18.32.0/24 of rail-2 in nv-ipam rail-2 on node-1',
      '198.18.33.0/24 of rail-2 in nv-ipam rail-2 on node-2',
    ],
  ],
  [
    'clean',
    nodeRecordsOf,
    [
      'node-1: its part of pool nvidia-network-operator/rail-1 198.18.16.1-198.18.16.50',
      'node-2: its part of pool nvidia-network-operator/rail-1 198.18.16.51-198.18.16.100',
      'node-1: its part of pool nvidia-network-operator/rail-2 198.18.32.0/24',
      'node-2: its part of pool nvidia-network-operator/rail-2 198.18.33.0/24',
    ],
  ],
  [
    'faulty',
    nodeRecordsOf,
    [
      'node-1: its part of pool nvidia-network-operator/rail-1 198.18.16.1-198.18.16.50',
      'node-2: its part of pool nvidia-network-operator/rail-1 198.18.16.41-198.18.16.90',
      'node-9: its part of pool nvidia-network-operator/rail-1 198.18.16.151-198.18.16.200',
      'node-1: its part of pool nvidia-network-operator/rail-2 198.18.32.0/24',
      'node-2: its part of pool nvidia-network-operator/rail-2 198.18.64.0/24',
    ],
  ],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: IPPool nvidia-network-operator/malformed: spec.perNodeBlockSize is "many"',
      'unreadable: CIDRPool nvidia-network-operator/malformed: spec.cidr is 17, not a CIDR',
      'wrong-range: IPPool nvidia-network-operator/rail-1: spec.exclusions[0] 198.18.16.19-198.18.16.10 starts after it ends: nothing can be handed out of it',
      'wrong-range: CIDRPool nvidia-network-operator/rail-2: status.allocations[1] 198.18.64.0/24 lies outside of the pool',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
  ['faulty', inconsistenciesOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(nvIpam, side))).toEqual(expected))

test('a part that is kept for no node yet is nobody’s block', () => {
  const part = parsed(nvIpam, [
    object('nv-ipam.nvidia.com/v1alpha1', 'CIDRPool', {
      metadata: { name: 'p', namespace: 'n' },
      spec: { cidr: '10.7.0.0/16', perNodeNetworkPrefix: 24 },
      status: { allocations: [{ prefix: '10.7.3.0/24' }] },
    }),
  ])
  expect([blocksOf(part), nodeRecordsOf(part)]).toEqual([['10.7.3.0/24 of n/p in nv-ipam n/p on '], []])
})
