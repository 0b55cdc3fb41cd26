// Who gets which block, and what is left.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  aggregate,
  blockSize,
  type Cidr,
  cidrCovers,
  cidrsOverlap,
  type Family,
  formatCidr,
  formatRange,
  parseCidr,
  type Range,
  rangeOf,
  rangeSet,
  rangesOverlap,
  sizeOf,
} from '../../src/net/index.ts'
import { nodesOf, places, planOf } from './plan.ts'

const pool = (plan: ReturnType<typeof planOf>) =>
  plan.pools.flatMap(({ families }) =>
    families.map(({ slots, withheld, used, available }) => [slots, withheld, used, available].map(String).join(' ')),
  )

describe('blocks for nodes', () => {
  test('the textbook example of predefined ranges', () => {
    const plan = planOf({ clusterCidrs: '10.244.0.0/16', nodePrefixes: 24, reservations: ['10.244.0.0/24'], nodes: ['Node1', 'Node2', 'Node3'] })
    expect(places(plan)).toEqual(['Node1 10.244.1.0/24', 'Node2 10.244.2.0/24', 'Node3 10.244.3.0/24'])
    expect(pool(plan)).toEqual(['256 1 3 252'])
    expect(plan.free.map(formatCidr)).toEqual([
      '10.244.4.0/22',
      '10.244.8.0/21',
      '10.244.16.0/20',
      '10.244.32.0/19',
      '10.244.64.0/18',
      '10.244.128.0/17',
    ])
  })

  test('one reserved address takes its whole block, a range takes every block it touches', () => {
    const plan = planOf({ clusterCidrs: '10.9.0.0/24', nodePrefixes: 27, reservations: ['10.9.0.40', '10.9.0.95-10.9.0.129'], nodes: 8 })
    expect(places(plan)).toEqual(['node-1 10.9.0.0/27', 'node-2 10.9.0.160/27', 'node-3 10.9.0.192/27', 'node-4 10.9.0.224/27'])
    expect(pool(plan)).toEqual(['8 4 4 0'])
    expect(plan.pools[0]).toMatchObject({ placed: 4, unplaced: 4 })
  })

  test('blocks that overlap the Service range are left out, as kube-controller-manager does', () => {
    // cidr_set.go: 10.0.0.0/8 in /16, Services 10.1.0.0/12-style ranges take every block they touch; a smaller range takes one.
    const plan = planOf({ clusterCidrs: '10.0.0.0/12', nodePrefixes: 16, serviceCidrs: '10.1.128.0/20', nodes: 3 })
    expect(places(plan)).toEqual(['node-1 10.0.0.0/16', 'node-2 10.2.0.0/16', 'node-3 10.3.0.0/16'])
    expect(pool(planOf({ clusterCidrs: '10.0.0.0/14', nodePrefixes: 24, serviceCidrs: '10.3.240.0/20' }))).toEqual(['1024 16 0 1008']) // GKE's 1008
    expect(pool(planOf({ clusterCidrs: '10.0.0.0/16', nodePrefixes: 24, serviceCidrs: '10.0.0.0/8' }))).toEqual(['256 256 0 0'])
  })

  test('two families go in pairs, and the smaller one decides', () => {
    const plan = planOf({ clusterCidrs: ['fd00:10:244::/62', '10.244.0.0/16'], nodes: 6, reservations: ['10.244.1.0/24', 'fd00:10:244::1'] })
    expect(places(plan)).toEqual([
      'node-1 fd00:10:244:1::/64 10.244.0.0/24',
      'node-2 fd00:10:244:2::/64 10.244.2.0/24',
      'node-3 fd00:10:244:3::/64 10.244.3.0/24',
    ])
    expect(pool(plan)).toEqual(['4 1 3 0', '256 1 3 252'])
    expect(nodesOf(plan)[0]).toEqual({
      name: 'node-1',
      pool: 'cluster',
      subnets: ['fd00:10:244:1::/64', '10.244.0.0/24'],
      usable: '253',
      maxPods: null,
    })
  })

  test('a block as large as the pool is one block', () => {
    expect(places(planOf({ clusterCidrs: '10.244.7.0/24', nodePrefixes: 24, nodes: 2 }))).toEqual(['node-1 10.244.7.0/24'])
  })

  test('the size comes from the pods: twice as many addresses, and never more than the pool', () => {
    const prefixOf = (maxPods: number, clusterCidrs = '10.0.0.0/8') => planOf({ clusterCidrs, maxPods }).pools[0]?.families[0]?.nodePrefix
    // GKE's table of maximum pods and range sizes.
    expect([8, 9, 16, 17, 32, 33, 64, 65, 110, 128, 129].map((pods) => prefixOf(pods))).toEqual([28, 27, 27, 26, 26, 25, 25, 24, 24, 24, 23])
    expect([1, 2, 3].map((pods) => prefixOf(pods))).toEqual([30, 29, 29]) // host-local loses three of a block
    expect(prefixOf(250, '10.1.2.0/25')).toBe(25)
    expect(planOf({ clusterCidrs: 'fd00::/48', maxPods: 110 }).pools[0]?.families[0]?.nodePrefix).toBe(64)
  })

  test('without nodes there is a pool and nothing is given', () => {
    const plan = planOf({ clusterCidrs: '10.244.0.0/16' })
    expect([plan.nodeCount, places(plan), pool(plan), plan.free.map(formatCidr)]).toEqual([0, [], ['256 0 0 256'], ['10.244.0.0/16']])
  })

  test.each([
    ['0.0.0.0/0', 24, '16777216'],
    ['10.0.0.0/31', 31, '1'],
    ['10.0.0.0/32', 32, '1'],
    ['::/0', 64, '18446744073709551616'],
    ['::/0', 128, '340282366920938463463374607431768211456'],
    ['fd00::/128', 128, '1'],
  ])('%s in /%i has exactly %s blocks', (clusterCidrs, nodePrefixes, slots) => {
    expect(pool(planOf({ clusterCidrs, nodePrefixes }))).toEqual([`${slots} 0 0 ${slots}`])
  })

  test('the first blocks of the whole IPv6 space are given without counting through it', () => {
    expect(places(planOf({ clusterCidrs: '::/0', nodePrefixes: 127, nodes: 2 }))).toEqual(['node-1 ::/127', 'node-2 ::2/127'])
  })

  test('65,536 nodes can be walked again and again', () => {
    const plan = planOf({ clusterCidrs: '10.0.0.0/8', nodePrefixes: 24, nodes: 65_536 })
    const last = { name: 'node-65536', subnets: ['10.255.255.0/24'] }
    expect(nodesOf(plan).at(-1)).toMatchObject(last)
    expect(nodesOf(plan).at(-1)).toMatchObject(last)
    expect(nodesOf(plan)).toHaveLength(65_536)
  })
})

describe('node pools', () => {
  test('share the cluster CIDR one after the other, with the largest block that one of them needs', () => {
    const plan = planOf({
      clusterCidrs: '10.244.0.0/22',
      nodePools: [
        { name: 'a', nodes: 2, maxPods: 30 },
        { name: 'b', nodes: ['gpu'], maxPods: 60 },
      ],
    })
    expect(places(plan)).toEqual(['a-1 10.244.0.0/25', 'a-2 10.244.0.128/25', 'gpu 10.244.1.0/25'])
    expect(nodesOf(plan).map(({ maxPods }) => maxPods)).toEqual([30, 30, 60])
  })

  test('with ranges of their own have pools of their own', () => {
    const plan = planOf({
      clusterCidrs: '10.244.0.0/22',
      nodePools: [
        { name: 'a', nodes: 1 },
        { name: 'edge', cidrs: '10.9.0.0/24', nodePrefixes: 26, nodes: 2 },
      ],
    })
    expect(nodesOf(plan).map(({ name, pool: from, subnets }) => [name, from, ...subnets].join(' '))).toEqual([
      'a-1 cluster 10.244.0.0/24',
      'edge-1 edge 10.9.0.0/26',
      'edge-2 edge 10.9.0.64/26',
    ])
  })
})

/** A random pool, blocks, reservations and nodes, in either family, small enough to look at all of it. */
const requests = fc
  .record({
    family: fc.constantFrom<Family>(4, 6),
    seed: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
    poolBits: fc.integer({ min: 0, max: 12 }),
    blockBits: fc.integer({ min: 0, max: 12 }),
    reserved: fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 13n }), fc.bigInt({ min: 0n, max: 600n })), { maxLength: 5 }),
    nodes: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ family, seed, poolBits, blockBits, reserved, nodes }) => {
    const bits = family === 4 ? 32 : 128
    const prefix = bits - poolBits
    const base = ((family === 4 ? seed : (0xfdn << 120n) | (seed << 32n)) >> BigInt(poolBits)) << BigInt(poolBits)
    const nodePrefix = bits - Math.min(poolBits, blockBits)
    const highest = 2n ** BigInt(bits) - 1n
    const cap = (value: bigint) => (value > highest ? highest : value)
    const ranges = reserved.map(([from, length]): Range => ({ family, first: cap(base + from), last: cap(base + from + length) }))
    return { cidr: { family, base, prefix }, nodePrefix, ranges, nodes }
  })

const inputOf = ({ cidr, nodePrefix, ranges, nodes }: { cidr: Cidr; nodePrefix: number; ranges: readonly Range[]; nodes: number }) => ({
  clusterCidrs: formatCidr(cidr),
  nodePrefixes: String(nodePrefix),
  reservations: ranges.map(formatRange),
  nodes,
})

describe('for any request', () => {
  test('blocks are aligned, of the asked size, inside the pool, outside of reservations, and disjoint', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const blocks = nodesOf(planOf(inputOf(request))).map(({ subnets }) => parseCidr(subnets[0] ?? '')) // strict: host bits would throw
        for (const block of blocks) {
          expect(block.prefix).toBe(request.nodePrefix)
          expect(cidrCovers(request.cidr, block)).toBe(true)
          expect(request.ranges.some((range) => rangesOverlap(range, rangeOf(block)))).toBe(false)
        }
        expect(blocks.some((block, index) => blocks.some((other, at) => at > index && cidrsOverlap(block, other)))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('no usable block is passed over: nodes are left out only when none is free', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const plan = planOf(inputOf(request))
        // The same by brute force: walk all blocks.
        const expected: string[] = []
        const step = blockSize(request.cidr.family, request.nodePrefix)
        for (let index = 0n; index < blockSize(request.cidr.family, request.cidr.prefix) / step && expected.length < request.nodes; index++) {
          const block = { family: request.cidr.family, base: request.cidr.base + index * step, prefix: request.nodePrefix }
          if (!request.ranges.some((range) => rangesOverlap(range, rangeOf(block)))) expected.push(formatCidr(block))
        }
        expect(nodesOf(plan).map(({ subnets }) => subnets[0])).toEqual(expected)
        expect(plan.pools[0]?.unplaced).toBe(request.nodes - expected.length)
      }),
      { numRuns: 300 },
    )
  })

  test('slots = reserved + used + available, and what is free is just the available blocks', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const plan = planOf(inputOf(request))
        const [part] = plan.pools[0]?.families ?? []
        if (part === undefined) throw new Error('no pool')
        expect(part.slots).toBe(part.withheld + part.used + part.available)
        expect(sizeOf(rangeSet(plan.free.map(rangeOf)))).toBe(part.available * blockSize(request.cidr.family, request.nodePrefix))
        expect([...aggregate(rangeSet(plan.free.map(rangeOf)))]).toEqual([...plan.free])
        const given = nodesOf(plan).map(({ subnets }) => parseCidr(subnets[0] ?? ''))
        expect(given.some((block) => plan.free.some((free) => cidrsOverlap(free, block)))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('a node that is added moves no other, and the same request gives the same plan', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const before = places(planOf(inputOf(request)))
        expect(places(planOf(inputOf(request)))).toEqual(before)
        expect([...planOf(inputOf(request)).names()]).toEqual(before.map((place) => place.split(' ')[0]))
        expect(places(planOf(inputOf({ ...request, nodes: request.nodes + 1 }))).slice(0, before.length)).toEqual(before)
      }),
      { numRuns: 200 },
    )
  })
})
