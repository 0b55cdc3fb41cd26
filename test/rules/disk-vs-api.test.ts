// DRF-503: configuration, flannel's file and allocation files of a node against its node object.
import { describe, expect, test } from 'vitest'
import type { InventoryPart, Node, Pod } from '../../src/model/inventory.ts'
import type { NodeState } from '../../src/model/node-state.ts'
import { parseCidr } from '../../src/net/index.ts'
import { diskVsApi as rule } from '../../src/rules/disk-vs-api.ts'
import { directory, file, inventory, modeIs, network, node, nodeState, pod } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const given = (nodes: readonly Node[], nodeStates: readonly NodeState[], pods: readonly Pod[] = [], rest: InventoryPart = {}) =>
  inventory({ nodes, nodeStates, pods, signals: [modeIs('nodeipam+host-local')], ...rest })

const n1 = node('n1', ['10.244.1.0/24'])
const conf = (...subnets: readonly string[]) => [network('podnet', subnets)]
const fromNode = [network('podnet', [], { rangesFromNode: true })]
const flannel = (...subnets: readonly string[]) => ({
  flannel: { networks: [parseCidr('10.244.0.0/16')], subnets: subnets.map(parseCidr), origin: 'nodes/n1/run/flannel/subnet.env' },
})
const cbr0 = [network('cbr0', [], { type: 'flannel', rangesFromNode: true })]
const store = (...names: readonly string[]) => [
  directory(
    'n1',
    'podnet',
    names.map((name) => file(name, `id-${name}`, 60)),
  ),
]

describe('flagged', () => {
  test.each([
    [
      'the conflist kept the range of an earlier life',
      given([n1], [nodeState('n1', conf('10.244.7.0/24'), [])]),
      ['high configured-range | 10.244.7.0/24 | n1'],
    ],
    [
      'both families: one finding for the node',
      given([node('n1', ['10.244.1.0/24', 'fd00:1::/64'])], [nodeState('n1', conf('10.244.7.0/24', 'fd00:7::/64'), [])]),
      ['high configured-range | 10.244.7.0/24 fd00:7::/64 | n1'],
    ],
    ['a range wider than the podCIDR', given([n1], [nodeState('n1', conf('10.244.0.0/16'), [])]), ['high configured-range | 10.244.0.0/16 | n1']],
    ['flannel’s subnet.env', given([n1], [nodeState('n1', cbr0, [], flannel('10.244.7.0/24'))]), ['high flannel-subnet | 10.244.7.0/24 | n1']],
    [
      'a file outside of every range with a live pod',
      given(
        [n1],
        [nodeState('n1', conf('10.244.1.0/24'), store('10.244.9.3', '10.244.9.2', '10.244.1.2'))],
        [pod('shop/b', 'n1', ['10.244.9.3']), pod('shop/a', 'n1', ['10.244.9.2']), pod('shop/c', 'n1', ['10.244.1.2'])],
      ),
      ['high outside-configured-ranges | 10.244.9.2 10.244.9.3 | n1 | shop/a shop/b'],
    ],
    [
      'in any mode, for the files',
      given([n1], [nodeState('n1', conf('10.244.1.0/24'), store('10.244.9.3'))], [pod('shop/b', 'n1', ['10.244.9.3'])], {
        signals: [modeIs('calico')],
      }),
      ['high outside-configured-ranges | 10.244.9.3 | n1 | shop/b'],
    ],
    [
      'the file follows from the wrong range of the node',
      given([n1], [nodeState('n1', conf('10.244.7.0/24'), store('10.244.1.9'))], [pod('shop/a', 'n1', ['10.244.1.9'])]),
      ['high configured-range | 10.244.7.0/24 | n1', 'low outside-configured-ranges | 10.244.1.9 | n1 | shop/a'],
    ],
    [
      'the wrong file comes first: CFG-601 is the cause',
      given(
        [n1, node('n2', ['10.244.2.0/24'])],
        [nodeState('n1', [network('containerd-net', ['10.88.0.0/16'])], []), nodeState('n2', conf('10.244.2.0/24'), [])],
      ),
      ['low configured-range | 10.88.0.0/16 | n1'],
    ],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })

  test('both sides are in the evidence', () => {
    const [finding] = findingsOf(rule, given([n1], [nodeState('n1', conf('10.244.7.0/24'), [])]))
    expect(finding?.evidence).toEqual([
      { source: 'nodes/n1/etc/cni/net.d/10-podnet.conflist', fact: 'network podnet has 10.244.7.0/24' },
      { source: 'cluster/nodes.json', fact: 'Node n1 has podCIDRs 10.244.1.0/24' },
    ])
  })
})

describe('silent', () => {
  test.each([
    ['the same range on both sides', given([n1], [nodeState('n1', conf('10.244.1.0/24'), [])])],
    ['a part of the podCIDR', given([n1], [nodeState('n1', conf('10.244.1.128/25'), [])])],
    ['usePodCidr', given([n1], [nodeState('n1', fromNode, [])])],
    ['flannel with the same subnet', given([n1], [nodeState('n1', cbr0, [], flannel('10.244.1.0/24'))])],
    [
      'flannel’s leftover file under a network with ranges of its own',
      given([n1], [nodeState('n1', conf('10.244.1.0/24'), [], flannel('10.244.7.0/24'))]),
    ],
    ['no podCIDRs on the node', given([node('n1', [])], [nodeState('n1', conf('10.244.7.0/24'), [])])],
    ['T11: a mode that does not use podCIDRs', given([n1], [nodeState('n1', conf('10.9.0.0/24'), [])], [], { signals: [modeIs('calico')] })],
    [
      'a file outside without a live pod is LEAK-201’s',
      given([n1], [nodeState('n1', conf('10.244.1.0/24'), store('10.244.9.2'))], [pod('shop/a', 'n2', ['10.244.9.2'])]),
    ],
    [
      'T1: a finished pod',
      given([n1], [nodeState('n1', conf('10.244.1.0/24'), store('10.244.9.2'))], [pod('shop/a', 'n1', ['10.244.9.2'], { phase: 'Failed' })]),
    ],
    [
      'another network than the default one',
      given([n1], [nodeState('n1', [...conf('10.244.1.0/24'), network('podman', ['10.88.0.0/16'], { order: 1 })], [])]),
    ],
    [
      'nodes that share a fixed range are DUP-103’s, files and all',
      given(
        [n1, node('n2', ['10.244.2.0/24'])],
        [nodeState('n1', conf('10.88.0.0/16'), store('10.244.1.9')), nodeState('n2', conf('10.88.0.0/16'), [])],
        [pod('shop/a', 'n1', ['10.244.1.9'])],
      ),
    ],
  ])('%s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  const what = 'ranges on disk against node objects'
  expect(gapsOf(rule, inventory({ nodes: [n1] }))).toEqual([`!${what}: the input holds no usable CNI configuration of any node`])
  expect(gapsOf(rule, inventory({ nodeStates: [nodeState('n1', conf('10.9.0.0/24'), [])] }))).toEqual([`!${what}: the input holds no nodes`])
  expect(
    gapsOf(rule, inventory({ nodes: [n1, node('n2', [])], nodeStates: [nodeState('n1', conf('10.9.0.0/24'), [])], signals: [modeIs('calico')] })),
  ).toEqual([
    `${what}: no usable CNI configuration of n2 in the input`,
    `${what}: the input holds no pods`,
    `${what}: mode calico takes no addresses from podCIDRs; only allocation files were compared`,
  ])
})
