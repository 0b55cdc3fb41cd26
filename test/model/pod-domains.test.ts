import { expect, test } from 'vitest'
import type { Allocation } from '../../src/model/inventory.ts'
import { podsInDomains } from '../../src/model/pod-domains.ts'
import { parseAddress } from '../../src/net/index.ts'
import { pod } from '../inventory.ts'

const given = (id: string, address: string, domain: string, kind: Allocation['owner']['kind'] = 'pod'): Allocation => ({
  system: 'kube-ovn',
  pool: 'net',
  domain,
  address: parseAddress(address),
  owner: { kind, id },
  origin: 'ips',
})

const shown = (allocations: readonly Allocation[]) =>
  podsInDomains([pod('shop/web', 'n1', ['10.0.0.5', 'fd00::5'])], allocations).map(({ addresses, interfaces }) => [
    addresses.length,
    ...interfaces.map(({ network }) => network),
  ])

test.each<[string, readonly Allocation[], readonly unknown[]]>([
  ['no record', [], [2]],
  ['a record of the default network', [given('shop/web', '10.0.0.5', 'default')], [2]],
  ['one of a VPC', [given('shop/web', '10.0.0.5', 'vpc a')], [1, 'vpc a']],
  ['both families', [given('shop/web', '10.0.0.5', 'vpc a'), given('shop/web', 'fd00::5', 'vpc a')], [0, 'vpc a', 'vpc a']],
  ['one of a machine that runs in the pod', [given('shop/web', '10.0.0.5', 'vpc a', 'machine')], [1, 'vpc a']],
  ['both networks have that address', [given('shop/web', '10.0.0.5', 'vpc a'), given('shop/web', '10.0.0.5', 'default')], [2]],
  ['another pod’s record', [given('shop/api', '10.0.0.5', 'vpc a')], [2]],
  ['a Service of that name', [given('shop/web', '10.0.0.5', 'load-balancers', 'service')], [2]],
])('%s', (_, allocations, expected) => expect(shown(allocations)).toEqual([expected]))
