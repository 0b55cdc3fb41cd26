// Re-planning: nothing that was given moves.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCidr } from '../../src/net/index.ts'
import type { AddressPlan } from '../../src/plan/address-plan.ts'
import { type KeptPlaces, planWithKept, unnamedKept } from '../../src/plan/keep-nodes.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { specOf } from '../../src/plan/spec-of.ts'
import { nodesOf, places, planOf } from './plan.ts'

const keptOf = (plan: AddressPlan): KeptPlaces => ({
  nodes: nodesOf(plan).map(({ name, pool, subnets }) => ({ name, pool, subnets: subnets.map(parseCidr) })),
  pools: new Map(plan.pools.filter(({ name }) => name !== 'cluster').map(({ name, families }) => [name, families.map(({ cidr }) => cidr)])),
})

const replan = (input: RequestInput, before: AddressPlan): AddressPlan => planWithKept(readRequest(input, { normalize: false }), keptOf(before))

const base = { clusterCidrs: '10.244.0.0/20', nodePrefixes: 24 }

describe('kept nodes', () => {
  test('stay when another order or a new reservation would move them', () => {
    const before = planOf({ ...base, nodes: ['a', 'b', 'c'] })
    const after = replan({ ...base, nodes: ['c', 'new', 'a', 'b'], reservations: ['10.244.4.0/24'] }, before)
    expect(places(after)).toEqual(['a 10.244.0.0/24', 'b 10.244.1.0/24', 'c 10.244.2.0/24', 'new 10.244.3.0/24'])
    expect(specOf(after)['nodes']).toEqual(['a', 'b', 'c', 'new']) // the same places follow from the names alone
  })

  test('stay where the request alone would not lead, and the request says so from then on', () => {
    const before = planOf({ ...base, nodes: ['a', 'b'], reservations: ['10.244.0.0/22'] })
    const after = replan({ ...base, nodes: ['a', 'b', 'c'] }, before)
    expect(places(after)).toEqual(['a 10.244.4.0/24', 'b 10.244.5.0/24', 'c 10.244.0.0/24'])
    expect(specOf(after)['nodes']).toEqual([{ name: 'a', subnets: ['10.244.4.0/24'] }, { name: 'b', subnets: ['10.244.5.0/24'] }, 'c'])
    expect(places(planOf(specOf(after) as RequestInput))).toEqual(places(after))
  })

  test('stay when the request names them no more, and are told of', () => {
    const before = planOf({ ...base, nodes: ['a', 'b'] })
    const request = readRequest({ ...base, nodes: ['c'] }, { normalize: false })
    expect(places(planWithKept(request, keptOf(before)))).toEqual(['a 10.244.0.0/24', 'b 10.244.1.0/24', 'c 10.244.2.0/24'])
    expect(unnamedKept(request, keptOf(before).nodes)).toEqual(['a', 'b'])
  })

  test('counted nodes stay counted', () => {
    const before = planOf({ ...base, nodes: 3 })
    expect(specOf(replan({ ...base, nodes: 5 }, before))['nodes']).toBe(5)
    expect(specOf(replan({ ...base, nodes: 2 }, before))['nodes']).toBe(3)
  })

  test('get the missing family when a plan becomes dual stack', () => {
    const before = planOf({ ...base, nodes: ['a', 'b'], reservations: ['10.244.0.0/24'] })
    const after = replan({ clusterCidrs: '10.244.0.0/20,fd00::/60', nodePrefixes: 24, nodes: ['a', 'b', 'c'] }, before)
    expect(places(after)).toEqual(['a 10.244.1.0/24 fd00::/64', 'b 10.244.2.0/24 fd00:0:0:1::/64', 'c 10.244.0.0/24 fd00:0:0:2::/64'])
  })

  test('keep blocks of another size, around which new ones are placed', () => {
    const before = planOf({ ...base, nodes: ['a', 'b'] })
    const after = replan({ clusterCidrs: '10.244.0.0/20', nodePrefixes: 23, nodes: ['a', 'b', 'c'] }, before)
    expect(places(after)).toEqual(['a 10.244.0.0/24', 'b 10.244.1.0/24', 'c 10.244.2.0/23'])
  })

  test('contradicting blocks are refused', () => {
    const before = planOf({ ...base, nodes: ['a'] })
    expect(() => replan({ ...base, nodes: [{ name: 'a', subnets: '10.244.7.0/24' }] }, before)).toThrow(
      'nodes: a has 10.244.0.0/24 in the plan that is kept, and 10.244.7.0/24 is asked for',
    )
    const twice = { ...keptOf(before), nodes: [...keptOf(before).nodes, { name: 'b', pool: 'cluster', subnets: [parseCidr('10.244.0.0/25')] }] }
    expect(() => planWithKept(readRequest(base, { normalize: false }), twice)).toThrow('10.244.0.0/25 of "b" overlaps 10.244.0.0/24 of "a"')
    expect(() => replan({ ...base, nodes: 5_000_000 }, before)).toThrow('more than the 4000000 that can be re-planned')
  })

  test('each node pool keeps its own', () => {
    const pools = (a: number, b: number) => ({
      clusterCidrs: '10.244.0.0/20',
      nodePools: [
        { name: 'a', nodes: a },
        { name: 'b', nodes: b, cidrs: '10.9.0.0/22' },
      ],
    })
    const after = replan(pools(2, 2), planOf(pools(1, 1)))
    expect(places(after)).toEqual(['a-1 10.244.0.0/24', 'a-2 10.244.1.0/24', 'b-1 10.9.0.0/24', 'b-2 10.9.1.0/24'])
  })
})

test('whatever is asked for, a kept node never moves and never shares its block', () => {
  const name = fc.integer({ min: 0, max: 9 }).map((digit) => `n${digit}`)
  const request = fc.record({
    nodes: fc.uniqueArray(name, { maxLength: 10 }),
    reserved: fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 4 }),
  })
  const input = ({ nodes, reserved }: { nodes: string[]; reserved: number[] }) => ({
    ...base,
    nodes,
    reservations: reserved.map((block) => `10.244.${block}.0/24`),
  })
  fc.assert(
    fc.property(fc.array(request, { minLength: 2, maxLength: 4 }), (steps) => {
      let plan = planOf(input(steps[0] ?? { nodes: [], reserved: [] }))
      for (const step of steps.slice(1)) {
        const next = replan(input(step), plan)
        const after = new Map(nodesOf(next).map((node) => [node.name, node.subnets]))
        for (const node of nodesOf(plan)) expect(after.get(node.name)).toEqual(node.subnets)
        expect(new Set([...after.values()].map(String)).size).toBe(after.size)
        plan = next
      }
    }),
    { numRuns: 300 },
  )
})

test('the request that a plan shows leads to the same plan', () => {
  const inputs: RequestInput[] = [
    { clusterCidrs: '10.244.0.0/16', nodes: 3 },
    { clusterCidrs: 'fd00::/60,10.244.0.0/16', maxPods: 110, nodes: ['x', 'y'], surge: '10%', growth: 30, maxNodes: 9, horizon: 5 },
    {
      clusterCidrs: '10.244.0.0/24',
      maxPods: 250,
      nodes: 1,
      profile: 'kubeadm',
      serviceCidrs: '10.96.0.0/12',
      serviceCount: 40,
      nodeNetworks: ['192.168.7.0/24'],
    },
    { clusterCidrs: '10.244.0.0/16', reservations: ['10.244.0.9', { range: '10.244.3.0-10.244.4.9', why: 'appliances' }], owned: ['198.18.0.0/15'] },
    {
      clusterCidrs: '10.244.0.0/16',
      nodePools: [
        { name: 'a', nodes: 2, surge: 1 },
        { name: 'b', nodes: ['g'], cidrs: '10.9.0.0/24', nodePrefixes: 26 },
      ],
    },
    { clusterCidrs: '10.244.0.0/16', nodePools: [{ name: 'cluster', nodes: 2 }] },
    {
      clusterCidrs: '10.244.0.0/16',
      profile: 'eks',
      instance: { interfaces: 3, addresses: 10, prefixes: true },
      loadBalancerRanges: ['10.20.0.9-10.20.0.30'],
      loadBalancerCount: 7,
      secondaryNetworks: [{ name: 's', cidr: '10.9.0.0/24', type: 'macvlan', ipam: 'whereabouts', addresses: 9, surge: '10%', exclude: '10.9.0.1' }],
    },
  ]
  for (const input of inputs) {
    const plan = planOf(input)
    const again = planOf(specOf(plan) as RequestInput)
    expect(places(again)).toEqual(places(plan))
    expect(specOf(again)).toEqual(specOf(plan))
    expect(again.pools.map(({ name, families }) => ({ name, families }))).toEqual(plan.pools.map(({ name, families }) => ({ name, families })))
  }
})
