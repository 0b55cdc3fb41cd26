import { describe, expect, test } from 'vitest'
import type { BlockClaims, InventoryPart, Node, Pool } from '../../src/model/inventory.ts'
import { calicoBlockPressure as rule } from '../../src/rules/calico-block-pressure.ts'
import { node, pod } from '../inventory.ts'
import { allocation, block, pool } from '../stores.ts'
import { violations } from './violations.ts'

const read = (source: string) => ({ source, status: 'complete', read: 9, error: null }) as const
const coverage = ['pods', 'nodes', 'ipamblocks', 'ippools'].map(read)

/** Four blocks of /26. */
const claimed = (claims: Partial<BlockClaims> = {}, rest: Partial<Pool> = {}): Pool =>
  pool('calico', 'p', ['10.48.0.0/24'], { claims: { prefix: 26, strict: false, ...claims }, ...rest })
const nodesUpTo = (count: number, rest: Partial<Node> = {}): Node[] => Array.from({ length: count }, (_, i) => node(`n${i + 1}`, [], rest))
/** The first blocks, one for each of the nodes. */
const blocksOf = (...owners: readonly string[]) => owners.map((owner, i) => block('calico', 'p', `10.48.0.${i * 64}/26`, owner))

const given = (pools: readonly Pool[], nodes: readonly Node[], owners: readonly string[], rest: Partial<InventoryPart> = {}): InventoryPart => ({
  ...{ pools, nodes, coverage, pods: [] },
  blocks: blocksOf(...owners),
  ...rest,
})
const found = (part: InventoryPart) =>
  violations(rule, part).map(({ severity, cause, nodes = [] }) => `${severity ?? rule.severity} ${cause} ${nodes.join()}`.trim())

const borrowed = {
  pods: [pod('shop/web-0', 'n2', ['10.48.0.5'])],
  allocations: [allocation('calico', 'p', '10.48.0.5', 'shop/web-0', { node: 'n2', borrowedFrom: 'n1' })],
}

const flagged: [string, InventoryPart, string[]][] = [
  [
    'strictAffinity, no block left, and a node without one',
    given([claimed({ strict: true })], nodesUpTo(5), ['n1', 'n2', 'n3', 'n4']),
    ['critical node-without-block n5'],
  ],
  ['the same without strictAffinity: the node borrows', given([claimed()], nodesUpTo(5), ['n1', 'n2', 'n3', 'n4']), ['high too-few-blocks n5']],
  ['as many blocks as nodes: none for the next', given([claimed()], nodesUpTo(4), ['n1', 'n2', 'n3', 'n4']), ['high too-few-blocks']],
  ['fewer blocks left than nodes that have none', given([claimed()], nodesUpTo(4), ['n1', 'n2', 'n1']), ['high too-few-blocks n3,n4']],
  [
    'four fifths are claimed',
    given(
      [pool('calico', 'p', ['10.48.0.0/23'], { claims: { prefix: 26, strict: false } })],
      nodesUpTo(2),
      ['n1', 'n2', 'n1', 'n2', 'n1', 'n2', 'n1'].slice(0, 4),
      {
        blocks: ['n1', 'n2', 'n1', 'n2', 'n1', 'n2', 'n1'].map((owner, i) => block('calico', 'p', `10.48.${i >> 2}.${(i % 4) * 64}/26`, owner)),
      },
    ),
    ['medium nearly-all-claimed'],
  ],
  ['an address is borrowed while blocks are left', given([claimed()], nodesUpTo(2), ['n1', 'n2'], borrowed), ['high borrowed n2']],
]

const silent: [string, InventoryPart][] = [
  ['half of the blocks are left', given([claimed()], nodesUpTo(2), ['n1', 'n2'])],
  ['one block for the only node', given([claimed({}, { ranges: pool('calico', 'p', ['10.48.0.0/26']).ranges })], nodesUpTo(1), ['n1'])],
  ['a disabled pool', given([claimed({}, { disabled: true })], nodesUpTo(5), ['n1', 'n2', 'n3', 'n4'])],
  ['a pool for load balancers only', given([claimed({}, { use: 'load-balancers' })], nodesUpTo(5), ['n1', 'n2', 'n3', 'n4'])],
  ['a pool that hands out on explicit request', given([claimed({ manual: true })], nodesUpTo(5), ['n1', 'n2', 'n3', 'n4'])],
  [
    'nodes that take no pods need no block',
    given([claimed()], [...nodesUpTo(2), node('n3', [], { schedulable: false }), node('n4', [], { virtual: true })], ['n1', 'n2', 'n1']),
  ],
  ['nodes that the selector leaves out', given([claimed({ nodes: ['n1', 'n2'] })], nodesUpTo(6), ['n1', 'n2'])],
]

describe('flagged', () => {
  test.each(flagged)('%s', (_, part, expected) => expect(found(part)).toEqual(expected))
})

describe('silent', () => {
  test.each(silent)('%s', (_, part) => expect(found(part)).toEqual([]))
})

test('blocks of nodes that are gone are named, and freed first', () => {
  const [violation] = violations(rule, given([claimed()], nodesUpTo(3), ['n1', 'n2', 'n3', 'gone']))
  expect(violation?.message).toContain('1 block is kept for nodes that are gone (LEAK-203)')
  expect(violation?.playbook).toBe('R3')
})
