import { expect, test } from 'vitest'
import { formatAddress, formatRange } from '../../src/net/index.ts'
import { services } from '../../src/systems/services.ts'
import { object, parsed } from './parse.ts'

const service = (name: string, spec: object, rest: object = {}) =>
  object('v1', 'Service', { metadata: { name, namespace: 'shop', uid: name }, spec, ...rest })

test('ClusterIPs of both families; headless and ExternalName have none', () => {
  const part = parsed(services, [
    service('web', { clusterIP: '10.96.0.2', clusterIPs: ['10.96.0.2', 'fd00:96::2'] }),
    service('old', { clusterIP: '10.96.0.3' }),
    service('headless', { clusterIP: 'None' }),
    service('external', { type: 'ExternalName' }),
  ])
  expect(part.services?.map(({ name, clusterIps }) => [name, clusterIps.map(formatAddress)])).toEqual([
    ['web', ['10.96.0.2', 'fd00:96::2']],
    ['old', ['10.96.0.3']],
    ['headless', []],
    ['external', []],
  ])
})

test('load-balancer addresses and sharing keys', () => {
  const part = parsed(services, [
    object('v1', 'Service', {
      metadata: { name: 'web', namespace: 'shop', annotations: { 'metallb.io/allow-shared-ip': 'k' } },
      spec: {},
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }, { hostname: 'x.example' }] } },
    }),
  ])
  expect(part.services?.map(({ loadBalancerIps, sharingKey }) => [loadBalancerIps.map(formatAddress), sharingKey])).toEqual([[['192.0.2.9'], 'k']])
})

test('ServiceCIDR gives pools with what the API server can hand out', () => {
  const part = parsed(services, [
    object('networking.k8s.io/v1', 'ServiceCIDR', { metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/28', 'fd00:96::/112'] } }),
  ])
  expect(part.pools?.map(({ name, ranges, capacity }) => [name, ranges.map(formatRange), capacity])).toEqual([
    ['kubernetes', ['10.96.0.0/28'], 14n],
    ['kubernetes', ['fd00:96::/112'], 65535n],
  ])
})

test('IPAddress objects are allocations, of Services or of others', () => {
  const address = (name: string, parentRef: object) => object('networking.k8s.io/v1', 'IPAddress', { metadata: { name }, spec: { parentRef } })
  const part = parsed(services, [
    address('10.96.0.2', { resource: 'services', namespace: 'shop', name: 'web' }),
    address('fd00:96::9', { group: 'gateway.networking.k8s.io', resource: 'gateways', namespace: 'net', name: 'gw' }),
  ])
  expect(part.allocations?.map(({ address: at, owner }) => [formatAddress(at), owner.kind, owner.id])).toEqual([
    ['10.96.0.2', 'service', 'shop/web'],
    ['fd00:96::9', 'unknown', 'net/gw'],
  ])
})

test('endpoints point to pods by uid', () => {
  const part = parsed(services, [
    object('discovery.k8s.io/v1', 'EndpointSlice', {
      metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.9.0.2'], conditions: { ready: false }, targetRef: { kind: 'Pod', uid: 'u' } }, { addresses: ['10.9.0.3'] }],
    }),
  ])
  expect(part.endpoints?.map(({ service: name, address, ready, podUid }) => [name, formatAddress(address), ready, podUid])).toEqual([
    ['shop/web', '10.9.0.2', false, 'u'],
    ['shop/web', '10.9.0.3', true, undefined],
  ])
})

test('a malformed record of each kind is a problem, not an end', () => {
  const part = parsed(services, [
    service('web', { clusterIP: 7 }),
    object('networking.k8s.io/v1', 'ServiceCIDR', { metadata: { name: 'x' }, spec: { cidrs: ['10.96/12'] } }),
    object('networking.k8s.io/v1', 'IPAddress', { metadata: { name: 'nonsense' } }),
  ])
  expect(part.problems?.map(({ message }) => message)).toEqual([
    'Service shop/web: spec.clusterIPs is 7, not an address',
    'ServiceCIDR x: spec.cidrs is "10.96/12", not a CIDR',
    'IPAddress nonsense: metadata.name is "nonsense", not an address',
  ])
  expect(part.coverage?.map(({ source, status }) => `${source} ${status}`)).toEqual([
    'services partial',
    'servicecidrs partial',
    'ipaddresses partial',
  ])
})
