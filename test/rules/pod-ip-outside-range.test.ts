// DRF-504: live pods outside of their node's range, and which of them another finding explains.
import { describe, expect, test } from 'vitest'
import type { InventoryPart, Node, Pod } from '../../src/model/inventory.ts'
import { parseCidr } from '../../src/net/index.ts'
import { podIpOutsideRange as rule } from '../../src/rules/pod-ip-outside-range.ts'
import { declared, directory, file, inventory, modeIs, network, node, nodeState, pod } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const two = [node('n1', ['10.244.1.0/24']), node('n2', ['10.244.2.0/24'])]
const cluster = { declared: [declared('pods', '10.244.0.0/16')] }
const given = (nodes: readonly Node[], pods: readonly Pod[], rest: InventoryPart = {}) =>
  inventory({ nodes, pods, signals: [modeIs('nodeipam+host-local')], ...rest })
const sample = (name: string) => nodeState(name, [network('containerd-net', ['10.88.0.0/16'])], [])

describe('flagged', () => {
  test.each([
    ['in the range of another node', given(two, [pod('shop/a', 'n1', ['10.244.2.9'])]), ['high outside-node-range | 10.244.2.9 | n1 | shop/a']],
    [
      'in the cluster CIDR, and in no node range',
      given(two, [pod('shop/a', 'n1', ['10.244.9.9'])], cluster),
      ['high outside-node-range | 10.244.9.9 | n1 | shop/a'],
    ],
    [
      'outside of everything known',
      given(two, [pod('shop/a', 'n1', ['10.88.0.2'])], cluster),
      ['critical outside-every-pool | 10.88.0.2 | n1 | shop/a'],
    ],
    [
      'one finding for each node and severity, addresses in order',
      given(
        two,
        [
          pod('shop/a', 'n1', ['10.88.0.10']),
          pod('shop/b', 'n1', ['10.88.0.9']),
          pod('shop/c', 'n1', ['10.244.2.7']),
          pod('shop/d', 'n2', ['10.88.0.9']),
        ],
        cluster,
      ),
      [
        'critical outside-every-pool | 10.88.0.9 10.88.0.10 | n1 | shop/b shop/a',
        'critical outside-every-pool | 10.88.0.9 | n2 | shop/d',
        'high outside-node-range | 10.244.2.7 | n1 | shop/c',
      ],
    ],
    [
      'one family of a dual-stack pod',
      given([node('n1', ['10.244.1.0/24', 'fd00:1::/64'])], [pod('shop/a', 'n1', ['10.244.1.2', 'fd00:2::2'])]),
      ['critical outside-every-pool | fd00:2::2 | n1 | shop/a'],
    ],
    [
      'a pending pod with an address',
      given(two, [pod('shop/a', 'n1', ['10.244.2.9'], { phase: 'Pending' })]),
      ['high outside-node-range | 10.244.2.9 | n1 | shop/a'],
    ],
    [
      'DUP-103 explains it',
      given(two, [pod('shop/a', 'n1', ['10.88.0.2'])], { nodeStates: [sample('n1'), sample('n2')] }),
      ['low range-of-the-node-is-wrong | 10.88.0.2 | n1 | shop/a'],
    ],
    [
      'DRF-503 explains it: the node’s own fixed range',
      given(two, [pod('shop/a', 'n1', ['10.244.7.2'])], { nodeStates: [nodeState('n1', [network('podnet', ['10.244.7.0/24'])], [])] }),
      ['low range-of-the-node-is-wrong | 10.244.7.2 | n1 | shop/a'],
    ],
    [
      'DRF-503 explains it: a file outside of the configured range',
      given(two, [pod('shop/a', 'n1', ['10.244.7.2'])], {
        nodeStates: [nodeState('n1', [network('podnet', ['10.244.1.0/24'])], [directory('n1', 'podnet', [file('10.244.7.2', 'x', 60)])])],
      }),
      ['low range-of-the-node-is-wrong | 10.244.7.2 | n1 | shop/a'],
    ],
    [
      'a pod that the node’s wrong range does not explain',
      given(two, [pod('shop/a', 'n1', ['10.99.0.2'])], { nodeStates: [sample('n1'), sample('n2')] }),
      ['critical outside-every-pool | 10.99.0.2 | n1 | shop/a'],
    ],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })

  test.each([
    ['DUP-103', [sample('n1'), sample('n2')]],
    ['CFG-601', [sample('n1'), nodeState('n2', [network('podnet', ['10.244.2.0/24'])], [])]],
    ['DRF-503', [nodeState('n1', [network('podnet', ['10.88.0.0/16'])], [])]],
    [
      'DRF-503',
      [
        nodeState('n1', [network('cbr0', [], { type: 'flannel', rangesFromNode: true })], [], {
          flannel: { networks: [], subnets: [parseCidr('10.88.0.0/16')], origin: 'nodes/n1/run/flannel/subnet.env' },
        }),
      ],
    ],
  ])('the message names the cause: %s', (cause, nodeStates) => {
    const [finding] = findingsOf(rule, given(two, [pod('shop/a', 'n1', ['10.88.0.2'])], { nodeStates }))
    expect(finding?.message).toBe(`1 live pod on n1 has an address outside of its range 10.244.1.0/24: 10.88.0.2 (follows from ${cause})`)
  })
})

describe('silent', () => {
  test.each([
    ['in the node’s range', given(two, [pod('shop/a', 'n1', ['10.244.1.2'])])],
    ['T11: Calico', given(two, [pod('shop/a', 'n1', ['10.99.0.2'])], { signals: [modeIs('calico')] })],
    ['T18: cloud CNI', given(two, [pod('shop/a', 'n1', ['192.0.2.9'])], { signals: [modeIs('aws-vpc')] })],
    [
      'T1: finished pods',
      given(two, [pod('shop/a', 'n1', ['10.99.0.2'], { phase: 'Succeeded' }), pod('shop/b', 'n1', ['10.99.0.3'], { phase: 'Failed' })]),
    ],
    ['host-network pods', given(two, [pod('shop/a', 'n1', ['192.0.2.1'], { hostNetwork: true })])],
    ['a node without a range', given([node('n1', [])], [pod('shop/a', 'n1', ['10.99.0.2'])])],
    ['a family that the node has no range of', given(two, [pod('shop/a', 'n1', ['10.244.1.2', 'fd00::2'])])],
    ['a pod without a node', given(two, [pod('shop/a', undefined, ['10.99.0.2'])])],
    [
      'secondary networks',
      given(two, [
        pod('shop/a', 'n1', ['10.244.1.2'], { interfaces: [{ network: 'shop/vlan7', name: 'net1', addresses: [{ family: 4, value: 99n }] }] }),
      ]),
    ],
  ])('%s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  const what = 'pod addresses against node ranges'
  expect(gapsOf(rule, inventory({ pods: [] }))).toEqual([`!${what}: the input holds no nodes`])
  expect(gapsOf(rule, given(two, [], { signals: [modeIs('cilium-cluster-pool')] }))).toEqual([
    `!${what}: mode cilium-cluster-pool takes none from podCIDRs`,
  ])
  expect(gapsOf(rule, given(two, [], { signals: [modeIs('calico')] }))).toEqual([
    '!pod addresses against the pools of Calico: the input holds no ippools',
  ])
  expect(gapsOf(rule, given(two, [], { signals: [] }))).toEqual([`!${what}: nothing says which system hands out the addresses`])
  expect(gapsOf(rule, given(two, [pod('shop/a', 'n7', ['10.244.7.2'])]))).toEqual([`${what}: the input holds no node object of n7`])
  expect(gapsOf(rule, given(two, [pod('shop/a', 'n1', ['10.244.1.2'])]))).toEqual([])
})
