import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { parseRange } from '../../src/net/index.ts'
import { poolOverlapsPool } from '../../src/rules/pool-overlaps-pool.ts'
import { block, pool } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const part = (...pools: InventoryPart['pools'] & object): InventoryPart => ({ pools })

const flagged: [string, InventoryPart, string[]][] = [
  [
    'one pool inside another',
    part(pool('calico', 'a', ['10.48.0.0/16']), pool('calico', 'b', ['10.48.8.0/24'])),
    ['high/certain 10.48.0.0/16,10.48.8.0/24 '],
  ],
  [
    'intervals that share one address',
    part(pool('antrea', 'a', ['10.9.0.1-10.9.0.9']), pool('antrea', 'b', ['10.9.0.9-10.9.0.20'])),
    ['high/certain 10.9.0.1-10.9.0.9,10.9.0.9-10.9.0.20 '],
  ],
  [
    'the allocator checks across both',
    part(pool('whereabouts', 'a', ['10.20.0.0/24'], { guarded: true }), pool('whereabouts', 'b', ['10.20.0.0/25'], { guarded: true })),
    ['low/certain 10.20.0.0/24,10.20.0.0/25 '],
  ],
  [
    'one of two checks',
    part(pool('whereabouts', 'a', ['10.20.0.0/24'], { guarded: true }), pool('whereabouts', 'b', ['10.20.0.0/25'])),
    ['high/certain 10.20.0.0/24,10.20.0.0/25 '],
  ],
  [
    'a disabled pool and its replacement',
    part(pool('calico', 'a', ['10.48.0.0/16']), pool('calico', 'b', ['10.48.0.0/17'], { disabled: true })),
    ['info/certain 10.48.0.0/16,10.48.0.0/17 '],
  ],
  ['a pool that lists a range twice', part(pool('cilium', 'a', ['10.9.0.0/24', '10.9.0.0/25'])), ['low/certain 10.9.0.0/24,10.9.0.0/25 ']],
  ['a range smaller than a block', part(pool('cilium', 'a', ['10.9.0.0/28'], { blockPrefix: 26 })), ['high/certain 10.9.0.0/28 ']],
  [
    'a pool smaller than what nodes claim of it',
    part(pool('calico', 'a', ['10.9.0.0/28'], { claims: { prefix: 26, strict: false } })),
    ['high/certain 10.9.0.0/28 '],
  ],
  [
    'blocks of two sizes on one node',
    {
      blocks: [block('calico', 'p', '10.48.0.0/26', 'n1'), block('calico', 'p', '10.48.0.0/28', 'n1')],
      pools: [pool('calico', 'p', ['10.48.0.0/16'])],
    },
    ['high/certain 10.48.0.0/26,10.48.0.0/28 n1'],
  ],
  [
    'a block of nobody around a node’s',
    {
      blocks: [block('calico', 'p', '10.48.0.0/26', ''), block('calico', 'p', '10.48.0.0/28', 'n1')],
      pools: [pool('calico', 'p', ['10.48.0.0/16'])],
    },
    ['high/certain 10.48.0.0/26,10.48.0.0/28 n1'],
  ],
]

const silent: [string, InventoryPart][] = [
  ['neighbours', part(pool('calico', 'a', ['10.48.0.0/24']), pool('calico', 'b', ['10.48.1.0/24']))],
  [
    'T24: two routing domains',
    part(pool('kube-ovn', 'a', ['10.48.0.0/24'], { domain: 'red' }), pool('kube-ovn', 'b', ['10.48.0.0/24'], { domain: 'blue' })),
  ],
  ['pools of two systems are DUP-104’s', part(pool('calico', 'a', ['10.48.0.0/24']), pool('kube-ovn', 'b', ['10.48.0.0/24']))],
  [
    'bounds keep them apart',
    part(
      pool('whereabouts', 'a', ['10.20.0.0/24'], { handedOut: [parseRange('10.20.0.1-10.20.0.100')] }),
      pool('whereabouts', 'b', ['10.20.0.0/23'], { handedOut: [parseRange('10.20.0.101-10.20.1.254')] }),
    ),
  ],
  [
    'a slice of a node in its pool',
    part(pool('whereabouts', 'lan', ['10.20.0.0/16'], { blockPrefix: 24 }), pool('whereabouts', 'n1-lan', ['10.20.0.0/24'], { node: 'n1' })),
  ],
  [
    'load-balancer pools are OVL-305’s',
    part(pool('metallb', 'a', ['192.0.2.0/24'], { use: 'load-balancers' }), pool('metallb', 'b', ['192.0.2.0/25'], { use: 'load-balancers' })),
  ],
  [
    'ServiceCIDRs may nest',
    part(pool('services', 'a', ['10.96.0.0/16'], { domain: 'services' }), pool('services', 'b', ['10.96.0.0/20'], { domain: 'services' })),
  ],
  ['a pool of exactly one block', part(pool('cilium', 'a', ['10.9.0.0/26'], { blockPrefix: 26 }))],
  [
    'blocks of two nodes are DUP-102’s',
    {
      blocks: [block('calico', 'p', '10.48.0.0/26', 'n1'), block('calico', 'p', '10.48.0.0/28', 'n2')],
      pools: [pool('calico', 'p', ['10.48.0.0/16'])],
    },
  ],
  [
    'one block in two records',
    {
      blocks: [block('calico', 'p', '10.48.0.0/26', 'n1'), block('calico', 'p', '10.48.0.0/26', '')],
      pools: [pool('calico', 'p', ['10.48.0.0/16'])],
    },
  ],
]

describe('OVL-307', () => {
  test.each(flagged)('reports: %s', (_, given, expected) => expect(shown(poolOverlapsPool, given)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, given) => expect(shown(poolOverlapsPool, given)).toEqual([]))

  test('says where they overlap and why it matters', () => {
    const [found] = violations(poolOverlapsPool, part(pool('calico', 'a', ['10.48.0.0/16']), pool('calico', 'b', ['10.48.8.0/24'])))
    expect(found?.message).toBe(
      'pools a (10.48.0.0/16) and b (10.48.8.0/24) of calico overlap in 10.48.8.0/24: nothing keeps the allocator from giving one address twice',
    )
    expect(found?.owners).toEqual(['a', 'b'])
  })

  test('without pools it says that it did not look', () =>
    expect(gapsOf(poolOverlapsPool, {})).toEqual(['overlapping pools: the input holds no pools of a CNI']))
})
