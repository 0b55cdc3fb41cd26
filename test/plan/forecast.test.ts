// How long a plan lasts, and which limit bites first.
import { describe, expect, test } from 'vitest'
import { type Limit, limitsOf } from '../../src/plan/forecast.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { monthAfter } from '../../src/plan/wording.ts'
import { planOf } from './plan.ts'

const limits = (input: RequestInput) => limitsOf(planOf(input))

const shown = (limit: Limit) =>
  `${limit.what} ${limit.subject}: ${limit.now} of ${limit.most} ${limit.unit}${limit.years === undefined ? '' : `, ${limit.years.toFixed(2)} years`}`

describe('limits', () => {
  test('a pool that doubles each year', () => {
    expect(limits({ clusterCidrs: '10.244.0.0/16', nodes: 64, growth: 100 }).map(shown)).toEqual(['blocks cluster IPv4: 64 of 256 nodes, 2.00 years'])
  })

  test('each family has its own, the tighter one first', () => {
    expect(limits({ clusterCidrs: '10.244.0.0/16,fd00::/59', nodes: 10, growth: 50 }).map(shown)).toEqual([
      'blocks cluster IPv6: 10 of 32 nodes, 2.87 years',
      'blocks cluster IPv4: 10 of 256 nodes, 8.00 years',
    ])
  })

  test('what is reserved and what a node takes more than once count', () => {
    expect(limits({ clusterCidrs: '10.244.0.0/24', nodePrefixes: 28, nodes: 3, reservations: ['10.244.0.0/25'] }).map(shown)).toEqual([
      'blocks cluster IPv4: 3 of 8 nodes',
    ])
    expect(limits({ profile: 'calico', clusterCidrs: '10.48.0.0/22', nodes: 2, maxPods: 110 }).map(shown)).toEqual([
      'blocks cluster IPv4: 2 of 8 nodes',
    ])
  })

  test('node networks, routes, what the vendor takes, and Services bite as well', () => {
    const input = {
      clusterCidrs: '10.0.0.0/8',
      nodes: 100,
      growth: 10,
      nodeNetworks: ['192.168.7.0/24'],
      serviceCidrs: '10.96.0.0/22',
      serviceCount: 300,
    }
    expect(limits({ ...input, profile: 'aks-kubenet' }).map(shown)).toEqual([
      'node-network IPv4: 100 of 251 nodes, 9.66 years',
      'services IPv4: 300 of 1022 services, 12.86 years',
      'routes aks-kubenet: 100 of 400 nodes, 14.55 years',
      'blocks cluster IPv4: 100 of 65532 nodes, 68.04 years',
    ])
    expect(limits({ ...input, profile: 'aks-overlay' }).map(({ what, most }) => `${what} ${most}`)).toContain('vendor 5000')
    expect(limits({ ...input, profile: 'aks-flat' }).map(({ what }) => what)).toEqual(['services', 'blocks']) // nodes are in the pods' subnet
  })

  test('each node pool grows by its own rate', () => {
    const nodePools = [
      { name: 'a', nodes: 10, growth: 100 },
      { name: 'b', nodes: 100 },
    ]
    expect(limits({ clusterCidrs: '10.244.0.0/16', nodePools }).map(shown)).toEqual(['blocks cluster IPv4: 110 of 256 nodes, 3.96 years'])
  })

  test('what fills up soon stands before what is nearly full and does not grow', () => {
    const nodePools = [
      { name: 'a', nodes: 10, growth: 100 },
      { name: 'b', nodes: 3, cidrs: '10.9.0.0/22' },
    ]
    expect(limits({ clusterCidrs: '10.244.0.0/16', nodePools }).map(shown)).toEqual([
      'blocks cluster IPv4: 10 of 256 nodes, 4.68 years',
      'blocks b IPv4: 3 of 4 nodes',
    ])
  })

  test('without growth there is no end in sight, and the fuller limit stands first', () => {
    const input = { clusterCidrs: '10.244.0.0/16', nodes: 10, nodeNetworks: ['192.168.7.0/28'] }
    expect(limits(input).map(shown)).toEqual(['node-network IPv4: 10 of 14 nodes', 'blocks cluster IPv4: 10 of 256 nodes'])
  })

  test('what is over the limit already, and a calculation', () => {
    expect(limits({ clusterCidrs: '10.244.0.0/24', nodes: 3, growth: 10 }).map(({ years, podsLeft }) => [years, podsLeft])).toEqual([[0, undefined]])
    expect(limits({ clusterCidrs: '10.244.0.0/24' })).toEqual([])
  })

  test('pods that still fit are counted by the most careful node pool', () => {
    const nodePools = [
      { name: 'a', nodes: 10, maxPods: 30 },
      { name: 'b', nodes: 6, maxPods: 110 },
    ]
    expect(limits({ clusterCidrs: '10.244.0.0/16', nodePools })[0]?.podsLeft).toBe(240n * 30n)
    expect(limits({ clusterCidrs: '10.244.0.0/16', nodes: 16 })[0]?.podsLeft).toBeUndefined()
  })
})

describe('months', () => {
  test.each([
    ['2026-11-23', 0, '2026-11'],
    ['2026-11-23', 0.1, '2026-12'],
    ['2026-12-31', 1 / 12, '2027-01'],
    ['2026-01-01', 1, '2027-01'],
    ['2026-11-23', 7972, '9998-11'],
    ['2026-11-23', 7974, undefined],
  ])('%s and %d years: %s', (today, years, month) => {
    expect(monthAfter(today, years)).toBe(month)
  })
})
