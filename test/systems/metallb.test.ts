import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { metallb } from '../../src/systems/metallb.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, inconsistenciesOf, poolsOf, problemsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'metallb-system/lan in load-balancers: 192.168.7.100-192.168.7.119,192.168.7.128/28 for load-balancers',
      'metallb-system/v6 in load-balancers: 2001:db8:7::100/120 for load-balancers',
    ],
  ],
  [
    'clean',
    allocationsOf,
    [
      '192.168.7.100 of metallb-system/lan in load-balancers for service shop/mail-tcp (load balancer)',
      '192.168.7.100 of metallb-system/lan in load-balancers for service shop/mail-udp (load balancer)',
      '192.168.7.101 of metallb-system/lan in load-balancers for service shop/web (load balancer)',
    ],
  ],
  [
    'faulty',
    inconsistenciesOf,
    ['counters: IPAddressPool metallb-system/lan says status.assignedIPv4 9, and there are 1 load-balancer addresses of Services in it'],
  ],
  [
    'faulty',
    problemsOf,
    [
      'ambiguous: IPAddressPool metallb-system/other: spec.addresses[0] "192.168.7.110/30": host bits set',
      'unreadable: IPAddressPool metallb-system/malformed: has no spec.addresses',
      'wrong-range: IPAddressPool metallb-system/backwards: spec.addresses[0] 192.168.7.219-192.168.7.210 starts after it ends: nothing can be handed out of it',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(metallb, side))).toEqual(expected))

const service = (type: string, ...ips: string[]) =>
  object('v1', 'Service', {
    metadata: { name: 's', namespace: 'shop' },
    spec: { type },
    status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } },
  })
const pool = (...addresses: string[]) =>
  object('metallb.io/v1beta1', 'IPAddressPool', { metadata: { name: 'p', namespace: 'm' }, spec: { addresses } })

test.each<[string, readonly string[], readonly string[]]>([
  ['an address in the pool', ['192.0.2.9'], ['192.0.2.9']],
  ['one of another load balancer', ['198.51.100.9'], []],
  ['both families', ['192.0.2.9', 'fd00::9'], ['192.0.2.9', 'fd00::9']],
])('%s', (_, ips, expected) =>
  expect(
    allocationsOf(parsed(metallb, [pool('192.0.2.0/28', 'fd00::/120'), service('LoadBalancer', ...ips)])).map((line) => line.split(' ')[0]),
  ).toEqual(expected),
)

test('a Service that is a load balancer no longer holds nothing', () =>
  expect(parsed(metallb, [pool('192.0.2.0/28'), service('ClusterIP', '192.0.2.9')]).allocations).toEqual([]))

test('without Services the counters are not judged', () =>
  expect(
    parsed(metallb, [
      object('metallb.io/v1beta1', 'IPAddressPool', { metadata: { name: 'p' }, spec: { addresses: ['192.0.2.9'] }, status: { assignedIPv4: 50 } }),
    ]).inconsistencies,
  ).toEqual([]))
