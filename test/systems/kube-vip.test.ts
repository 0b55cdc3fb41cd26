import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { kubeVip } from '../../src/systems/kube-vip.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, inconsistenciesOf, poolsOf, problemsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'cidr-global in load-balancers: 192.168.7.161-192.168.7.166 for load-balancers',
      'range-shop in load-balancers: 192.168.7.120/29 for load-balancers',
    ],
  ],
  ['clean', allocationsOf, ['192.168.7.121 of range-shop in load-balancers for service shop/web (load balancer)']],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: ConfigMap kube-system/kubevip: data.range-test is "somewhere", not an address',
      'wrong-range: ConfigMap kube-system/kubevip: data.range-shop 192.168.7.127-192.168.7.120 starts after it ends: nothing can be handed out of it',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
  ['faulty', inconsistenciesOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(kubeVip, side))).toEqual(expected))

const map = (data: object, name = 'kubevip') => object('v1', 'ConfigMap', { metadata: { name, namespace: 'kube-system' }, data })

test.each<[string, object, readonly string[]]>([
  ['several in one text', { 'cidr-dev': '192.0.2.8/30, 192.0.2.16/30' }, ['192.0.2.9-192.0.2.10,192.0.2.17-192.0.2.18']],
  ['one address and two', { 'cidr-dev': '192.0.2.8/32,192.0.2.10/31' }, ['192.0.2.8,192.0.2.10/31']],
  ['both families', { 'range-dev': '192.0.2.10-192.0.2.11,fd00::10-fd00::11' }, ['192.0.2.10/31', 'fd00::10/127']],
  ['DHCP', { 'cidr-global': '0.0.0.0/32' }, []],
  ['settings that are no pool', { 'search-order': 'desc', 'interface-dev': 'eth3', 'allow-share-dev': 'true' }, []],
])('%s', (_, data, expected) => {
  const part = parsed(kubeVip, [map(data)])
  expect(poolsOf(part).map((line) => line.split(' ')[3])).toEqual(expected)
  expect(problemsOf(part)).toEqual([])
})

test('another ConfigMap says nothing', () => expect(parsed(kubeVip, [map({ 'cidr-global': '192.0.2.8/30' }, 'other')]).pools).toEqual([]))
