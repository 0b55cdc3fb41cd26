// DRF-502: one family missing or in the other order where the cluster is dual stack; silent in single-stack clusters.
import { describe, expect, test } from 'vitest'
import type { InventoryPart, Node, NodeAddress, Pod } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { familyMismatch as rule } from '../../src/rules/family-mismatch.ts'
import { declared, inventory, minutes, modeIs, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { found, gapsOf } from './run-one.ts'

const given = (nodes: readonly Node[], pods: readonly Pod[] = [], rest: InventoryPart = {}) =>
  inventory({ nodes, pods, signals: [modeIs('nodeipam+host-local')], ...rest })

const internal = (...texts: readonly string[]): { addresses: NodeAddress[] } => ({
  addresses: texts.map((text) => ({ type: 'InternalIP', address: parseAddress(text) })),
})
const dual = (i: number, rest: Partial<Node> = {}): Node => node(`n${i}`, [`10.244.${i}.0/24`, `fd00:10:244:${i}::/64`], rest)
const old = { startedAt: NOW - minutes(60) }

describe('flagged', () => {
  test.each([
    ['most nodes have both ranges, one has not', given([dual(1), dual(2), node('n3', ['10.244.3.0/24'])]), ['high no-ipv6-range |  | n3']],
    [
      'the pods are declared dual stack, no node has IPv6: one finding with all nodes',
      given([node('n1', ['10.244.1.0/24']), node('n2', ['10.244.2.0/24'])], [], {
        declared: [declared('pods', '10.244.0.0/16'), declared('pods', 'fd00:10:244::/56')],
      }),
      ['high no-ipv6-range |  | n1 n2'],
    ],
    [
      'the Services have two families',
      given([node('n1', ['fd00:10:244:1::/64'])], [], { declared: [declared('services', '10.96.0.0/16'), declared('services', 'fd00:10:96::/112')] }),
      ['high no-ipv4-range |  | n1'],
    ],
    [
      'an InternalIP that the others have, in a mode without node ranges too',
      given([dual(1, internal('192.0.2.1', '2001:db8::1')), dual(2, internal('192.0.2.2', '2001:db8::2')), dual(3, internal('192.0.2.3'))], [], {
        signals: [modeIs('calico')],
      }),
      ['high no-ipv6-internalip |  | n3'],
    ],
    [
      'the other order on one node',
      given([dual(1), dual(2), node('n3', ['fd00:10:244:3::/64', '10.244.3.0/24'])]),
      ['high other-order | fd00:10:244:3::/64 10.244.3.0/24 | n3'],
    ],
    [
      'old pods with one family on a node with both',
      given(
        [dual(1)],
        [
          pod('shop/b', 'n1', ['10.244.1.3'], old),
          pod('shop/a', 'n1', ['10.244.1.2'], old),
          pod('shop/c', 'n1', ['10.244.1.4', 'fd00:10:244:1::4'], old),
        ],
      ),
      ['high pod-lacks-family | 10.244.1.2 10.244.1.3 | n1 | shop/a shop/b'],
    ],
    [
      'low where the node’s configuration is the cause',
      given([dual(1), dual(2)], [pod('shop/a', 'n1', ['10.88.0.2'], old)], {
        nodeStates: ['n1', 'n2'].map((name) => nodeState(name, [network('containerd-net', ['10.88.0.0/16'])], [])),
      }),
      ['low pod-lacks-family | 10.88.0.2 | n1 | shop/a'],
    ],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })
})

describe('silent', () => {
  const v4 = [1, 2, 3].map((i) => node(`n${i}`, [`10.244.${i}.0/24`], internal(`192.0.2.${i}`, `2001:db8::${i}`)))
  test.each([
    ['single stack, with IPv6 addresses on the nodes', given([...v4, node('n4', ['10.244.4.0/24'], internal('192.0.2.4'))])],
    ['single stack with one node of both families', given([...v4, dual(9)])],
    [
      'dual stack, all there',
      given([dual(1, internal('192.0.2.1')), dual(2, internal('192.0.2.2'))], [pod('shop/a', 'n1', ['10.244.1.2', 'fd00:10:244:1::2'])]),
    ],
    ['host-network pods', given([dual(1)], [pod('shop/a', 'n1', ['192.0.2.1'], { ...old, hostNetwork: true })])],
    ['finished pods', given([dual(1)], [pod('shop/a', 'n1', ['10.244.1.2'], { ...old, phase: 'Succeeded' })])],
    ['a pod younger than the grace', given([dual(1)], [pod('shop/a', 'n1', ['10.244.1.2'], { startedAt: NOW - minutes(5) })])],
    [
      'a pod on a node with one range',
      given([dual(1), dual(2), node('n3', ['10.244.3.0/24'], { deletedAt: NOW })], [pod('shop/a', 'n3', ['10.244.3.2'], old)]),
    ],
    ['a node without any range is CAP-401’s', given([dual(1), dual(2), node('n3', [])])],
    [
      'T11: ranges that Calico does not use',
      given([dual(1), dual(2), node('n3', ['10.244.3.0/24'])], [pod('shop/a', 'n1', ['10.9.0.2'], old)], { signals: [modeIs('calico')] }),
    ],
  ])('%s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  expect(gapsOf(rule, inventory({ pods: [] }))).toEqual(['!address families: the input holds no nodes'])
  expect(gapsOf(rule, inventory({ nodes: [dual(1)], signals: [modeIs('nodeipam+host-local')] }))).toEqual([
    'address families of pods: the input holds no pods',
  ])
  expect(gapsOf(rule, given([dual(1)], [], { signals: [modeIs('calico')] }))).toEqual([
    'address families of ranges and pods: mode calico takes no addresses from podCIDRs',
  ])
  expect(gapsOf(rule, given([node('n1', ['10.244.1.0/24'])], [], { signals: [modeIs('calico')] }))).toEqual([])
})
