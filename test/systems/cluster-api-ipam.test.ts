import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { clusterApi } from '../../src/systems/cluster-api-ipam.ts'
import { object, parsed } from './parse.ts'
import { allocationsOf, inconsistenciesOf, poolsOf, problemsOf, reservationsOf } from './said.ts'
import { partOf, type Side } from './system-fixtures.ts'

test.each<[Side, (part: InventoryPart) => readonly string[], readonly string[]]>([
  [
    'clean',
    poolsOf,
    [
      'site-a/workers in machines site-a/workers: 198.18.50.10-198.18.50.29,198.18.50.40,198.18.50.64/28 for nodes capacity 35',
      'shared in machines shared: 198.18.50.10-198.18.50.19 for nodes capacity 10',
      'site-m/pool-m in machines site-m/pool-m: 198.18.70.10-198.18.70.30,198.18.71.1-198.18.71.15 for nodes capacity 36',
    ],
  ],
  [
    'clean',
    allocationsOf,
    [
      '198.18.50.10 of site-a/workers in machines site-a/workers for machine site-a/m-1',
      '198.18.50.11 of site-a/workers in machines site-a/workers for machine site-a/m-2',
      '198.18.50.10 of shared in machines shared for machine site-a/m-3',
      '198.18.70.10 of site-m/pool-m in machines site-m/pool-m for machine site-m/host-1',
    ],
  ],
  [
    'clean',
    reservationsOf,
    [
      '198.18.50.12/31 in machines site-a/workers: excludedAddresses of site-a/workers',
      '198.18.50.1 in machines site-a/workers: gateway of site-a/workers !',
      '198.18.50.1 in machines shared: gateway of shared !',
      '198.18.70.1 in machines site-m/pool-m: gateway of site-m/pool-m !',
    ],
  ],
  [
    'faulty',
    inconsistenciesOf,
    [
      'two-owners: 198.18.50.10 of site-a/workers is recorded for site-a/m-1 and site-a/m-2: two machines get one address',
      'no-claim: 198.18.50.14 of site-a/workers is held for the claim site-a/orphan, which does not exist: no machine uses it, and nothing frees it',
      'counters: pool site-a/workers says status.ipAddresses.used 9, and there are 3 IPAddress objects of it',
    ],
  ],
  [
    'faulty',
    problemsOf,
    [
      'unreadable: InClusterIPPool site-a/malformed: has no spec.addresses',
      'unreadable: GlobalInClusterIPPool malformed: spec.addresses[0] is "pool", not an address',
      'unreadable: IPPool site-m/malformed: status.indexes host-1 is "nowhere", not an address',
      'unreadable: IPAddress site-a/malformed: spec.address is "198.18.50.0/24", not an address',
      'wrong-range: InClusterIPPool site-a/backwards: spec.addresses[0] 198.18.51.29-198.18.51.10 starts after it ends: nothing can be handed out of it',
      'wrong-range: IPPool site-m/pool-m: spec.pools[0] 198.18.70.90-198.18.70.10 starts after it ends: nothing can be handed out of it',
    ],
  ],
  ['clean', inconsistenciesOf, []],
  ['clean', problemsOf, []],
])('%s fixture: %o', (side, say, expected) => expect(say(partOf(clusterApi, side))).toEqual(expected))

const address = (name: string, rest: object = {}, metadata: object = {}) =>
  object('ipam.cluster.x-k8s.io/v1beta2', 'IPAddress', {
    metadata: { name, namespace: 'site', ...metadata },
    spec: { claimRef: { name }, poolRef: { name: 'p', kind: 'InClusterIPPool' }, address: '10.5.0.9', prefix: 24, ...rest },
  })
const claim = (name: string, conditions: readonly object[] = []) =>
  object('ipam.cluster.x-k8s.io/v1beta2', 'IPAddressClaim', {
    metadata: { name, namespace: 'site' },
    spec: { poolRef: { name: 'p', kind: 'InClusterIPPool' } },
    status: { conditions },
  })
const pool = (used: unknown) =>
  object('ipam.cluster.x-k8s.io/v1alpha2', 'InClusterIPPool', {
    metadata: { name: 'p', namespace: 'site' },
    spec: { addresses: ['10.5.0.9-10.5.0.19'], prefix: 24 },
    status: { ipAddresses: { used } },
  })

test.each<[string, readonly ReturnType<typeof object>[], readonly string[]]>([
  ['a claim that exists', [address('m'), claim('m')], []],
  ['claims that were not given', [address('m')], []],
  [
    'a claim that is gone',
    [address('m'), claim('other')],
    ['no-claim: 10.5.0.9 of site/p is held for the claim site/m, which does not exist: no machine uses it, and nothing frees it'],
  ],
  ['an address on its way out', [address('m', {}, { deletionTimestamp: '2026-11-23T11:59:00Z' }), claim('other')], []],
  ['a base of a prefix', [address('m', { poolRef: { name: 'p', kind: 'InClusterPrefixPool' }, address: 'fd00::' }), claim('other')], []],
  [
    'a pool that was made smaller',
    [address('m', { address: '10.5.0.99' }), claim('m'), pool(1)],
    ['~outside-pool: 10.5.0.99 is recorded in site/p for site/m, and no range of that pool holds it'],
  ],
  [
    'a count of two too many',
    [address('m'), claim('m'), pool(3)],
    ['~counters: pool site/p says status.ipAddresses.used 3, and there are 1 IPAddress objects of it'],
  ],
])('%s', (_, documents, expected) => expect(inconsistenciesOf(parsed(clusterApi, documents))).toEqual(expected))

test.each([
  ['PoolExhausted', 1],
  ['PoolNotReady', 0],
])('a claim refused with %s', (reason, count) =>
  expect(parsed(clusterApi, [claim('m', [{ type: 'Ready', status: 'False', reason, message: 'none left' }])]).shortages).toHaveLength(count),
)
