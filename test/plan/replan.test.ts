// Re-planning with an answer for every node: nothing moves without being told, and every reason is the right one.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cidrsOverlap, formatCidr, parseCidr } from '../../src/net/index.ts'
import type { KeptPlaces } from '../../src/plan/keep-nodes.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import { replan } from '../../src/plan/replan.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'

const placesOf = (nodes: Readonly<Record<string, readonly string[]>>, ranges: readonly string[] = ['10.66.0.0/20']): KeptPlaces => ({
  nodes: Object.entries(nodes).map(([name, subnets]) => ({ name, pool: 'cluster', subnets: subnets.map(parseCidr) })),
  pools: new Map(),
  ranges: ranges.map(parseCidr),
})
const again = (input: RequestInput, places: KeptPlaces) => replan(readRequest(input, { normalize: false }), places)
const told = (input: RequestInput, places: KeptPlaces) =>
  [...again(input, places).changes()].map(
    ({ node, change, from, to, why }) => `${node} ${change} ${from.join('+') || '-'} -> ${to.join('+')}${why === '' ? '' : `: ${why}`}`,
  )

const before = { a: ['10.66.0.0/24'], b: ['10.66.1.0/24'] }
const base = { clusterCidrs: '10.66.0.0/20', nodePrefixes: 24, nodes: ['a', 'b'] }

describe('what a change does to each node', () => {
  test('added nodes move nobody', () => {
    expect(told({ ...base, nodes: ['c', 'b', 'a'] }, placesOf(before))).toEqual([
      'a kept 10.66.0.0/24 -> 10.66.0.0/24',
      'b kept 10.66.1.0/24 -> 10.66.1.0/24',
      'c new - -> 10.66.2.0/24',
    ])
  })
  test('a wider range keeps everybody', () => {
    const after = again({ ...base, clusterCidrs: '10.66.0.0/18' }, placesOf(before))
    expect([after.kept, after.renumbered, after.retired.map(formatCidr), after.gained.map(formatCidr)]).toEqual([
      2,
      0,
      ['10.66.0.0/20'],
      ['10.66.0.0/18'],
    ])
  })
  test('another mask: blocks that exist stay, new ones go around them', () => {
    expect(told({ ...base, nodePrefixes: 25, nodes: ['a', 'b', 'c'] }, placesOf(before))).toEqual([
      'a renumber 10.66.0.0/24 -> : 10.66.0.0/24: nodes get a /25 now; it stays until the node is registered again',
      'b renumber 10.66.1.0/24 -> : 10.66.1.0/24: nodes get a /25 now; it stays until the node is registered again',
      'c new - -> 10.66.2.0/25',
    ])
    expect(told({ ...base, profile: 'host-local', nodePrefixes: 25, nodes: ['a', 'c'] }, placesOf({ a: ['10.66.0.0/24'] }))[0]).toBe(
      'a kept 10.66.0.0/24 -> 10.66.0.0/24',
    )
  })
  test('a retired range: who was in it must be renumbered, and the controller would not even start', () => {
    const after = again({ ...base, clusterCidrs: '10.66.1.0/24' }, placesOf(before))
    expect([...after.changes()].map(({ node, change, why }) => [node, change, why])).toEqual([
      ['a', 'renumber', '10.66.0.0/24 lies outside 10.66.1.0/24; kube-controller-manager does not start while a node has such a block'],
      ['b', 'kept', ''],
    ])
  })
  test('a block too small for the pods of a node', () => {
    const small = { a: ['10.66.0.0/26'], b: ['10.66.1.0/24'] }
    expect(told({ ...base, maxPods: 100 }, placesOf(small))).toEqual([
      'a renumber 10.66.0.0/26 -> : 10.66.0.0/26 has 61 addresses for 100 pods',
      'b kept 10.66.1.0/24 -> 10.66.1.0/24',
    ])
  })
  test('a block that was too small for the pods of then already', () => {
    expect(told({ ...base, nodes: ['a'], maxPods: 100 }, { ...placesOf({ a: ['10.66.0.0/24'] }), maxPods: 100 })).toEqual([
      'a kept 10.66.0.0/24 -> 10.66.0.0/24',
    ])
    const small = { ...placesOf({ a: ['10.66.0.0/26'] }), maxPods: 100 }
    expect([...again({ ...base, profile: 'host-local', nodes: ['a'], maxPods: 100 }, small).changes()]).toMatchObject([{ change: 'kept' }])
    expect([...again({ ...base, profile: 'host-local', nodes: ['a'], maxPods: 101 }, small).changes()]).toMatchObject([{ change: 'renumber' }])
  })
  test('a node that is there and has no place in the plan is not forgotten', () => {
    const full = placesOf({ a: ['10.66.0.0/24'], b: ['10.66.0.0/24'] }, ['10.66.0.0/24'])
    expect(told({ clusterCidrs: '10.66.0.0/24', nodePrefixes: 24, nodes: ['a', 'b'] }, full)).toEqual([
      'a kept 10.66.0.0/24 -> 10.66.0.0/24',
      'b renumber 10.66.0.0/24 -> : 10.66.0.0/24 is shared with a, and none is free',
    ])
    const calico = { clusterCidrs: '10.66.0.0/26', profile: 'calico', nodePrefixes: 26, nodes: ['a', 'b'] }
    expect(told(calico, placesOf(before))).toContain('b kept 10.66.1.0/24 -> 10.66.1.0/24: there is no room for all that it may need')
  })
  test('two nodes with one block: the first stays', () => {
    expect(told(base, placesOf({ a: ['10.66.3.0/24'], b: ['10.66.3.128/25'] }))).toEqual([
      'a kept 10.66.3.0/24 -> 10.66.3.0/24',
      'b renumber 10.66.3.128/25 -> 10.66.0.0/24: 10.66.3.128/25 is shared with a',
    ])
  })
  test('a second family needs every node to be registered again', () => {
    expect(told({ ...base, clusterCidrs: '10.66.0.0/20,fd00:66::/60', nodePrefixes: [24, 64] }, placesOf(before))[1]).toBe(
      'b renumber 10.66.1.0/24 -> 10.66.1.0/24+fd00:66:0:1::/64: gets fd00:66:0:1::/64 too, but only when it is registered again: podCIDRs of a Node cannot be changed',
    )
  })
  test('a family that is given up', () => {
    expect(told({ ...base, nodes: ['a'] }, placesOf({ a: ['10.66.0.0/24', 'fd00:66::/64'] }))).toEqual([
      'a renumber 10.66.0.0/24+fd00:66::/64 -> : fd00:66::/64: the plan has no IPv6 range',
    ])
  })
  test('a node without a block gets its first', () => {
    expect(told(base, placesOf({ a: [], b: ['10.66.1.0/24'] }))).toContain('a new - -> 10.66.0.0/24: has no block yet')
  })
  test('where the system chooses the places, nodes that are there stay', () => {
    expect(told({ ...base, profile: 'calico', nodePrefixes: 26, nodes: ['a', 'b', 'c'] }, placesOf(before))).toEqual([
      'a kept 10.66.0.0/24 -> ',
      'b kept 10.66.1.0/24 -> ',
      'c new - -> ',
    ])
  })
})

test('whatever the cluster looks like: a block of the plan is one that its node had, or one that nobody had', () => {
  const block = fc.record({ at: fc.integer({ min: 0, max: 31 }), prefix: fc.constantFrom(24, 25, 26) })
  const cidr = ({ at, prefix }: { at: number; prefix: number }) => `10.66.${at}.0/${prefix}`
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 0, max: 6 }), fc.constantFrom(24, 25, 26), (blocks, added, nodePrefixes) => {
      const places = placesOf(Object.fromEntries(blocks.map((each, index) => [`n${index}`, [cidr(each)]])))
      const nodes = [...blocks.map((_, index) => `n${index}`), ...Array.from({ length: added }, (_, index) => `x${index}`)]
      const { plan, changes, kept, added: fresh, renumbered } = again({ ...base, nodePrefixes, nodes }, places)
      const had = new Map(places.nodes.map(({ name, subnets }) => [name, subnets.map(formatCidr)]))
      const seen: { name: string; subnet: string }[] = []
      for (const { name, subnets } of plan.nodes()) {
        for (const subnet of subnets) {
          const own = had.get(name)?.includes(subnet) ?? false
          for (const [other, theirs] of had)
            if (!own && other !== name) for (const each of theirs) expect(cidrsOverlap(parseCidr(each), parseCidr(subnet))).toBe(false)
          for (const each of seen) expect(cidrsOverlap(parseCidr(each.subnet), parseCidr(subnet))).toBe(false)
          seen.push({ name, subnet })
        }
      }
      for (const { change, from, to } of changes()) if (change === 'kept') expect(to).toEqual(from)
      expect(kept + fresh + renumbered).toBeGreaterThanOrEqual(plan.nodeCount)
    }),
    { numRuns: 300 },
  )
})
