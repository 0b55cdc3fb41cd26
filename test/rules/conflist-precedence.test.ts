// CFG-601: which file wins, and when that is a fault.
import { describe, expect, test } from 'vitest'
import type { NodeNetwork, NodeState } from '../../src/model/node-state.ts'
import { conflistPrecedence as rule } from '../../src/rules/conflist-precedence.ts'
import { inventory, network, node, nodeState } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

type ConfigFile = NodeState['configFiles'][number]
const conf = (name: string, net: string | undefined, type = 'bridge', error?: string): ConfigFile => ({
  name: `etc/cni/net.d/${name}`,
  network: net,
  type,
  error,
})
const podnet = conf('20-podnet.conflist', 'podnet')
const sample = conf('10-containerd-net.conflist', 'containerd-net')
const podman = conf('87-podman-bridge.conflist', 'podman')

/** The first file is the default network, with ranges of its own for each node. */
function state(name: string, files: readonly ConfigFile[], subnet?: string): NodeState {
  const networks = files.flatMap((file, order): NodeNetwork[] =>
    file.network === undefined ? [] : [network(file.network, order === 0 && subnet !== undefined ? [subnet] : [], { file: file.name, order })],
  )
  return nodeState(name, networks, [], { configFiles: files })
}
const given = (...nodeStates: readonly NodeState[]) => inventory({ nodeStates })

describe('flagged', () => {
  test.each([
    ['a sample before the real file on one node', given(state('n1', [sample, podnet], '10.88.0.0/16')), ['high runtime-sample | 10.88.0.0/16 | n1']],
    [
      'a sample alone, while other nodes use another network',
      given(state('n1', [sample], '10.88.0.0/16'), state('n2', [podnet], '10.244.2.0/24')),
      ['high runtime-sample | 10.88.0.0/16 | n1'],
    ],
    [
      'CRI-O’s and podman’s samples',
      given(
        state('n1', [conf('11-crio-ipv4-bridge.conflist', 'crio'), podnet], '10.85.0.0/16'),
        state('n2', [conf('05-podman.conflist', 'podman'), podnet], '10.88.0.0/16'),
      ),
      ['high runtime-sample | 10.85.0.0/16 | n1', 'high runtime-sample | 10.88.0.0/16 | n2'],
    ],
    [
      'a leftover before the network of the other nodes',
      given(state('n1', [conf('10-old.conf', 'old'), podnet]), state('n2', [podnet]), state('n3', [podnet])),
      ['high shadowed |  | n1'],
    ],
    [
      'nodes with the same leftover are one finding',
      given(
        ...['n1', 'n2'].map((name) => state(name, [conf('10-old.conf', 'old'), podnet])),
        ...['n3', 'n4', 'n5'].map((name) => state(name, [podnet])),
      ),
      ['high shadowed |  | n1 n2'],
    ],
    [
      'a file before 00-multus',
      given(state('n1', [conf('00-cilium.conflist', 'cilium'), conf('00-multus.conf', 'multus-cni-network', 'multus')])),
      ['high shadowed |  | n1'],
    ],
    [
      'Windows nodes are compared among themselves',
      inventory({
        nodes: [node('w1', [], { os: 'windows' })],
        nodeStates: [state('w1', [conf('10-win.conf', 'win'), podnet]), state('n2', [podnet]), state('n3', [podnet])],
      }),
      ['low several-files |  | w1'],
    ],
    [
      'Multus’s own folder, which sorts before the runtime’s, is not taken for it',
      given(state('n1', [{ ...conf('x', 'vlan7'), name: 'etc/cni/multus/net.d/10-vlan7.conf' }, sample, podnet])),
      ['high runtime-sample |  | n1'],
    ],
    ['several files on a single node', given(state('n1', [podnet, podman])), ['low several-files |  | n1']],
    [
      'two nodes that disagree prove nothing',
      given(state('n1', [conf('10-old.conf', 'old'), podnet]), state('n2', [podnet])),
      ['low several-files |  | n1'],
    ],
    [
      'another network than the other nodes, which is not even there',
      given(state('n1', [conf('10-b.conflist', 'b'), podman]), state('n2', [podnet]), state('n3', [podnet])),
      ['low several-files |  | n1'],
    ],
    [
      'a sample before the real file, also where several nodes hand out its range',
      given(state('n1', [sample, podnet], '10.88.0.0/16'), state('n2', [sample, podnet], '10.88.0.0/16')),
      ['high runtime-sample | 10.88.0.0/16 | n1 n2'],
    ],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })

  test('the message names the files in order', () => {
    expect(findingsOf(rule, given(state('n1', [sample, podnet]), state('n2', [podnet]))).map(({ message }) => message)).toEqual([
      'on n1 the runtime takes 10-containerd-net.conflist (network containerd-net) before 20-podnet.conflist, a sample with a fixed range of its own; most other nodes use podnet',
    ])
  })
})

describe('silent', () => {
  const broken = conf('05-broken.conflist', 'old', 'bridge', 'no plugins')
  test.each([
    ['one file on each node', given(state('n1', [podnet]), state('n2', [podnet]))],
    ['several files, and all nodes agree on the first', given(state('n1', [podnet, podman]), state('n2', [podnet, podman]))],
    [
      '00-multus first',
      given(state('n1', [conf('00-multus.conf', 'multus-cni-network', 'multus'), podnet]), state('n2', [podnet]), state('n3', [podnet])),
    ],
    ['a loopback beside it', given(state('n1', [podnet, conf('99-loopback.conf', 'lo', 'loopback')]))],
    ['a broken file is no rival', given(state('n1', [broken, podnet]))],
    ['Multus’s own folder is another one', given(state('n1', [podnet, { ...conf('x', 'vlan7'), name: 'etc/cni/multus/net.d/10-vlan7.conf' }]))],
    ['a single sample on a single node', given(state('n1', [sample], '10.88.0.0/16'))],
    [
      'node pools with a network of their own and one file',
      given(state('n1', [conf('10-b.conflist', 'b')]), state('n2', [podnet]), state('n3', [podnet])),
    ],
    [
      'containerd’s template with the node’s own range',
      inventory({
        nodes: [node('n1', ['10.244.1.0/24'])],
        nodeStates: [state('n1', [sample], '10.244.1.0/24'), state('n2', [podnet])],
      }),
    ],
    [
      'a sample alone with one range on several nodes is DUP-103’s',
      given(state('n1', [sample], '10.88.0.0/16'), state('n2', [sample], '10.88.0.0/16')),
    ],
  ])('%s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  expect(gapsOf(rule, inventory({ nodes: [node('n1', [])] }))).toEqual([
    '!order of CNI configurations: the input holds no usable CNI configuration of any node',
  ])
  expect(gapsOf(rule, given(state('n1', [podnet])))).toEqual([])
})
