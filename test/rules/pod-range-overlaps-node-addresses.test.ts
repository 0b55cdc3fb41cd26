import { describe, expect, it } from 'vitest'
import type { InventoryPart, Node } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { podRangeOverlapsNodeAddresses as rule } from '../../src/rules/pod-range-overlaps-node-addresses.ts'
import { block, clusterCidr, declared, guessedCidr, inMode, together } from '../cluster-ranges.ts'
import { node } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
const at = (name: string, range: string, ips: readonly string[], rest: Partial<Node> = {}): Node =>
  node(name, range === '' ? [] : [range], { addresses: ips.map((ip) => ({ type: 'InternalIP', address: parseAddress(ip) })), ...rest })

describe('OVL-302 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      'a node address in the range of another node, and no second finding for the pool',
      together(flannel, clusterCidr('10.0.0.0/8', 24), { nodes: [at('n1', '10.1.0.0/24', ['10.2.0.9']), at('n2', '10.2.0.0/24', ['192.168.0.2'])] }),
      ['critical [10.2.0.0/24 10.2.0.9] n1'],
    ],
    [
      'node addresses in a part of the pool that no node has yet, all nodes in one finding',
      together(flannel, clusterCidr('10.0.0.0/8', 24), { nodes: [at('n2', '10.2.0.0/24', ['10.9.0.11']), at('n1', '10.1.0.0/24', ['10.9.0.2'])] }),
      ['high [10.0.0.0/8 10.9.0.2 10.9.0.11] n1 n2'],
    ],
    [
      'both at once',
      together(flannel, clusterCidr('10.0.0.0/8', 24), {
        nodes: [at('n1', '10.1.0.0/24', ['10.1.0.5', 'fd00::1']), at('n2', '10.2.0.0/24', ['10.9.0.2'])],
      }),
      ['critical [10.1.0.0/24 10.1.0.5] n1', 'high [10.0.0.0/8 10.9.0.2] n2'],
    ],
    [
      'issued ranges alone, where the cluster CIDR is only a guess',
      together(flannel, guessedCidr('10.0.0.0/12', 24), { nodes: [at('n1', '10.1.0.0/24', ['10.2.0.9']), at('n2', '10.2.0.0/24', ['10.3.0.1'])] }),
      ['critical [10.2.0.0/24 10.2.0.9] n1'],
    ],
    [
      'a block of the allocator in force',
      together(inMode('calico'), { blocks: [block('calico', '192.168.4.0/26', 'n2')], nodes: [at('n1', '', ['192.168.4.7'])] }),
      ['critical [192.168.4.0/26 192.168.4.7] n1'],
    ],
    [
      'a declared node network in the pool',
      together(flannel, clusterCidr('10.0.0.0/8', 24), {
        declared: [declared('nodes', '10.9.0.0/16')],
        nodes: [at('n1', '10.1.0.0/24', ['192.168.0.1'])],
      }),
      ['high [10.0.0.0/8 10.9.0.0/16]'],
    ],
  ])('%s', (_, part, expected) => expect(brief(findings(rule, part))).toEqual(expected))

  it('names the owner of the range that swallows the node', () => {
    const part = together(flannel, { nodes: [at('n1', '10.1.0.0/24', ['10.2.0.9']), at('n2', '10.2.0.0/24', ['192.168.0.2'])] })
    expect(findings(rule, part)).toMatchObject([
      {
        owners: ['n2'],
        nodes: ['n1'],
        cause: 'issued',
        message: '1 node (n1) has its own address in 10.2.0.0/24, the pod range of n2: traffic to n1 goes to n2 instead',
      },
    ])
    expect(findings(rule, reversed(part))).toEqual(findings(rule, part))
  })
})

describe('OVL-302 is silent about', () => {
  it.each<[string, InventoryPart]>([
    [
      'nodes beside the pod range',
      together(flannel, clusterCidr('10.244.0.0/16', 24), { nodes: [at('n1', '10.244.0.0/24', ['10.245.0.1', '10.243.255.255'])] }),
    ],
    [
      'T11: podCIDRs that nobody uses',
      together(inMode('calico'), { nodes: [at('n1', '10.1.0.0/24', ['10.1.0.7'])], blocks: [block('node-cidr', '10.1.0.0/24', 'n1')] }),
    ],
    ['T18: VPC addresses', together(inMode('aws-vpc'), clusterCidr('10.0.0.0/8', 24), { nodes: [at('n1', '10.1.0.0/24', ['10.1.0.7'])] })],
    ['T18: VNet addresses', together(inMode('azure-flat'), clusterCidr('10.0.0.0/8', 24), { nodes: [at('n1', '10.1.0.0/24', ['10.1.0.7'])] })],
    ['a virtual node', together(flannel, { nodes: [at('n1', '10.1.0.0/24', ['192.168.0.1']), at('vk', '', ['10.1.0.7'], { virtual: true })] })],
    ['a guessed cluster CIDR', together(flannel, guessedCidr('10.0.0.0/8', 24), { nodes: [at('n1', '10.1.0.0/24', ['10.9.0.7'])] })],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('OVL-302 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      'T18: the node network is the pod network',
      together(inMode('aws-vpc'), { nodes: [at('n1', '', ['10.1.0.7'])] }),
      ['not applicable in mode aws-vpc: pods take addresses of the VPC subnets that nodes are in, by design'],
    ],
    ['no nodes', together(flannel, clusterCidr('10.0.0.0/8', 24)), ['node addresses are not known: the input holds no nodes']],
    [
      'nodes without addresses, and no cluster CIDR',
      together(flannel, { nodes: [at('n1', '10.1.0.0/24', []), at('n2', '10.2.0.0/24', ['192.168.0.1'])] }),
      ['the cluster CIDR is not known (IPv4): only the ranges issued to nodes were looked at', 'no InternalIP or ExternalIP is shown by n1'],
    ],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
