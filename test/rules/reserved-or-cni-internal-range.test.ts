import { describe, expect, it } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { reservedOrCniInternalRange as rule } from '../../src/rules/reserved-or-cni-internal-range.ts'
import { clusterCidr, guessedCidr, inMode, outside, serviceCidr, together } from '../cluster-ranges.ts'
import { node } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')

describe('OVL-306 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['link-local pods', together(flannel, clusterCidr('169.254.0.0/16', 24)), ['critical [169.254.0.0/16]']],
    ['Services in multicast space', together(flannel, serviceCidr('224.0.0.0/16')), ['critical [224.0.0.0/16]']],
    [
      'loopback inside a wide range, once and as the worst of all that it touches',
      together(flannel, clusterCidr('64.0.0.0/2', 24)),
      ['critical [64.0.0.0/2]'],
    ],
    ['240/4', together(flannel, clusterCidr('240.0.0.0/8', 24)), ['high [240.0.0.0/8]']],
    ['documentation space', together(flannel, clusterCidr('2001:db8:1::/48', 64)), ['high [2001:db8:1::/48]']],
    ['shared space', together(flannel, clusterCidr('100.64.0.0/16', 24)), ['info [100.64.0.0/16]']],
    ['172.15/16, mistaken for private', together(flannel, clusterCidr('172.15.0.0/16', 24)), ['high [172.15.0.0/16]']],
    ['a private range that reaches into public space', together(flannel, clusterCidr('172.0.0.0/8', 24)), ['high [172.0.0.0/8]']],
    ["OVN-Kubernetes' join network", together(inMode('ovn-k'), clusterCidr('100.64.0.0/14', 23)), ['critical [100.64.0.0/14]']],
    ["Kube-OVN's join network", together(inMode('kube-ovn'), serviceCidr('100.64.8.0/24')), ['critical [100.64.8.0/24]']],
    [
      'node ranges together where the cluster CIDR is only a guess',
      together(flannel, guessedCidr('100.64.0.0/23', 24), {
        nodes: [node('n2', ['100.64.1.0/24']), node('n1', ['100.64.0.0/24']), node('n3', ['10.1.0.0/24'])],
      }),
      ['info [100.64.0.0/24 100.64.1.0/24] n1 n2'],
    ],
    [
      'a node range outside the declared range, beside it',
      together(flannel, clusterCidr('100.64.0.0/16', 24), { nodes: [node('n1', ['100.64.0.0/24']), node('n2', ['11.0.0.0/24'])] }),
      ['high [11.0.0.0/24] n2', 'info [100.64.0.0/16]'],
    ],
  ])('%s', (_, part, expected) => expect(brief(findings(rule, part))).toEqual(expected))

  it('names the cause, and every space that is touched', () => {
    const part = together(inMode('ovn-k'), clusterCidr('100.64.0.0/16', 23), serviceCidr('172.30.0.0/16'))
    expect(findings(rule, part)).toMatchObject([
      {
        cause: 'cni-internal',
        confidence: 'likely',
        evidence: [
          { source: 'cluster/pods.json', fact: 'flag --cluster-cidr is 100.64.0.0/16' },
          { source: 'special-use table', fact: '100.64.0.0/16 is the join network of OVN-Kubernetes' },
          { source: 'special-use table', fact: '100.64.0.0/10 is shared address space, also used by carriers, overlay VPNs and some CNIs' },
        ],
      },
    ])
    expect(findings(rule, reversed(part))).toEqual(findings(rule, part))
  })

  it('is surer of public IPv4 space than of public IPv6 space', () => {
    expect(findings(rule, flannel, clusterCidr('11.0.0.0/8', 24))).toMatchObject([{ cause: 'public', confidence: 'likely' }])
    expect(findings(rule, flannel, clusterCidr('2a01:4f8:1::/56', 64))).toMatchObject([{ cause: 'public', confidence: 'possible' }])
  })
})

describe('OVL-306 is silent about', () => {
  const v6node = node('n1', [], { addresses: [{ type: 'InternalIP', address: parseAddress('2a01:4f8:1:ff::5') }] })
  it.each<[string, InventoryPart]>([
    [
      'private space',
      together(
        flannel,
        clusterCidr('10.244.0.0/16', 24),
        clusterCidr('fd00:10:244::/56', 64),
        serviceCidr('172.31.0.0/16'),
        serviceCidr('192.168.0.0/16', 'more'),
      ),
    ],
    ['another CNI’s internal networks', together(inMode('calico'), serviceCidr('10.96.0.0/16'), clusterCidr('172.20.0.0/24', 26))],
    [
      'public space declared as not reached',
      together(flannel, clusterCidr('11.0.0.0/9', 24), outside('external', 'ours', '11.0.0.0/8', { reachable: false })),
    ],
    ['public IPv6 space of the nodes’ own site', together(flannel, clusterCidr('2a01:4f8:1::/56', 64), { nodes: [v6node] })],
    ['the Service range that GKE gives out', together(flannel, serviceCidr('34.118.224.0/20'))],
    ['T11: podCIDRs that nobody uses', together(inMode('calico'), serviceCidr('10.96.0.0/16'), { nodes: [node('n1', ['100.64.1.0/24'])] })],
    ['a guessed cluster CIDR', together(flannel, guessedCidr('10.0.0.0/7', 24), { nodes: [node('n1', ['10.1.0.0/24'])] })],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('OVL-306 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['nothing known', together(inMode('calico')), ['no pod range and no Service range is known']],
    ['no pod range', together(inMode('calico'), serviceCidr('10.96.0.0/16')), ['no pod range is known']],
    ['no Service range', together(flannel, clusterCidr('10.244.0.0/16', 24)), ['the service range is not known']],
    [
      'no cluster CIDR',
      together(flannel, serviceCidr('10.96.0.0/16'), { nodes: [node('n1', ['10.244.0.0/24', 'fd00::/64'])] }),
      ['the cluster CIDR is not known (IPv4, IPv6): only the ranges issued to nodes were looked at'],
    ],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
