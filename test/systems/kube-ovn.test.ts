import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { kubeOvn } from '../../src/systems/kube-ovn.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, inconsistenciesOf, nodeRecordsOf, poolsOf, problemsOf, reservationsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'join in default: 100.64.0.0/16 for nodes capacity 65533',
      'ovn-default in default: 10.16.0.0/16 capacity 65528',
      'ovn-default in default: fd00:10:16::/64 capacity 18446744073709551613',
      'net-a in vpc tenant-a: 172.20.0.0/24 capacity 253',
      'net-b in vpc tenant-b: 172.20.0.0/24 capacity 253',
      'external in default: 192.168.7.101-192.168.7.109 for attachments capacity 9',
    ],
  ],
  [
    'clean',
    allocationsOf,
    [
      '100.64.0.2 of join for node node-1 on node-1 (node in the join network)',
      '100.64.0.3 of join for node node-2 on node-2 (node in the join network)',
      '10.16.0.5 of ovn-default for pod shop/web-0 on node-1',
      'fd00:10:16::5 of ovn-default for pod shop/web-0 on node-1',
      '10.16.0.6 of ovn-default for pod shop/web-1 on node-2',
      'fd00:10:16::6 of ovn-default for pod shop/web-1 on node-2',
      '10.16.0.7 of ovn-default for unknown shop/db-0 on node-2 (kept for StatefulSet)',
      'fd00:10:16::7 of ovn-default for unknown shop/db-0 on node-2 (kept for StatefulSet)',
      '10.16.0.8 of ovn-default for machine shop/vm-1 on node-2 (virtual machine)',
      'fd00:10:16::8 of ovn-default for machine shop/vm-1 on node-2 (virtual machine)',
      '172.20.0.5 of net-a in vpc tenant-a for pod team-a/api on node-1',
      '172.20.0.5 of net-b in vpc tenant-b for pod team-b/api on node-2',
      '10.16.0.9 of ovn-default for unknown vip-shop (virtual address)',
      'fd00:10:16::9 of ovn-default for unknown vip-shop (virtual address)',
      '192.168.7.101 of external for unknown eip-1 (external address)',
      '192.168.7.102 of external for unknown eip-2 (external address)',
    ],
  ],
  [
    'clean',
    reservationsOf,
    [
      '100.64.0.1 in default: gateway of Subnet join !',
      '10.16.0.1 in default: gateway of Subnet ovn-default !',
      'fd00:10:16::1 in default: gateway of Subnet ovn-default !',
      '172.20.0.1 in vpc tenant-a: gateway of Subnet net-a !',
      '172.20.0.1 in vpc tenant-b: gateway of Subnet net-b !',
      '192.168.7.110 in default: gateway of Subnet external !',
    ],
  ],
  ['clean', nodeRecordsOf, ['node-1: IP node-node-1 in the join network 100.64.0.2', 'node-2: IP node-node-2 in the join network 100.64.0.3']],
  [
    'faulty',
    nodeRecordsOf,
    [
      'node-1: IP node-node-1 in the join network 100.64.0.2',
      'node-2: IP node-node-2 in the join network 100.64.0.3',
      'node-9: IP node-node-9 in the join network 100.64.0.9',
    ],
  ],
  [
    'faulty',
    inconsistenciesOf,
    [
      'two-owners: 10.16.0.5 of Subnet ovn-default is recorded for shop/old and shop/web-0: after a restart the controller may take either for the owner',
      'outside-pool: 10.99.0.1 is recorded in ovn-default for shop/stray, and no range of that pool holds it',
      '~counters: Subnet join says v4usingIPs 2, and there are 3 IP, Vip and EIP objects of this subnet',
      'counters: Subnet ovn-default says v4usingIPs 21, and there are 5 addresses in its v4usingIPrange',
      'counters: Subnet ovn-default says v6usingIPs 21, and there are 5 IP, Vip and EIP objects of this subnet',
    ],
  ],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: Subnet malformed: has no spec.cidrBlock',
      'unreadable: IP malformed.shop: spec.ipAddress is "10.16.0.256", not an address',
      'unreadable: IPPool malformed: spec.ips[0] is 17, not a range',
      'unreadable: Vip malformed: status.v4ip is "10.16.0", not an address',
      'unreadable: OvnEip malformed: status.v4Ip is "x", not an address',
      'unreadable: IptablesEIP malformed: status.ip is "x", not an address',
      'wrong-range: Subnet backwards: spec.excludeIps[1] 10.17.0.20-10.17.0.10 starts after it ends: nothing can be handed out of it',
      'wrong-range: IPPool pool-outside: spec.ips has a range that Subnet ovn-default does not hold',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(kubeOvn, side))).toEqual(expected))

const subnet = (spec: object, status: object = {}) =>
  object('kubeovn.io/v1', 'Subnet', {
    metadata: { name: 'net' },
    spec: { protocol: 'IPv4', cidrBlock: '10.16.0.0/24', gateway: '10.16.0.1', ...spec },
    status,
  })
const ip = (spec: object, name = 'web.shop') =>
  object('kubeovn.io/v1', 'IP', { metadata: { name }, spec: { podName: 'web', namespace: 'shop', subnet: 'net', ipAddress: '10.16.0.5', ...spec } })

test.each<[string, object, string]>([
  ['the default VPC', {}, 'default'],
  ['a VPC of its own', { vpc: 'tenant' }, 'vpc tenant'],
  ['an attachment of Kube-OVN', { provider: 'net1.shop.ovn' }, 'shop/net1'],
  ['an attachment of another plugin', { provider: 'net1.shop' }, 'shop/net1'],
  ['the usual provider', { provider: 'ovn', vpc: 'ovn-cluster' }, 'default'],
])('domain of %s', (_, spec, domain) => {
  const part = parsed(kubeOvn, [subnet(spec), ip({})])
  expect([part.pools?.[0]?.domain, part.allocations?.[0]?.domain]).toEqual([domain, domain])
})

test('an underlay subnet is a pool without what is excluded from it', () =>
  expect(poolsOf(parsed(kubeOvn, [subnet({ vlan: 'v7', excludeIps: ['10.16.0.1..10.16.0.99'] })]))).toEqual([
    'net in default: 10.16.0.100-10.16.0.254 capacity 155',
  ]))

test('a subnet without addresses is no fault', () => {
  const part = parsed(kubeOvn, [subnet({ protocol: 'Mac', cidrBlock: '', gateway: '' })])
  expect([poolsOf(part), problemsOf(part)]).toEqual([[], []])
})

test.each<[string, object, object, readonly string[]]>([
  ['the count is right', {}, { v4usingIPs: 1 }, []],
  ['older versions write text', {}, { v4usingIPs: '1' }, []],
  ['one that the lists may have missed', {}, { v4usingIPs: 2 }, ['~']],
  ['many more, which may be Vips that were not given', {}, { v4usingIPs: 40 }, ['~']],
  ['fewer than there are by far', { ipAddress: '10.16.0.5,10.16.0.6,10.16.0.7,10.16.0.8' }, { v4usingIPs: 0 }, ['']],
  ['against its own range', {}, { v4usingIPs: 3, v4usingIPrange: '10.16.0.5-10.16.0.9' }, ['']],
])('counters: %s', (_, spec, status, expected) =>
  expect((parsed(kubeOvn, [subnet({}, status), ip(spec)]).inconsistencies ?? []).map(({ minor }) => (minor === true ? '~' : ''))).toEqual(expected),
)
