import { expect, test } from 'vitest'
import { formatAddress, formatCidr, formatRange } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { openshiftSdn } from '../../src/systems/openshift-sdn.ts'
import { object, parsed } from './parse.ts'

const of = (kind: string, body: object, name = 'x'): Document => object('network.openshift.io/v1', kind, { metadata: { name }, ...body })
const host = (name: string, subnet: unknown, rest: object = {}): Document =>
  of('HostSubnet', { host: name, hostIP: '192.0.2.1', subnet, metadata: { name, creationTimestamp: '2026-11-01T00:00:00Z', ...rest } }, name)

test('host subnets are blocks and records of nodes', () => {
  const part = parsed(openshiftSdn, [
    host('n1', '10.128.0.0/23'),
    host('f5', '10.128.2.0/23', { annotations: { 'pod.network.openshift.io/assign-subnet': 'true' } }),
  ])
  expect(part.blocks?.map(({ node, cidr }) => `${node} ${formatCidr(cidr)}`)).toEqual(['n1 10.128.0.0/23', 'f5 10.128.2.0/23'])
  expect(part.nodeRecords?.map(({ node, ranges, foreign, recordedAt }) => [node, ranges.map(formatRange).join(), foreign, recordedAt])).toEqual([
    ['n1', '10.128.0.0/23', undefined, Date.parse('2026-11-01T00:00:00Z')],
    ['f5', '10.128.2.0/23', true, Date.parse('2026-11-01T00:00:00Z')],
  ])
})

test('the cluster network states pods with the length of a node’s part, and Services', () => {
  const part = parsed(openshiftSdn, [
    of('ClusterNetwork', { clusterNetworks: [{ CIDR: '10.128.0.0/14', hostSubnetLength: 9 }], serviceNetwork: '172.30.0.0/16' }),
  ])
  expect(part.pools).toMatchObject([{ system: 'openshift-sdn', blockPrefix: 23 }])
  expect(part.declared?.map(({ role, cidr, nodePrefix }) => `${role} ${formatCidr(cidr)} ${nodePrefix ?? '-'}`)).toEqual([
    'pods 10.128.0.0/14 23',
    'services 172.30.0.0/16 -',
  ])
  // The form before 3.7 has one network.
  const old = parsed(openshiftSdn, [of('ClusterNetwork', { network: '10.1.0.0/16', hostsubnetlength: 8, serviceNetwork: '172.30.0.0/16' })])
  expect(old.pools).toMatchObject([{ blockPrefix: 24 }])
})

test('egress addresses belong to their namespace', () =>
  expect(
    parsed(openshiftSdn, [of('NetNamespace', { netname: 'shop', netid: 7, egressIPs: ['192.0.2.40'] })]).allocations?.map(
      ({ address, owner, domain }) => [formatAddress(address), owner.id, domain],
    ),
  ).toEqual([['192.0.2.40', 'shop', 'egress']]))

test.each<[string, Document]>([
  ['a host subnet without a CIDR', host('n1', '10.128.0')],
  ['a cluster network without one', of('ClusterNetwork', { clusterNetworks: [{ CIDR: 7 }], serviceNetwork: '172.30.0.0/16' })],
  ['an egress address that is none', of('NetNamespace', { netname: 'shop', egressIPs: ['web'] })],
])('malformed: %s is a problem, and its list is read in part', (_, document) => {
  const part = parsed(openshiftSdn, [document])
  expect(part.problems).toMatchObject([{ kind: 'unreadable' }])
  expect(part.coverage).toMatchObject([{ status: 'partial' }])
})
