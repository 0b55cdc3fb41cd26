import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { ovnKubernetes } from '../../src/systems/ovn-kubernetes.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, blocksOf, inconsistenciesOf, poolsOf, problemsOf, reservationsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'default in default: 10.128.0.0/14 /23 each',
      'team-g_green in network team-g_green: 10.20.0.0/16 for attachments capacity 65520',
      'cluster_udn_blue in network cluster_udn_blue: 10.20.0.0/16 for attachments /24 each',
    ],
  ],
  [
    'clean',
    allocationsOf,
    [
      '10.128.0.5 of default for pod shop/web-0 on node-1',
      '10.128.2.5 of default for pod shop/web-1 on node-2',
      '10.128.0.6 of default for pod blue-ns/api on node-1',
      '10.20.0.5 of cluster_udn_blue in network cluster_udn_blue for pod blue-ns/api on node-1',
      '10.20.0.40 of team-g_green in network team-g_green for machine team-g/vm-1.green (persistent address)',
      '192.168.7.60 of egress in load-balancers for unknown egress-shop on node-1 (egress)',
    ],
  ],
  [
    'clean',
    reservationsOf,
    [
      '10.128.0.1 in default: gateway of node-1 !',
      '10.128.0.2 in default: management port of node-1',
      '10.20.0.1 in network cluster_udn_blue: gateway of node-1 !',
      '10.20.0.2 in network cluster_udn_blue: management port of node-1',
      '10.128.2.1 in default: gateway of node-2 !',
      '10.128.2.2 in default: management port of node-2',
      '10.20.1.1 in network cluster_udn_blue: gateway of node-2 !',
      '10.20.1.2 in network cluster_udn_blue: management port of node-2',
      '10.20.0.0/28 in network team-g_green: kept back by UserDefinedNetwork team-g/green',
    ],
  ],
  [
    'clean',
    blocksOf,
    [
      '10.128.0.0/23 of default in default on node-1',
      '10.20.0.0/24 of cluster_udn_blue in network cluster_udn_blue on node-1',
      '10.128.2.0/23 of default in default on node-2',
      '10.20.1.0/24 of cluster_udn_blue in network cluster_udn_blue on node-2',
    ],
  ],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: Node node-3: annotation k8s.ovn.org/node-subnets is not a JSON object',
      'unreadable: Pod shop/malformed: annotation k8s.ovn.org/pod-networks is not a JSON object',
      'unreadable: UserDefinedNetwork team-g/malformed: spec.layer2.subnets[0] is "10.20.0.0/40", not a CIDR',
      'unreadable: ClusterUserDefinedNetwork malformed: spec.layer3.subnets[0].cidr is "ten", not an address',
      'unreadable: IPAMClaim team-g/malformed.green: status.ips is "none", not an address',
      'unreadable: EgressIP malformed: status.items[0].egressIP is "192.168.7.x", not an address',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
  ['faulty', inconsistenciesOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(ovnKubernetes, side))).toEqual(expected))

const node = (text: string) => object('v1', 'Node', { metadata: { name: 'n1', annotations: { 'k8s.ovn.org/node-subnets': text } } })
const pod = (entry: object, phase = 'Running') =>
  object('v1', 'Pod', {
    metadata: { name: 'web', namespace: 'shop', annotations: { 'k8s.ovn.org/pod-networks': JSON.stringify({ default: entry }) } },
    status: { phase },
  })

test.each([
  ['a list', '{"default":["10.128.0.0/23","fd01:0:0:1::/64"]}', ['10.128.0.0/23', 'fd01:0:0:1::/64']],
  ['one text, as old versions wrote', '{"default":"10.128.0.0/23"}', ['10.128.0.0/23']],
])('node ranges as %s', (_, text, expected) => {
  const part = parsed(ovnKubernetes, [node(text)])
  expect(blocksOf(part)).toEqual(expected.map((cidr) => `${cidr} of default in default on n1`))
  expect(part.signals?.map(({ mode }) => mode)).toEqual(['ovn-k'])
})

test.each<[string, object, string, readonly string[]]>([
  ['both families', { ip_addresses: ['10.128.0.9/23', 'fd01::9/64'] }, 'Running', ['10.128.0.9', 'fd01::9']],
  ['the old single field', { ip_address: '10.128.0.9/23' }, 'Running', ['10.128.0.9']],
  ['a finished pod holds nothing', { ip_addresses: ['10.128.0.9/23'] }, 'Succeeded', []],
  ['a network without addresses', { mac_address: 'x' }, 'Running', []],
])('addresses of a pod: %s', (_, entry, phase, expected) =>
  expect(allocationsOf(parsed(ovnKubernetes, [pod(entry, phase)])).map((line) => line.split(' ')[0])).toEqual(expected),
)

test('the cluster network of the ConfigMap, with and without a host prefix', () =>
  expect(
    poolsOf(
      parsed(ovnKubernetes, [object('v1', 'ConfigMap', { metadata: { name: 'ovn-config' }, data: { net_cidr: '10.128.0.0/14/23, fd01::/48' } })]),
    ),
  ).toEqual(['default in default: 10.128.0.0/14 /23 each', 'default in default: fd01::/48 /64 each']))
