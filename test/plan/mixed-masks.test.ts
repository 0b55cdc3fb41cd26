// Node pools with blocks of different sizes: parts of the cluster CIDR, where the system can do that.
import { describe, expect, test } from 'vitest'
import { formatCidr } from '../../src/net/index.ts'
import { planWithKept } from '../../src/plan/keep-nodes.ts'
import { readKept } from '../../src/plan/read-kept.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import type { KeptPlan, RequestInput } from '../../src/plan/request-schema.ts'
import { specOf } from '../../src/plan/spec-of.ts'
import { planData } from '../../src/report/plan-data.ts'
import { nodesOf, places, planOf, verdicts } from './plan.ts'

const pools = (input: RequestInput) =>
  planOf(input).pools.map(({ name, families }) => [name, ...families.map(({ cidr, nodePrefix }) => `${formatCidr(cidr)}/${nodePrefix}`)].join(' '))

const mixed: RequestInput = {
  profile: 'host-local',
  clusterCidrs: '10.244.0.0/16',
  nodePools: [
    { name: 'small', nodes: 3, maxPods: 10 }, // /27
    { name: 'large', nodes: 20, maxNodes: 50, surge: 3, maxPods: 110 }, // /24
    { name: 'medium', nodes: ['m'], maxPods: 60, nodePrefixes: 25 },
  ],
}

describe('parts of the cluster CIDR', () => {
  test('for each node pool: its largest number of nodes, rounded up, largest first, with its other half free', () => {
    expect(pools(mixed)).toEqual(['small 10.244.129.0/25/27', 'large 10.244.0.0/18/24', 'medium 10.244.128.0/25/25'])
    expect(places(planOf(mixed)).filter((_, index) => [0, 2, 3, 22, 23].includes(index))).toEqual([
      'small-1 10.244.129.0/27',
      'small-3 10.244.129.64/27',
      'large-1 10.244.0.0/24',
      'large-20 10.244.19.0/24',
      'm 10.244.128.0/25',
    ])
  })

  test('do not depend on the order of the node pools', () => {
    const turned = { ...mixed, nodePools: [...(mixed.nodePools ?? [])].reverse() }
    expect(pools(turned).sort()).toEqual(pools(mixed).sort())
  })

  test('keep away from reservations, Services, and ranges that node pools bring', () => {
    const input = {
      ...mixed,
      serviceCidrs: '10.244.0.0/24',
      reservations: ['10.244.200.0/24'],
      nodePools: [...(mixed.nodePools ?? []), { name: 'own', cidrs: '10.244.64.0/20', nodes: 1 }],
    }
    expect(verdicts(input, 'PLN-003')).toEqual([])
    expect(verdicts(input, 'PLN-007')).toEqual([])
    expect(pools(input)).toContain('own 10.244.64.0/20/24')
  })

  test('in both families', () => {
    expect(pools({ ...mixed, clusterCidrs: '10.244.0.0/16,fd00::/48' })).toEqual([
      'small 10.244.129.0/25/27 fd00:0:0:80::/62/64',
      'large 10.244.0.0/18/24 fd00::/58/64',
      'medium 10.244.128.0/25/25 fd00:0:0:88::/64/64',
    ])
  })

  test('surge counts', () => {
    const part = (surge: number) =>
      pools({
        ...mixed,
        nodePools: [
          { name: 'a', nodes: 62, surge, maxPods: 110 },
          { name: 'b', nodes: 1, maxPods: 20 },
        ],
      })[0]
    expect(part(2)).toBe('a 10.244.0.0/18/24')
    expect(part(3)).toBe('a 10.244.0.0/17/24')
  })

  test('growth counts', () => {
    const nodePools = [
      { name: 'a', nodes: 10, growth: 100, maxPods: 110 },
      { name: 'b', nodes: 1, maxPods: 20 },
    ]
    expect(pools({ ...mixed, nodePools, horizon: 3 })[0]).toBe('a 10.244.0.0/17/24') // 80 nodes
  })

  test('a node pool without a place is said to have none, and gets no node', () => {
    const input = { ...mixed, clusterCidrs: '10.244.0.0/19' }
    expect(verdicts(input, 'PLN-003')).toEqual(['high no-place'])
    expect(planOf(input).pools.find(({ name }) => name === 'large')).toMatchObject({ families: [], placed: 0, unplaced: 20 })
    expect(nodesOf(planOf(input)).map(({ name }) => name)).toEqual(['small-1', 'small-2', 'small-3', 'm'])
  })

  test('only where sizes differ and the system can do it', () => {
    const same = {
      ...mixed,
      nodePools: [
        { name: 'a', nodes: 1 },
        { name: 'b', nodes: 1 },
      ],
    }
    expect(pools(same)).toEqual(['cluster 10.244.0.0/16/24'])
    expect(pools({ ...mixed, profile: 'kubeadm' })).toEqual(['cluster 10.244.0.0/16/24'])
    expect(verdicts({ ...mixed, profile: 'kubeadm' }, 'PLN-005')).toEqual([])
  })
})

describe('re-planning', () => {
  const kept = (input: RequestInput) => {
    const plan = planOf(input)
    const data = planData(plan, [], { version: '1', generatedAt: '', failOn: 'never' }) as unknown as KeptPlan
    return readKept({ ...data, nodes: nodesOf(plan).map((node) => ({ ...node, subnets: [...node.subnets] })) })
  }

  test('pools stay where they are when others come', () => {
    const more = { ...mixed, nodePools: [...(mixed.nodePools ?? []), { name: 'huge', nodes: 60, maxPods: 110 }] }
    expect(pools(more)).not.toContain('large 10.244.0.0/18/24')
    const plan = planWithKept(readRequest(more, { normalize: false }), kept(mixed))
    expect(plan.pools.map(({ name, families }) => [name, ...families.map(({ cidr }) => formatCidr(cidr))].join(' '))).toEqual([
      'huge 10.244.64.0/18',
      'small 10.244.129.0/25',
      'large 10.244.0.0/18',
      'medium 10.244.128.0/25',
    ])
    expect(places(plan)).toEqual(expect.arrayContaining([...places(planOf(mixed))]))
    expect(places(planOf(specOf(plan) as RequestInput))).toEqual(places(plan))
  })

  test('the request that a plan shows leads to the same plan', () => {
    const plan = planOf(mixed)
    expect(places(planOf(specOf(plan) as RequestInput))).toEqual(places(plan))
    expect(specOf(planWithKept(readRequest(mixed, { normalize: false }), kept(mixed)))).toEqual(specOf(plan))
  })
})
