// Numbers of nodes: growth, maxima and surge.
import { describe, expect, test } from 'vitest'
import { demandOf, grown } from '../../src/plan/demand.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { planOf } from './plan.ts'

describe('growth is rounded up, but not because of binary fractions', () => {
  test.each([
    [100, 10, 1, 110],
    [100, 10, 2, 121], // 121.00000000000001 in binary
    [1000, 10, 3, 1331],
    [40, 30, 3, 88], // 87.88
    [1, 1, 1, 2],
    [7, 0, 9, 7],
    [0, 50, 3, 0],
    [10, 100, 0.5, 15], // 14.14
  ])('%i nodes at %i%% for %d years: %i', (count, percent, years, nodes) => {
    expect(grown(count, percent, years)).toBe(nodes)
  })
})

describe('demand of a pool', () => {
  const demand = (input: RequestInput) => demandOf(planOf({ clusterCidrs: '10.0.0.0/8', ...input }).pools[0] ?? { nodePools: [] }, input.horizon ?? 3)

  test('the maximum is never below the nodes of now, and surge is a share of the maximum', () => {
    expect(demand({ nodes: 10, maxNodes: 4, surge: '10%' })).toEqual({ nodes: 10, maximum: 10, surge: 1, atHorizon: 10 })
    expect(demand({ nodes: 10, maxNodes: 41, surge: '10%', growth: 100, horizon: 1 })).toEqual({ nodes: 10, maximum: 41, surge: 5, atHorizon: 20 })
    expect(demand({ nodes: 10, surge: 3 })).toMatchObject({ surge: 3 })
  })

  test('node pools are added up, each with its own surge and growth', () => {
    const nodePools = [
      { name: 'a', nodes: 10, surge: '5%', growth: 50 },
      { name: 'b', nodes: ['x'], maxNodes: 30, surge: '5%' },
    ]
    expect(demand({ nodePools, horizon: 1 })).toEqual({ nodes: 11, maximum: 40, surge: 1 + 2, atHorizon: 16 })
  })

  test('what stands at the top is the default of each node pool', () => {
    const nodePools = [
      { name: 'a', nodes: 10 },
      { name: 'b', nodes: 10, surge: 0 },
    ]
    expect(demand({ nodePools, surge: 2, growth: 10, horizon: 1 })).toMatchObject({ surge: 2, atHorizon: 22 })
  })
})
