import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { podIpIsInfrastructureIp } from '../../src/rules/pod-ip-is-infrastructure-ip.ts'
import { network, node, nodeState, pod, service } from '../inventory.ts'
import { allocation } from '../stores.ts'
import { shown, violations } from './violations.ts'

const withAddress = (name: string, ip: string) => node(name, [], { addresses: [{ type: 'InternalIP', address: parseAddress(ip) }] })

test.each<[string, InventoryPart, string[]]>([
  [
    'the address of another node',
    { nodes: [withAddress('n1', '10.9.1.7')], pods: [pod('a/x', 'n2', ['10.9.1.7'])] },
    ['critical/certain 10.9.1.7 n1,n2'],
  ],
  [
    'a ClusterIP',
    { services: [service('kube-system/kube-dns', ['10.96.0.10'])], pods: [pod('a/x', 'n2', ['10.96.0.10'])] },
    ['critical/certain 10.96.0.10 n2'],
  ],
  [
    'a load-balancer address',
    { services: [service('a/web', [], { loadBalancerIps: [parseAddress('10.9.9.9')] })], pods: [pod('a/x', 'n2', ['10.9.9.9'])] },
    ['critical/certain 10.9.9.9 n2'],
  ],
  [
    'a tunnel address',
    {
      nodes: [node('n1', [], { annotations: new Map([['projectcalico.org/IPv4VXLANTunnelAddr', '10.9.1.64']]) })],
      pods: [pod('a/x', 'n2', ['10.9.1.64'])],
    },
    ['critical/certain 10.9.1.64 n1,n2'],
  ],
  [
    'the gateway of its node',
    { pods: [pod('a/x', 'n1', ['10.9.1.1'])], nodeStates: [nodeState('n1', [network('lan', ['10.9.1.0/24'])], [])] },
    ['critical/certain 10.9.1.1 n1'],
  ],
  [
    'two Services with one ClusterIP',
    { services: [service('a/web', ['10.96.0.1']), service('default/kubernetes', ['10.96.0.1'])] },
    ['critical/certain 10.96.0.1 '],
  ],
])('DUP-105 reports: %s', (_, part, expected) => expect(shown(podIpIsInfrastructureIp, part)).toEqual(expected))

test.each<[string, InventoryPart]>([
  ['host-network pods', { nodes: [withAddress('n1', '10.9.1.7')], pods: [pod('a/x', 'n1', ['10.9.1.7'], { hostNetwork: true })] }],
  ['a finished pod', { nodes: [withAddress('n1', '10.9.1.7')], pods: [pod('a/x', 'n1', ['10.9.1.7'], { phase: 'Failed' })] }],
  ['headless Services', { services: [service('a/one', []), service('a/two', [])], pods: [] }],
  ['the gateway of another node', { pods: [pod('a/x', 'n2', ['10.9.1.1'])], nodeStates: [nodeState('n1', [network('lan', ['10.9.1.0/24'])], [])] }],
  [
    'Services that share a load-balancer address on purpose',
    { services: ['web', 'api'].map((name) => service(`a/${name}`, [], { loadBalancerIps: [parseAddress('192.0.2.9')], sharingKey: 'k' })) },
  ],
])('DUP-105 stays silent: %s', (_, part) => expect(shown(podIpIsInfrastructureIp, part)).toEqual([]))

test('DUP-105 says what the address is', () =>
  expect(
    violations(podIpIsInfrastructureIp, { services: [service('kube-system/kube-dns', ['10.96.0.10'])], pods: [pod('a/x', 'n2', ['10.96.0.10'])] })[0]
      ?.message,
  ).toBe('10.96.0.10 is the ClusterIP of Service kube-system/kube-dns and also the address of a/x'))

describe('DUP-105: Cilium’s own addresses', () => {
  const router = { owner: { kind: 'node' as const, id: 'n1' }, node: 'n1', purpose: 'router' }
  const own = (rest = {}) => [allocation('cilium', '', '10.16.0.9', 'n1', { ...router, ...rest })]
  test.each<[string, InventoryPart, string[]]>([
    ['a pod has the router address of a node', { pods: [pod('a/x', 'n2', ['10.16.0.9'])], allocations: own() }, ['critical/certain 10.16.0.9 n1,n2']],
    ['an endpoint of the node is no clash', { pods: [pod('a/x', 'n1', ['10.16.0.9'])], allocations: own({ purpose: 'node endpoint' }) }, []],
    ['no pod has it', { pods: [pod('a/x', 'n2', ['10.16.0.8'])], allocations: own() }, []],
  ])('%s', (_, part, expected) => expect(shown(podIpIsInfrastructureIp, part)).toEqual(expected))
})
