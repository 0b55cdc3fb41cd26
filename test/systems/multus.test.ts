import { describe, expect, test } from 'vitest'
import { formatRange } from '../../src/net/index.ts'
import { multus } from '../../src/systems/multus.ts'
import { object, parsed } from './parse.ts'

const nad = (config: unknown, name = 'lan') =>
  object('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', {
    metadata: { name, namespace: 'shop', uid: name },
    spec: config === undefined ? {} : { config: typeof config === 'string' ? config : JSON.stringify(config) },
  })

const macvlan = (ipam: object, rest: object = {}) => ({ cniVersion: '0.3.1', name: 'lan', type: 'macvlan', master: 'eth1', ipam, ...rest })

function shown(config: unknown): string {
  const [attachment] = parsed(multus, [nad(config)]).attachments ?? []
  if (attachment === undefined) return 'none'
  const { network, domain, plugin, ipam, ranges, shared, segment } = attachment
  return [network, domain, plugin || '-', ipam || '-', ranges.map(formatRange).join(',') || '-', shared ? 'shared' : 'own', segment ?? '-'].join(' ')
}

describe('a definition says who allocates, where, and in which domain', () => {
  test.each<[string, unknown, string]>([
    [
      'host-local on macvlan',
      macvlan({ type: 'host-local', ranges: [[{ subnet: '10.60.0.0/24', rangeStart: '10.60.0.10', rangeEnd: '10.60.0.20' }]] }),
      'lan shop/lan macvlan host-local 10.60.0.10-10.60.0.20 shared eth1',
    ],
    [
      'whereabouts with bounds and exclusions',
      macvlan({ type: 'whereabouts', range: '10.60.0.0/24', range_start: '10.60.0.8', range_end: '10.60.0.15', exclude: ['10.60.0.12/32'] }),
      'lan whereabouts macvlan whereabouts 10.60.0.8/30,10.60.0.13-10.60.0.15 shared eth1',
    ],
    [
      'whereabouts with a network name',
      macvlan({ type: 'whereabouts', range: '10.60.0.0/30', network_name: 'red' }, { vlan: 7 }),
      'lan whereabouts:red macvlan whereabouts 10.60.0.1-10.60.0.2 shared eth1.7',
    ],
    [
      'static',
      macvlan({ type: 'static', addresses: [{ address: '10.60.0.9/24' }, { address: 'fd00:60::9/64' }] }),
      'lan shop/lan macvlan static 10.60.0.9,fd00:60::9 shared eth1',
    ],
    ['dhcp', macvlan({ type: 'dhcp' }), 'lan shop/lan macvlan dhcp - shared eth1'],
    [
      'a list of plugins',
      { cniVersion: '1.0.0', name: 'l', plugins: [macvlan({ type: 'dhcp' }), { type: 'tuning' }] },
      'l shop/lan macvlan dhcp - shared eth1',
    ],
    [
      'a bridge without an uplink',
      { name: 'b', type: 'bridge', bridge: 'br0', isGateway: true, ipam: { type: 'host-local', subnet: '10.60.0.0/24' } },
      'b shop/lan bridge host-local 10.60.0.1-10.60.0.254 own br0',
    ],
    [
      'no name: Multus takes that of the object',
      { type: 'macvlan', master: 'eth1', ipam: { type: 'dhcp' } },
      'lan shop/lan macvlan dhcp - shared eth1',
    ],
    [
      'OVN-Kubernetes',
      { name: 'blue', type: 'ovn-k8s-cni-overlay', topology: 'layer3', subnets: '10.100.0.0/16/24' },
      'blue blue ovn-k8s-cni-overlay - 10.100.0.0/16 shared -',
    ],
    ['no configuration: it lies on the nodes', undefined, 'shop/lan shop/lan - - - own -'],
    ['an empty one', '', 'shop/lan shop/lan - - - own -'],
  ])('%s', (_, config, expected) => expect(shown(config)).toBe(expected))
})

describe('what cannot be read is said', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{"name": "lan",', 'NetworkAttachmentDefinition shop/lan: spec.config: not valid JSON'],
    ['a list', '[]', 'NetworkAttachmentDefinition shop/lan: spec.config: holds an empty list'],
    ['no plugin', '{"name": "lan"}', 'NetworkAttachmentDefinition shop/lan: spec.config: has no plugin type'],
  ])('%s', (_, config, start) => {
    const part = parsed(multus, [nad(config), nad(macvlan({ type: 'dhcp' }), 'good')])
    expect(part.problems?.map(({ kind, message }) => `${kind} ${message}`)).toEqual([expect.stringContaining(`unreadable ${start}`)])
    expect(part.coverage?.map(({ source, status, read }) => `${source} ${status} ${read}`)).toEqual(['network-attachment-definitions partial 2'])
    expect(part.attachments?.map(({ id }) => id)).toEqual(['shop/good'])
  })

  test('a configuration that is no text at all', () => {
    const document = object('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', {
      metadata: { name: 'x', namespace: 'shop' },
      spec: { config: { type: 'macvlan' } },
    })
    expect(parsed(multus, [document]).problems?.[0]?.message).toContain('spec.config is not a string')
  })

  test('faults of ranges in it', () => {
    const part = parsed(multus, [nad(macvlan({ type: 'host-local', subnet: '10.60.0.0/31' }))])
    expect(part.problems?.map(({ kind }) => kind)).toEqual(['wrong-range'])
  })
})
