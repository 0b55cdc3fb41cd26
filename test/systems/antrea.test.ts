import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { antrea } from '../../src/systems/antrea.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, inconsistenciesOf, poolsOf, problemsOf, reservationsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'vlan-0 in default: 192.168.7.128/28,192.168.7.200-192.168.7.220 capacity 37',
      'outward in load-balancers: 192.168.7.40-192.168.7.49 for load-balancers',
    ],
  ],
  [
    'clean',
    allocationsOf,
    [
      '192.168.7.130 of vlan-0 for pod lan/printer',
      '192.168.7.131 of vlan-0 for unknown lan/db-1 (kept for StatefulSet lan/db)',
      '192.168.7.41 of outward in load-balancers for unknown egress-shop on node-1 (egress)',
    ],
  ],
  ['clean', reservationsOf, ['192.168.7.254 in default: gateway of vlan-0 !']],
  [
    'faulty',
    inconsistenciesOf,
    [
      'counters: IPPool vlan-0 says status.usage.used 9, and there are 5 entries in status.ipAddresses',
      'address-twice: IPPool vlan-0 records 192.168.7.132 2 times, for lan/gone and lan/other',
      'no-owner: IPPool vlan-0 records 192.168.7.133 for nobody: the controller should have removed the entry',
      'outside-pool: 192.168.7.90 is recorded in vlan-0 for lan/printer, and no range of that pool holds it',
    ],
  ],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: IPPool malformed: spec.ipRanges[0] is "not-an-address", not an address',
      'unreadable: ExternalIPPool outward-broken: has no spec.ipRanges',
      'unreadable: Egress egress-broken: spec.egressIP is ["192.168.7.300"], not an address',
      'wrong-range: IPPool inverted: spec.ipRanges[0] 198.18.8.90-198.18.8.10 starts after it ends: nothing can be handed out of it',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(antrea, side))).toEqual(expected))

const pool = (spec: object, entries: readonly object[] = [], used: unknown = entries.length) =>
  object('crd.antrea.io/v1beta1', 'IPPool', { metadata: { name: 'lan' }, spec, status: { ipAddresses: entries, usage: { used } } })
const entry = (ipAddress: string, ifName: string) => ({
  ipAddress,
  phase: 'Allocated',
  owner: { pod: { name: 'p', namespace: 'n', containerID: 'c', ifName } },
})
const range = { start: '192.0.2.10', end: '192.0.2.20' }

test('v1alpha2 states the gateway with each range', () =>
  expect(reservationsOf(parsed(antrea, [pool({ ipRanges: [{ ...range, gateway: '192.0.2.1', prefixLength: 24 }] })]))).toEqual([
    '192.0.2.1 in default: gateway of lan !',
  ]))

test.each([
  ['eth0', undefined],
  ['eth1', 'attachments'],
])('a pool of %s is for %s', (device, use) =>
  expect(parsed(antrea, [pool({ ipRanges: [range] }, [entry('192.0.2.11', device)])]).pools?.[0]?.use).toBe(use),
)

test('the record of a pod names its sandbox', () => {
  const [allocation] = parsed(antrea, [pool({ ipRanges: [range] }, [entry('192.0.2.11', 'eth1')])]).allocations ?? []
  expect([allocation?.handle, allocation?.attachment]).toEqual(['c', { sandbox: 'c', interface: 'eth1' }])
})

test('the controller counts a moment later: one more or less is minor', () =>
  expect(inconsistenciesOf(parsed(antrea, [pool({ ipRanges: [range] }, [entry('192.0.2.11', 'eth1')], 2)]))[0]).toMatch(/^~counters/))

test('what changed during the scan is not held against itself', () => {
  const changed = { ...pool({ ipRanges: [range] }, [entry('192.0.2.99', 'eth1')], 7), unsettled: true } as const
  expect(inconsistenciesOf(parsed(antrea, [changed]))).toEqual([])
})
