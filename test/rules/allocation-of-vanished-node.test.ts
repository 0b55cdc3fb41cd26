import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { allocationOfVanishedNode as rule } from '../../src/rules/allocation-of-vanished-node.ts'
import { minutes, NOW, node } from '../inventory.ts'
import { allocation, block, pool, record } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const nodes = [node('n1', []), node('n2', [])]
const large = pool('cilium', 'cluster-pool', ['10.0.0.0/8'])
const old = { recordedAt: NOW - minutes(60) }

const flagged: [string, InventoryPart, string[]][] = [
  [
    'a small part of a large pool',
    { nodes, pools: [large], nodeRecords: [record('cilium', 'gone', ['10.0.3.0/24'], old)] },
    ['medium/certain 10.0.3.0/24 gone'],
  ],
  [
    'more than a hundredth of the pool',
    { nodes, pools: [pool('cilium', 'cluster-pool', ['10.0.0.0/22'])], nodeRecords: [record('cilium', 'gone', ['10.0.3.0/24'], old)] },
    ['high/certain 10.0.3.0/24 gone'],
  ],
  [
    'more than ten blocks, however small',
    {
      nodes,
      pools: [large],
      nodeRecords: Array.from({ length: 11 }, (_, i) => record('cilium', `gone-${10 + i}`, [`10.9.${i}.0/28`], old)),
    },
    Array.from({ length: 11 }, (_, i) => `high/certain 10.9.${i}.0/28 gone-${10 + i}`),
  ],
  [
    'a record without a time may be of this minute',
    { nodes, pools: [large], nodeRecords: [record('kube-ovn', 'gone', ['10.16.0.9'])] },
    ['medium/likely 10.16.0.9 gone'],
  ],
  [
    'a block that names a node, and no other record of it',
    { nodes, pools: [pool('calico', 'p', ['10.48.0.0/12'])], blocks: [block('calico', 'p', '10.48.0.0/26', 'gone')] },
    ['medium/likely 10.48.0.0/26 gone'],
  ],
  [
    'a record of a node without any block is still in the way of its name',
    { nodes, pools: [large], nodeRecords: [record('cilium', 'gone', [], old)] },
    ['medium/certain  gone'],
  ],
]

const silent: [string, InventoryPart][] = [
  ['the node is there', { nodes, nodeRecords: [record('cilium', 'n1', ['10.0.1.0/24'], old)] }],
  [
    'a record younger than the grace: the node may join any moment',
    { nodes, nodeRecords: [record('cilium', 'new', ['10.0.1.0/24'], { recordedAt: NOW - minutes(3) })] },
  ],
  ['a host that is managed outside of Kubernetes', { nodes, nodeRecords: [record('calico', 'bare', ['10.48.0.0/26'], { ...old, foreign: true })] }],
  ['a node range belongs to a Node object by itself', { nodes, blocks: [block('node-cidr', 'cluster', '10.244.9.0/24', 'gone')] }],
  ['a block that is nobody’s own', { nodes, blocks: [block('calico', 'p', '10.48.0.0/26', '')] }],
]

describe('flagged', () => {
  test.each(flagged)('%s', (_, part, expected) => expect(shown(rule, part)).toEqual(expected))
})

describe('silent', () => {
  test.each(silent)('%s', (_, part) => expect(shown(rule, part)).toEqual([]))
})

test('what is still in the blocks is said, and what to do by system', () => {
  const part = (system: string): InventoryPart => ({
    nodes,
    pools: [pool(system, 'p', ['10.0.0.0/8'])],
    nodeRecords: [record(system, 'gone', ['10.0.3.0/24'], old)],
    allocations: [allocation(system, 'p', '10.0.3.4', 'shop/web-0'), allocation(system, 'p', '10.0.4.4', 'shop/web-1')],
  })
  expect(violations(rule, part('cilium')).map(({ message, playbook }) => [message, playbook])).toEqual([
    ['there is no node gone, and the CiliumNode of that name keeps 1 block (10.0.3.0/24) with 1 allocation', 'R4'],
  ])
  expect(violations(rule, part('calico')).map(({ playbook }) => playbook)).toEqual(['R3'])
  expect(violations(rule, part('weave')).map(({ playbook }) => playbook)).toEqual(['R19'])
})

test('what keeps it from being evaluated', () => {
  const coverage = (status: 'partial' | 'complete', read: number) => [{ source: 'nodes', status, read, error: null }] as const
  const nodeRecords = [record('cilium', 'gone', ['10.0.3.0/24'], old)]
  expect(gapsOf(rule, { nodes, nodeRecords, coverage: coverage('complete', 2) })).toEqual([])
  expect(gapsOf(rule, { nodes, nodeRecords, coverage: coverage('partial', 2) })).toHaveLength(1)
  expect(gapsOf(rule, { nodes: [], nodeRecords, coverage: coverage('complete', 0) })).toEqual([
    'records of nodes that are gone: the list of nodes is empty',
  ])
  expect(gapsOf(rule, { nodes, coverage: coverage('complete', 2) })).toEqual([
    'records of nodes that are gone: the input holds no records of nodes of any address system',
  ])
})
