// Load balancers and the networks of further interfaces.
import { describe, expect, test } from 'vitest'
import { holdingsOf } from '../../src/plan/other-demand.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { planOf, verdicts } from './plan.ts'

const base: RequestInput = { clusterCidrs: '10.244.0.0/16', nodes: 3 }

const holdings = (input: RequestInput) =>
  holdingsOf(planOf({ ...base, ...input }).request).map(({ name, capacity, needed }) => ({ name, capacity, needed }))

const network = { name: 'storage', cidr: '10.9.0.0/24', type: 'macvlan', ipam: 'whereabouts' }

describe('load balancers', () => {
  test('ranges are counted together, overlaps once', () => {
    expect(holdings({ loadBalancerRanges: ['10.20.0.10-10.20.0.19', '10.20.0.15-10.20.0.24', '10.20.1.0/28'], loadBalancerCount: 31 })).toEqual([
      { name: 'load balancers', capacity: 31n, needed: 31n },
    ])
  })

  test('one too many', () => {
    const input = { ...base, loadBalancerRanges: ['10.20.0.10-10.20.0.19'] }
    expect(verdicts({ ...input, loadBalancerCount: 10 }, 'PLN-003')).toEqual([])
    expect(verdicts({ ...input, loadBalancerCount: 11 }, 'PLN-003')).toEqual(['high other-addresses'])
    expect(verdicts(input, 'PLN-003')).toEqual([])
  })

  test('a range between others is not widened', () => {
    const input = { ...base, clusterCidrs: '10.20.0.0/25', nodePrefixes: 26 }
    expect(verdicts({ ...input, loadBalancerRanges: ['10.20.0.128-10.20.0.140'] }, 'PLN-007')).toEqual([])
    expect(verdicts({ ...input, loadBalancerRanges: ['10.20.0.127-10.20.0.140'] }, 'PLN-007')).toEqual(['high load-balancers-pods'])
  })

  test('in the subnet of the nodes is fine, in that of Services or twice is not', () => {
    expect(verdicts({ ...base, nodeNetworks: ['10.20.0.0/24'], loadBalancerRanges: ['10.20.0.200-10.20.0.220'] }, 'PLN-007')).toEqual([])
    expect(verdicts({ ...base, serviceCidrs: '10.96.0.0/16', loadBalancerRanges: ['10.96.200.0/24'] }, 'PLN-007')).toEqual([
      'high load-balancers-services',
    ])
    expect(verdicts({ ...base, loadBalancerRanges: ['10.20.0.0/28', '10.20.0.8'] }, 'PLN-007')).toEqual(['high load-balancers-load-balancers'])
  })
})

describe('networks of further interfaces', () => {
  test('attachments with surge against the range without its ends and what is excluded', () => {
    expect(holdings({ secondaryNetworks: [{ ...network, addresses: 200, surge: '10%', exclude: '10.9.0.1,10.9.0.250-10.9.0.255' }] })).toEqual([
      { name: 'storage', capacity: 248n, needed: 220n },
    ])
  })

  test('too small', () => {
    const input = (addresses: number) => ({ ...base, secondaryNetworks: [{ ...network, addresses }] })
    expect(verdicts(input(254), 'PLN-003')).toEqual([])
    expect(verdicts(input(255), 'PLN-003')).toEqual(['high other-addresses'])
  })

  test('overlap with pods is a fault, with each other and with nodes not', () => {
    expect(verdicts({ ...base, secondaryNetworks: [{ ...network, cidr: '10.244.7.0/24' }] }, 'PLN-007')).toEqual(['high pods-secondary'])
    const others = { nodeNetworks: ['10.9.0.0/16'], secondaryNetworks: [network, { ...network, name: 'other' }] }
    expect(verdicts({ ...base, ...others }, 'PLN-007')).toEqual([])
  })

  test.each([
    ['macvlan', 'host-local', 2, ['high']],
    ['ipvlan', 'host-local', 2, ['high']],
    ['sriov', 'host-local', 2, ['high']],
    ['macvlan', 'host-local', 1, []],
    ['bridge', 'host-local', 2, []],
    ['ptp', 'host-local', 2, []],
    ['macvlan', 'whereabouts', 2, []],
  ])('%s with %s on %i nodes: %j', (type, ipam, nodes, expected) => {
    expect(verdicts({ ...base, nodes, secondaryNetworks: [{ ...network, type, ipam }] }, 'PLN-017')).toEqual(expected)
  })
})
