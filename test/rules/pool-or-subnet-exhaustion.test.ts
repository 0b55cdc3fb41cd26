import { describe, expect, test } from 'vitest'
import type { Coverage, InventoryPart } from '../../src/model/inventory.ts'
import { poolOrSubnetExhaustion } from '../../src/rules/pool-or-subnet-exhaustion.ts'
import { node, pod, service } from '../inventory.ts'
import { allocation, block, pool, shortage } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const coverage = ['pods', 'nodes', 'services', 'ciliumnodes'].map((source): Coverage => ({ source, status: 'complete', read: 9, error: null }))
const four = pool('cilium', 'cluster-pool', ['10.0.0.0/22'], { blockPrefix: 24 })
const blocks = (count: number) => [0, 1, 2, 3].slice(0, count).map((i) => block('cilium', 'cluster-pool', `10.0.${i}.0/24`, `n${i + 1}`))
const nodes = (count: number) => [1, 2, 3, 4, 5].slice(0, count).map((i) => node(`n${i}`, []))
const lan = (count: number, rest = {}): InventoryPart => ({
  coverage,
  pools: [pool('whereabouts', 'lan', ['10.20.0.0/24'], { use: 'attachments', domain: 'whereabouts', capacity: 10n, ...rest })],
  allocations: Array.from({ length: count }, (_, i) => allocation('whereabouts', 'lan', `10.20.0.${i + 1}`, `shop/w${i}`, { domain: 'whereabouts' })),
})

const flagged: [string, InventoryPart, string[]][] = [
  [
    'a node without a block, and none left',
    { coverage, pools: [four], blocks: blocks(4), nodes: nodes(5), shortages: [shortage('cilium', 'cluster-pool', 'n5', 'allocator full')] },
    ['high/certain 10.0.0.0/22 n5'],
  ],
  [
    'an error although blocks are left',
    { coverage, pools: [four], blocks: blocks(3), nodes: nodes(4), shortages: [shortage('cilium', 'cluster-pool', 'n4')] },
    ['medium/possible 10.0.0.0/22 n4'],
  ],
  ['an error of a pool that is not known', { coverage, nodes: nodes(4), shortages: [shortage('cilium', 'blue', 'n4')] }, ['high/likely  n4']],
  [
    'two nodes wait for one pool',
    { coverage, pools: [four], blocks: blocks(4), shortages: [shortage('cilium', 'cluster-pool', 'n6'), shortage('cilium', 'cluster-pool', 'n5')] },
    ['high/certain 10.0.0.0/22 n5,n6'],
  ],
  ['nine tenths of a secondary network', lan(9), ['high/certain 10.20.0.0/24 ']],
  ['a slice of one node', lan(9, { node: 'n1' }), ['high/certain 10.20.0.0/24 ']],
  ['every node has one block, none is left', { coverage, pools: [four], blocks: blocks(4), nodes: nodes(4) }, ['medium/certain 10.0.0.0/22 ']],
  [
    'addresses in use, not blocks: 26 of 28 usable',
    {
      coverage,
      pools: [pool('cilium', 'blue', ['10.11.0.0/27'], { blockPrefix: 28 })],
      blocks: [block('cilium', 'blue', '10.11.0.0/28', 'n1'), block('cilium', 'blue', '10.11.0.16/28', 'n1')],
      pods: [...Array(13).keys()].flatMap((i) => [pod(`a/x${i}`, 'n1', [`10.11.0.${i + 1}`]), pod(`a/y${i}`, 'n1', [`10.11.0.${i + 17}`])]),
    },
    ['high/certain 10.11.0.0/27 '],
  ],
  [
    'load-balancer addresses',
    {
      coverage,
      pools: [pool('metallb', 'lb', ['192.0.2.0/31'], { use: 'load-balancers', domain: 'load-balancers' })],
      services: [
        service('a/x', [], {
          loadBalancerIps: [
            { family: 4, value: 0xc0000200n },
            { family: 4, value: 0xc0000201n },
          ],
        }),
      ],
    },
    ['high/certain 192.0.2.0/31 '],
  ],
]

const silent: [string, InventoryPart][] = [
  ['eight tenths', lan(8)],
  ['a fixed address', { ...lan(1), pools: [pool('whereabouts', 'lan', ['10.20.0.1'], { domain: 'whereabouts' })] }],
  ['a disabled pool', lan(9, { disabled: true })],
  [
    'a pool that the cloud fills for a node',
    {
      coverage,
      pools: [pool('cilium', 'n1', ['10.1.0.4-10.1.0.9'], { node: 'n1' })],
      allocations: [4, 5, 6, 7, 8, 9].map((i) => allocation('cilium', 'n1', `10.1.0.${i}`, 'shop/x')),
    },
  ],
  [
    'blocks of a size that is no power of two: given out, not in use',
    {
      coverage,
      pools: [pool('nv-ipam', 'p', ['10.70.0.0/24'], { blockSize: 100n, capacity: 200n })],
      blocks: [block('nv-ipam', 'p', '10.70.0.0/25', 'n1'), block('nv-ipam', 'p', '10.70.0.128/25', 'n2')],
      nodes: nodes(3),
    },
  ],
  ['blocks are left', { coverage, pools: [four], blocks: blocks(3), nodes: nodes(3) }],
  ['all blocks of a pool that not every node uses', { coverage, pools: [four], blocks: blocks(4), nodes: nodes(5) }],
  [
    'all blocks on one node: idle or not is LEAK-204’s',
    { coverage, pools: [four], blocks: blocks(4).map((one) => ({ ...one, node: 'n1' })), nodes: nodes(1) },
  ],
  ['a pool whose records are not in the input', { coverage: coverage.slice(0, 3), pools: [four], blocks: [] }],
]

describe('CAP-406', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(poolOrSubnetExhaustion, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(poolOrSubnetExhaustion, part)).toEqual([]))

  test('quotes the allocator and counts what is given out', () => {
    const [found] = violations(poolOrSubnetExhaustion, {
      coverage,
      pools: [four],
      blocks: blocks(4),
      shortages: [shortage('cilium', 'cluster-pool', 'n5', 'allocator full')],
    })
    expect(found?.message).toBe('cilium has nothing for n5 in pool cluster-pool: "allocator full"; 4 of 4 blocks are given out')
  })

  test('without pools it says that it did not look', () =>
    expect(gapsOf(poolOrSubnetExhaustion, {})).toEqual(['pools of CNIs and of secondary networks: the input holds none']))
})
