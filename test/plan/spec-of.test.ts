// The normal form of a request: every default filled in.
import { expect, test } from 'vitest'
import { specOf } from '../../src/plan/spec-of.ts'
import { planOf } from './plan.ts'

test('a short request in full', () => {
  expect(specOf(planOf({ clusterCidrs: '10.244.0.0/16,FD00:0::/56', maxPods: 50 }))).toEqual({
    profile: 'kube-controller-manager',
    clusterCidrs: ['10.244.0.0/16', 'fd00::/56'],
    nodePrefixes: [25, 64],
    maxPods: 50,
    horizon: 3,
  })
})

test('everything that can be said', () => {
  const input = {
    profile: 'eks',
    nodePools: [
      {
        name: 'workers',
        cidrs: ['10.9.0.0/20'],
        nodePrefixes: [32],
        nodes: ['a', { name: 'b', subnets: ['10.9.1.0/24'] }],
        maxNodes: 9,
        maxPods: 29,
        instance: { interfaces: 3, addresses: 10, prefixes: false, customNetworking: true, vcpus: 2 },
        surge: '12.5%',
        growth: 30,
      },
      {
        name: 'batch',
        cidrs: ['10.8.0.0/20'],
        nodePrefixes: [28],
        nodes: 4,
        surge: 1,
        instance: { interfaces: 3, addresses: 10, prefixes: true, customNetworking: false },
      },
    ],
    horizon: 4.5,
    serviceCidrs: ['10.96.0.0/16'],
    serviceCount: 90,
    loadBalancerRanges: ['10.20.0.9-10.20.0.30', '10.20.1.0/28'],
    loadBalancerCount: 7,
    secondaryNetworks: [{ name: 's', cidr: '10.7.0.0/24', type: 'macvlan', ipam: 'whereabouts', addresses: 9, surge: 2, exclude: ['10.7.0.1'] }],
    nodeNetworks: ['10.20.0.0/20'],
    reservations: ['10.8.0.0/24', { range: '10.8.1.0-10.8.1.9', why: 'appliances' }],
    owned: ['198.18.0.0/15'],
  }
  expect(specOf(planOf(input))).toEqual(input)
})
