// Networks: who allocates, who fills in ranges, and which segments nodes share.
import { describe, expect, test } from 'vitest'
import type { NodeNetwork } from '../../../src/model/node-state.ts'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { bridge, chain, FILE, hostLocal, ranges } from './configurations.ts'

describe('a bridge with host-local', () => {
  const reading = readConfiguration(hostLocal({ ranges: [[{ subnet: '10.244.1.0/24' }], [{ subnet: 'fd00:10:244:1::/64' }]] }), FILE)
  test('reads name, version, types and the network', () => {
    expect(reading).toMatchObject({
      file: FILE,
      name: 'pods',
      cniVersion: '1.0.0',
      type: 'bridge',
      plugins: ['bridge'],
      problems: [],
      error: undefined,
    })
    const { ranges: _, ...network } = reading.networks[0] as NodeNetwork
    const plain = { name: 'pods', file: FILE, order: 0, type: 'bridge', ipam: 'host-local', dataDir: '/var/lib/cni/networks' }
    expect(network).toEqual({ ...plain, rangesFromNode: false, sharedSegment: false })
    expect(reading.networks).toHaveLength(1)
  })
  test('fills in the defaults of both families', () => {
    expect(ranges(reading.networks[0])).toEqual([
      '0:10.244.1.1-10.244.1.254 gw 10.244.1.1 of 10.244.1.0/24',
      '1:fd00:10:244:1::1-fd00:10:244:1:ffff:ffff:ffff:ffff gw fd00:10:244:1::1 of fd00:10:244:1::/64',
    ])
  })
})

describe('who fills in ranges', () => {
  test('flannel: a bridge with host-local made at run time, with its own dataDir and legacy subnet', () => {
    const plain = readConfiguration(chain({ type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } }, { type: 'portmap' }), FILE)
    expect(plain.networks).toEqual([
      {
        name: 'pods',
        file: FILE,
        order: 0,
        type: 'flannel',
        ipam: 'host-local',
        dataDir: '/var/lib/cni/networks',
        ranges: [],
        rangesFromNode: true,
        sharedSegment: false,
      },
    ])
    expect(plain).toMatchObject({ plugins: ['flannel', 'portmap'], problems: [] })
    const own = readConfiguration(chain({ type: 'flannel', ipam: { dataDir: '/run/x', ranges: [[{ subnet: '10.1.0.0/24' }]] } }), FILE).networks[0]
    expect(own).toMatchObject({ ipam: 'host-local', dataDir: '/run/x', ranges: [], rangesFromNode: true })
    const legacy = readConfiguration(chain({ type: 'flannel', ipam: { subnet: '10.1.0.0/24' } }), FILE).networks[0]
    expect(ranges(legacy)).toEqual(['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'])
  })
  test('flannel with a delegate on a shared segment', () => {
    expect(readConfiguration(chain({ type: 'flannel', delegate: { type: 'macvlan' } }), FILE).networks[0]?.sharedSegment).toBe(true)
  })
  test.each(['usePodCidr', 'usePodCidrIPv6', 'USEPODCIDR'])('calico: %s in subnet and in ranges', (literal) => {
    for (const ipam of [{ subnet: literal }, { ranges: [[{ subnet: literal }]] }]) {
      const reading = readConfiguration(chain({ type: 'calico', ipam: { type: 'host-local', ...ipam } }), FILE)
      expect(reading.networks[0]).toMatchObject({ type: 'calico', ipam: 'host-local', ranges: [], rangesFromNode: true })
      expect(reading.problems).toEqual([])
    }
  })
  test('calico: a literal beside a written range keeps the set number', () => {
    const reading = readConfiguration(
      chain({ type: 'calico', ipam: { type: 'host-local', ranges: [[{ subnet: 'usePodCidr' }], [{ subnet: 'fd00::/120' }]] } }),
      FILE,
    )
    expect(reading.networks[0]?.rangesFromNode).toBe(true)
    expect(ranges(reading.networks[0])).toEqual(['1:fd00::1-fd00::ff gw fd00::1 of fd00::/120'])
  })
  test('antrea adds its ranges itself', () => {
    const reading = readConfiguration(chain({ type: 'antrea', ipam: { type: 'host-local' } }), FILE)
    expect(reading).toMatchObject({ problems: [], networks: [{ rangesFromNode: true, ipam: 'host-local' }] })
  })
})

describe('other allocators', () => {
  test.each(['calico-ipam', 'whereabouts', 'dhcp', 'static'])('%s is listed without ranges or directory', (type) => {
    const reading = readConfiguration(chain({ type: 'macvlan', ipam: { type, range: '10.1.0.0/24', subnet: '10.1.0.0/24' } }), FILE)
    expect(reading.problems).toEqual([])
    expect(reading.networks).toEqual([
      { name: 'pods', file: FILE, order: 0, type: 'macvlan', ipam: type, dataDir: '', ranges: [], rangesFromNode: false, sharedSegment: true },
    ])
  })
  test.each([{ type: 'cilium-cni' }, { type: 'cilium-cni', ipam: null }, { type: 'cilium-cni', ipam: {} }])('none: %j', (plugin) => {
    expect(readConfiguration(chain(plugin), FILE).networks).toMatchObject([{ name: 'pods', type: 'cilium-cni', ipam: '', dataDir: '', ranges: [] }])
  })
  test('every plugin of a chain that allocates is listed', () => {
    const reading = readConfiguration(
      chain(bridge({ type: 'host-local', subnet: '10.1.0.0/24' }), { type: 'macvlan', ipam: { type: 'host-local', subnet: '10.2.0.0/24' } }),
      FILE,
    )
    expect(reading.networks.map(({ type, order, name }) => [type, order, name])).toEqual([
      ['bridge', 0, 'pods'],
      ['macvlan', 0, 'pods'],
    ])
  })
})

test.each<[string, object, boolean]>([
  ['macvlan', { type: 'macvlan', master: 'eth0' }, true],
  ['ipvlan', { type: 'ipvlan' }, true],
  ['vlan', { type: 'vlan' }, true],
  ['host-device', { type: 'host-device' }, true],
  ['sriov', { type: 'sriov' }, true],
  ['ptp', { type: 'ptp' }, false],
  ['a bridge alone', { type: 'bridge' }, false],
  ['a bridge with VLAN filtering', { type: 'bridge', vlan: 100 }, true],
  ['a bridge with VLAN 0', { type: 'bridge', vlan: 0 }, false],
  ['a bridge with a VLAN trunk', { type: 'bridge', vlanTrunk: [{ id: 5 }] }, true],
  ['a bridge with VLAN filtering that is the gateway', { type: 'bridge', vlan: 100, isDefaultGateway: true }, false],
  ['a bridge with VLAN filtering that masquerades', { type: 'bridge', vlan: 100, ipMasq: true }, false],
  ['a bridge with a gateway elsewhere', { type: 'bridge', ipam: { ranges: [[{ subnet: '10.1.0.0/24', gateway: '10.1.0.254' }]] } }, true],
  ['a bridge with a route by another gateway', { type: 'bridge', ipam: { routes: [{ dst: '0.0.0.0/0', gw: '10.1.0.254' }] } }, true],
  ['a bridge with a plain route', { type: 'bridge', ipam: { routes: [{ dst: '0.0.0.0/0' }] } }, false],
  ['a bridge that is its own named gateway', { type: 'bridge', isGateway: true, ipam: { gateway: '10.1.0.254' } }, false],
])('shared segment: %s', (_, plugin, expected) => {
  const ipam = { type: 'host-local', subnet: '10.1.0.0/24', ...(plugin as { ipam?: object }).ipam }
  expect(readConfiguration(chain({ ...plugin, ipam }), FILE).networks[0]?.sharedSegment).toBe(expected)
})
