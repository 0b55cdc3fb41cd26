import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { spiderpool } from '../../src/systems/spiderpool.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, inconsistenciesOf, poolsOf, problemsOf, reservationsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'pool-6 in kube-system/macvlan-6: 198.18.6.10-198.18.6.29 for attachments capacity 17',
      'pool-7 in default: 198.18.7.10,198.18.7.12-198.18.7.19 capacity 9',
    ],
  ],
  [
    'clean',
    allocationsOf,
    [
      '198.18.6.10 of pool-6 in kube-system/macvlan-6 for pod shop/web-0 on node-1',
      '198.18.6.11 of pool-6 in kube-system/macvlan-6 for pod shop/web-1 on node-2',
      '198.18.6.12 of pool-6 in kube-system/macvlan-6 for unknown shop/db-0 on node-2 (kept for StatefulSet db)',
    ],
  ],
  [
    'clean',
    reservationsOf,
    [
      '198.18.6.20 in kube-system/macvlan-6: excludeIPs of pool-6',
      '198.18.6.1 in kube-system/macvlan-6: gateway of pool-6 !',
      '198.18.7.1 in default: gateway of pool-7 !',
      '198.18.6.28/31 in kube-system/macvlan-6: SpiderReservedIP printers',
      '198.18.6.28/31 in default: SpiderReservedIP printers',
    ],
  ],
  [
    'faulty',
    inconsistenciesOf,
    [
      'counters: SpiderIPPool pool-6 says status.allocatedIPCount 9, and there are 5 addresses in status.allocatedIPs',
      'no-pool-record: SpiderEndpoint shop/late has 198.18.6.15 of pool-6, and that pool does not record it, and can give it out again',
      'other-incarnation: SpiderIPPool pool-6 records 198.18.6.11 for shop/web-1 with uid uid-of-before, and its SpiderEndpoint has uid uid-web-1',
      'pool-is-gone: SpiderSubnet subnet-6 keeps addresses for SpiderIPPool pool-lost, which does not exist',
      'outside-pool: 198.18.6.90 is recorded in pool-6 for shop/web-0, and no range of that pool holds it',
    ],
  ],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: SpiderIPPool malformed: status.allocatedIPs is not the text of a JSON object',
      'unreadable: SpiderEndpoint shop/malformed: status.current.ips ipv4 is "198.18.6.999", not an address',
      'unreadable: SpiderSubnet malformed: spec.subnet is "198.18.6.0/33", not a CIDR',
      'unreadable: SpiderReservedIP malformed: spec.ips[0] is "everything", not an address',
      'wrong-range: SpiderIPPool pool-8: spec.ips[0] 198.18.8.50-198.18.8.10 starts after it ends: nothing can be handed out of it',
      'wrong-range: SpiderIPPool pool-8: spec.ips 198.18.9.1 lies outside of spec.subnet',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(spiderpool, side))).toEqual(expected))

const pool = (spec: object, allocatedIPs: unknown, allocatedIPCount: unknown) =>
  object('spiderpool.spidernet.io/v2beta1', 'SpiderIPPool', {
    metadata: { name: 'p' },
    spec: { ipVersion: 4, subnet: '10.6.0.0/24', ips: ['10.6.0.10-10.6.0.20'], ...spec },
    status: { allocatedIPs, allocatedIPCount },
  })

test.each<[string, unknown, number, readonly string[]]>([
  ['no records at all', undefined, 0, []],
  ['null inside the text', 'null', 0, []],
  ['an empty text', '', 0, []],
  ['a list', '[]', 0, ['unreadable: SpiderIPPool p: status.allocatedIPs is not the text of a JSON object']],
  ['an object where text is meant', {}, 0, ['unreadable: SpiderIPPool p: status.allocatedIPs is not the text of a JSON object']],
])('records: %s', (_, records, count, expected) => expect(problemsOf(parsed(spiderpool, [pool({}, records, count)]))).toEqual(expected))

test('a pool for a network attachment without a namespace is one of kube-system', () =>
  expect(parsed(spiderpool, [pool({ multusName: ['macvlan'], disable: true }, undefined, 0)]).pools).toMatchObject([
    { domain: 'kube-system/macvlan', disabled: true },
  ]))

test('a count that is not the number of records is a fault, however small the difference', () =>
  expect(inconsistenciesOf(parsed(spiderpool, [pool({}, '{"10.6.0.11":{"pod":"a/b","podUid":"u"}}', 2)]))).toEqual([
    'counters: SpiderIPPool p says status.allocatedIPCount 2, and there are 1 addresses in status.allocatedIPs',
  ]))

const endpoint = (name: string, ipv4: string, uid = 'u') =>
  object('spiderpool.spidernet.io/v2beta1', 'SpiderEndpoint', {
    metadata: { name, namespace: 'a' },
    status: { current: { uid, node: 'n', ips: [{ interface: 'eth0', ipv4, ipv4Pool: 'p' }] } },
  })
const unsettled = { ...endpoint('c', '10.6.0.12/24'), unsettled: true } as const
const recorded = pool({}, '{"10.6.0.11":{"pod":"a/b","podUid":"u"}}', 1)

test.each<[string, readonly ReturnType<typeof object>[], readonly string[]]>([
  ['both agree', [recorded, endpoint('b', '10.6.0.11/24')], []],
  ['the pool knows another pod', [recorded, endpoint('b', '10.6.0.11/24'), endpoint('c', '10.6.0.11/24')], ['two-owners']],
  ['the pool knows nothing of it', [recorded, endpoint('b', '10.6.0.11/24'), endpoint('c', '10.6.0.12/24')], ['no-pool-record']],
  ['an earlier pod of the name', [recorded, endpoint('b', '10.6.0.11/24', 'later')], ['other-incarnation']],
  ['a pool that was not given', [endpoint('c', '10.6.0.12/24')], []],
  ['endpoints that were not given', [recorded], []],
  ['an endpoint of this second', [recorded, unsettled], []],
])('pool and endpoint: %s', (_, documents, expected) =>
  expect((parsed(spiderpool, documents).inconsistencies ?? []).map(({ cause }) => cause)).toEqual(expected),
)
