// DUP-103: what two nodes share by configuration is one finding for each connected group, and one node alone shares nothing.
import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import type { NodeState } from '../../src/model/node-state.ts'
import { nodeLocalIpamOnSharedRange as rule } from '../../src/rules/node-local-ipam-on-shared-range.ts'
import { directory, file, inventory, network, node, nodeState, pod } from '../inventory.ts'
import { attachment, on } from '../stores.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'
import { shown } from './violations.ts'

const fixed = (name: string, subnets: readonly string[], files: readonly string[] = []): NodeState =>
  nodeState(
    name,
    [network('podnet', subnets)],
    files.length === 0
      ? []
      : [
          directory(
            name,
            'podnet',
            files.map((text, i) => file(text, `id${i}`, 60)),
          ),
        ],
  )

const states = (...nodeStates: readonly NodeState[]) => inventory({ nodeStates })

describe('flagged', () => {
  test.each([
    ['one range on two nodes', states(fixed('n1', ['10.88.0.0/24']), fixed('n2', ['10.88.0.0/24'])), ['high default-network | 10.88.0.0/24 | n1 n2']],
    [
      'nested ranges of different masks',
      states(fixed('n1', ['10.9.0.0/16']), fixed('n2', ['10.9.7.0/24'])),
      ['high default-network | 10.9.0.0/16 10.9.7.0/24 | n1 n2'],
    ],
    [
      'a chain is one group, though its ends do not touch',
      states(fixed('n1', ['10.9.0.0/24']), fixed('n2', ['10.9.0.0/23']), fixed('n3', ['10.9.1.0/24'])),
      ['high default-network | 10.9.0.0/23 10.9.0.0/24 10.9.1.0/24 | n1 n2 n3'],
    ],
    [
      'both families of one configuration are one cause, and a range that is not shared is not named',
      states(
        fixed('n1', ['10.88.0.0/24', 'fd00:88::/64']),
        fixed('n2', ['10.88.0.0/24', 'fd00:88::/64']),
        fixed('n3', ['10.99.0.0/24', 'fd00:88::/64']),
      ),
      ['high default-network | 10.88.0.0/24 fd00:88::/64 | n1 n2 n3'],
    ],
    [
      'two groups that have nothing to do with each other',
      states(fixed('n1', ['10.1.0.0/24']), fixed('n2', ['10.2.0.0/24']), fixed('n3', ['10.1.0.0/24']), fixed('n4', ['10.2.0.0/24'])),
      ['high default-network | 10.1.0.0/24 | n1 n3', 'high default-network | 10.2.0.0/24 | n2 n4'],
    ],
    [
      'a range that outlasts the next one and overlaps the one after',
      states(fixed('n1', ['10.9.0.0/16']), fixed('n2', ['10.9.7.0/24']), fixed('n3', ['10.9.9.0/24'])),
      ['high default-network | 10.9.0.0/16 10.9.7.0/24 10.9.9.0/24 | n1 n2 n3'],
    ],
    [
      'slices with one address in common',
      states(nodeState('n1', [slice('10.9.0.1', '10.9.0.128')], []), nodeState('n2', [slice('10.9.0.128', '10.9.0.254')], [])),
      ['high default-network | 10.9.0.0/24 | n1 n2'],
    ],
    [
      'files on both nodes, none for the same address',
      states(fixed('n1', ['10.88.0.0/24'], ['10.88.0.2']), fixed('n2', ['10.88.0.0/24'], ['10.88.0.3'])),
      ['high default-network | 10.88.0.0/24 | n1 n2'],
    ],
    [
      'two nodes hold one address already',
      states(fixed('n1', ['10.88.0.0/24'], ['10.88.0.2', '10.88.0.3']), fixed('n2', ['10.88.0.0/24'], ['10.88.0.3'])),
      ['critical default-network | 10.88.0.0/24 | n1 n2'],
    ],
  ])('%s', (_, given, expected) => {
    expect(found(rule, given)).toEqual(expected)
  })

  test('says that the file is a sample of the runtime, which addresses are taken twice, and stops at five', () => {
    const names = Array.from({ length: 7 }, (_, i) => `10.88.0.${i + 2}`)
    const sample = (name: string) =>
      nodeState(
        name,
        [network('containerd-net', ['10.88.0.0/16'])],
        [
          directory(
            name,
            'containerd-net',
            names.map((text) => file(text, name, 60)),
          ),
        ],
      )
    const [finding] = findingsOf(rule, states(sample('n1'), sample('n2')))
    expect(finding?.message).toBe(
      '2 nodes give pods addresses from one fixed range, each on its own: 10.88.0.0/16 on n1, n2; 10-containerd-net.conflist is a sample that sorts before the real configuration; 7 addresses are taken on two nodes already',
    )
    expect(finding?.evidence.map(({ fact }) => fact)).toEqual([
      'containerd-net hands out 10.88.0.0/16',
      'containerd-net hands out 10.88.0.0/16',
      ...names.slice(0, 5).map((text) => `${text} is taken on n1, n2`),
    ])
  })

  test('a thousand nodes with one range are one finding', () => {
    const many = Array.from({ length: 1000 }, (_, i) => fixed(`n${1000 + i}`, ['10.88.0.0/16']))
    const findings = findingsOf(rule, states(...many))
    expect(findings).toHaveLength(1)
    expect(findings[0]?.nodes).toHaveLength(1000)
  })
})

describe('silent', () => {
  test.each([
    ['T27: one node has the whole range', states(fixed('n1', ['10.244.0.0/16']))],
    ['neighbouring ranges, which touch and share nothing', states(fixed('n1', ['fd00::/65']), fixed('n2', ['fd00:0:0:0:8000::/65']))],
    [
      'slices of one subnet',
      states(nodeState('n1', [slice('10.9.0.1', '10.9.0.127')], []), nodeState('n2', [slice('10.9.0.128', '10.9.0.254')], [])),
    ],
    [
      'ranges from the node object or flannel',
      states(...['n1', 'n2'].map((name) => nodeState(name, [network('cbr0', ['10.244.0.0/24'], { rangesFromNode: true })], []))),
    ],
    [
      'T19: podman’s network beside the default one on every node',
      states(
        ...['n1', 'n2'].map((name, i) =>
          nodeState(name, [network('podnet', [`10.244.${i}.0/24`]), network('podman', ['10.88.0.0/16'], { order: 1 })], []),
        ),
      ),
    ],
    [
      'another plugin than host-local',
      states(...['n1', 'n2'].map((name) => nodeState(name, [network('k8s', ['10.9.0.0/24'], { ipam: 'calico-ipam' })], []))),
    ],
  ])('%s', (_, given) => {
    expect(found(rule, given)).toEqual([])
  })

  test('an address outside of the shared range, and a stale file of another network, do not make it critical', () => {
    const other = (name: string) => directory(name, 'old', [file('10.88.0.9', 'x', 60)])
    const given = states(
      ...['n1', 'n2'].map((name) =>
        nodeState(name, [network('podnet', ['10.88.0.0/24'])], [directory(name, 'podnet', [file('10.7.0.2', 'x', 60)]), other(name)]),
      ),
    )
    expect(found(rule, given)).toEqual(['high default-network | 10.88.0.0/24 | n1 n2'])
  })
})

test('what keeps it from being evaluated', () => {
  expect(gapsOf(rule, inventory({ nodes: [node('n1', [])] }))).toEqual([
    '!fixed ranges that several nodes hand out: the input holds no usable CNI configuration of any node',
  ])
  const nodes = ['n1', 'n2', 'n3'].map((name) => node(name, []))
  expect(gapsOf(rule, inventory({ nodes, nodeStates: [fixed('n2', ['10.9.0.0/24']), nodeState('n9', [], [])] }))).toEqual([
    'fixed ranges that several nodes hand out: no usable CNI configuration of n1, n3, n9 in the input',
  ])
  expect(gapsOf(rule, inventory({ nodes: [node('n2', [])], nodeStates: [fixed('n2', ['10.9.0.0/24'])] }))).toEqual([])
})

function slice(first: string, last: string) {
  const [whole] = network('podnet', ['10.9.0.0/24']).ranges
  if (whole === undefined) throw new Error('no range')
  const value = (text: string): bigint => text.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
  return network('podnet', [], { ranges: [{ ...whole, range: { family: 4, first: value(first), last: value(last) } }] })
}

describe('DUP-103 and DUP-102', () => {
  const both = (podCidrs: readonly [string, string]) =>
    inventory({
      nodes: [node('n1', [podCidrs[0]]), node('n2', [podCidrs[1]])],
      nodeStates: ['n1', 'n2'].map((name) => nodeState(name, [network('lan', ['10.9.1.0/24'])], [])),
    })

  test('ranges that the API gave to both nodes are left to DUP-102', () => expect(found(rule, both(['10.9.1.0/24', '10.9.1.0/24']))).toEqual([]))
  test('a copy of another node’s range is not', () =>
    expect(found(rule, both(['10.9.1.0/24', '10.9.2.0/24']))).toEqual(['high default-network | 10.9.1.0/24 | n1 n2']))
})

describe('DUP-103: attachments', () => {
  const lan = attachment('shop/lan', 'host-local', ['10.60.0.10-10.60.0.50'])
  const nodes = [node('n1', []), node('n2', [])]
  const user = pod('shop/x', 'n1', ['10.9.0.1'], on('shop/lan', '10.60.0.10'))
  const taken = (name: string) => nodeState(name, [], [directory(name, 'lan', [file('10.60.0.10', 'aa', 60)])])
  test.each<[string, InventoryPart, string[]]>([
    ['host-local on a segment of all nodes', { nodes, attachments: [lan], pods: [user] }, ['high/certain 10.60.0.10-10.60.0.50 ']],
    [
      'a pod asks for it and has not got it yet',
      { nodes, attachments: [lan], pods: [pod('shop/x', 'n1', [], { requested: ['shop/lan'] })] },
      ['high/certain 10.60.0.10-10.60.0.50 '],
    ],
    [
      'two nodes hold one address already',
      { nodes, attachments: [lan], pods: [user], nodeStates: [taken('n1'), taken('n2')] },
      ['critical/certain 10.60.0.10-10.60.0.50 n1,n2'],
    ],
    ['no pod uses it', { nodes, attachments: [lan], pods: [] }, ['info/certain 10.60.0.10-10.60.0.50 ']],
    ['only a finished pod used it', { nodes, attachments: [lan], pods: [{ ...user, phase: 'Succeeded' }] }, ['info/certain 10.60.0.10-10.60.0.50 ']],
    [
      'a bridge with signs of an uplink',
      { nodes, attachments: [{ ...lan, plugin: 'bridge' }], pods: [user] },
      ['high/likely 10.60.0.10-10.60.0.50 '],
    ],
    ['a bridge that keeps to its node', { nodes, attachments: [{ ...lan, plugin: 'bridge', shared: false }], pods: [user] }, []],
    ['T27: one node', { nodes: nodes.slice(0, 1), attachments: [lan], pods: [user] }, []],
    [
      'T27: the others are cordoned, virtual or Windows',
      {
        nodes: [node('n1', []), node('n2', [], { schedulable: false }), node('n3', [], { virtual: true }), node('n4', [], { os: 'windows' })],
        attachments: [lan],
        pods: [user],
      },
      [],
    ],
    ['whereabouts', { nodes, attachments: [{ ...lan, ipam: 'whereabouts' }], pods: [user] }, []],
  ])('%s', (_, part, expected) => expect(shown(rule, part)).toEqual(expected))
})
