import { describe, expect, it } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { externalNetworkOverlap as rule } from '../../src/rules/external-network-overlap.ts'
import { block, clusterCidr, guessedCidr, inMode, outside, serviceCidr, together } from '../cluster-ranges.ts'
import { node, service } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const vpn = (text: string, rest: Parameters<typeof outside>[3] = {}): InventoryPart =>
  outside('external', 'VPN', text, { origin: 'external/n.csv:2', ...rest })
const base = together(inMode('nodeipam+host-local'), clusterCidr('10.244.0.0/16', 24), serviceCidr('10.96.0.0/16'))
const nodes = (...ranges: string[]): InventoryPart => ({ nodes: ranges.map((range, i) => node(`n${i + 1}`, [range])) })

describe('OVL-304 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['a network inside the pod range', together(base, vpn('10.244.7.0/24')), ['high [10.244.7.0/24 10.244.0.0/16]']],
    ['a network around the pod range', together(base, vpn('10.128.0.0/9')), ['high [10.128.0.0/9 10.244.0.0/16]']],
    ['one host behind a Service range', together(base, vpn('10.96.3.4/32')), ['high [10.96.3.4 10.96.0.0/16]']],
    ['each range that it meets', together(base, vpn('10.0.0.0/8')), ['high [10.0.0.0/8 10.244.0.0/16]', 'high [10.0.0.0/8 10.96.0.0/16]']],
    [
      'node ranges where nobody states what they were cut from, all in one',
      together(inMode('nodeipam+host-local'), guessedCidr('10.244.0.0/22', 24), nodes('10.244.0.0/24', '10.244.2.0/24'), vpn('10.244.0.0/14')),
      ['high [10.244.0.0/14 10.244.0.0/24 10.244.2.0/24] n1 n2'],
    ],
    [
      'blocks of the allocator in force',
      together(inMode('calico'), { blocks: [block('calico', '10.3.7.64/26', 'n1')] }, vpn('10.3.0.0/16')),
      ['high [10.3.0.0/16 10.3.7.64/26] n1'],
    ],
    [
      'T13: the ends of a range as they are',
      together(base, ...['10.244.0.6/31', '10.244.0.8/32'].map((text) => vpn(text))),
      ['high [10.244.0.6-10.244.0.8 10.244.0.0/16]'],
    ],
    ['IPv6', together(inMode('calico'), clusterCidr('fd00:10::/56', 64), vpn('fd00::/8')), ['high [fd00::/8 fd00:10::/56]']],
    [
      'a network that a second list has too, once',
      together(base, vpn('10.244.7.0/24'), vpn('10.244.7.0/24', { origin: 'b' })),
      ['high [10.244.7.0/24 10.244.0.0/16]'],
    ],
    [
      'a register’s entry that equals the cluster’s range, low',
      together(base, vpn('10.244.0.0/16', { fromRegister: true })),
      ['low [10.244.0.0/16]'],
    ],
  ])('%s', (_, part, expected) => expect(brief(findings(rule, part))).toEqual(expected))

  it('names the entry and its line', () => {
    const [found] = findings(rule, base, vpn('10.244.7.0/24', { what: 'vpn' }))
    expect(found).toMatchObject({ confidence: 'certain', cause: 'pods', fix: { playbook: 'R12' } })
    expect(found?.message).toContain('network "VPN" 10.244.7.0/24 (vpn) overlaps pod range 10.244.0.0/16')
    expect(found?.evidence[0]).toEqual({ source: 'external/n.csv:2', fact: '"VPN" is 10.244.7.0/24 (vpn)' })
  })

  it('is possible only for a register’s own entry and for a guessed Service range', () => {
    const guessed = together(inMode('calico'), { services: [service('a/x', ['10.96.9.1']), service('a/y', ['10.96.9.6'])] }, vpn('10.96.9.0/24'))
    expect(findings(rule, guessed)).toMatchObject([{ confidence: 'possible', severity: 'high' }])
    expect(findings(rule, base, vpn('10.244.0.0/16', { fromRegister: true }))).toMatchObject([{ confidence: 'possible' }])
  })

  it('is the same whatever the order of the input', () => {
    const part = together(base, vpn('10.0.0.0/8'), vpn('10.244.9.0/24', { origin: 'z' }))
    expect(findings(rule, reversed(part))).toEqual(findings(rule, part))
  })
})

describe('OVL-304 is silent about', () => {
  const inVpc = (mode: 'aws-vpc' | 'azure-flat' | 'calico') =>
    together(inMode(mode), clusterCidr('10.1.0.0/16', 24), vpn('10.0.0.0/8'), {
      nodes: [node('n1', [], { addresses: [{ type: 'InternalIP', address: parseAddress('10.1.0.9') }] })],
    })
  it.each<[string, InventoryPart]>([
    ['ranges that only touch', together(base, vpn('10.245.0.0/16'), vpn('10.243.0.0/16'))],
    ['what nobody routes to', together(base, vpn('10.0.0.0/8', { reachable: false }))],
    ['T16: other clusters', together(base, outside('connected-cluster', 'pods of west', '10.244.0.0/16'))],
    ['bridges of engines on nodes', together(base, outside('host-bridge', 'docker bridge', '10.244.0.0/16', { node: 'n1' }))],
    ['T18: the network of the nodes with ENI plugins', inVpc('aws-vpc')],
    ['T18: the same with a flat VNet', inVpc('azure-flat')],
    ['T11: podCIDRs that nobody uses', together(inMode('calico'), serviceCidr('10.96.0.0/16'), nodes('10.3.0.0/24'), vpn('10.3.0.0/16'))],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))

  it('T18 is about these plugins only', () => expect(findings(rule, inVpc('calico'))).toHaveLength(1))
})

describe('OVL-304 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['no list', base, ['no network outside the cluster is known: list them in the bundle’s external/ or with --external FILE']],
    ['no range', together(inMode('calico'), vpn('10.8.0.0/16')), ['no pod range and no Service range is known']],
    [
      'networks of VRFs',
      together(base, vpn('10.8.0.0/16', { vrf: 'blue', reachable: false }), vpn('10.9.0.0/16', { vrf: 'red', reachable: false, origin: 'b' })),
      ['2 networks of VRF blue, red could be anywhere and were not compared'],
    ],
    ['nothing is missing', together(base, vpn('10.8.0.0/16')), []],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
