import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { twoAllocatorsOneRange } from '../../src/rules/two-allocators-one-range.ts'
import { directory, file, network, node, nodeState, pod } from '../inventory.ts'
import { allocation, attachment, on, pool } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const nodes = [node('n1', ['10.48.1.0/24']), node('n2', ['10.48.2.0/24'])]
const state = (...files: string[]) =>
  nodeState(
    'n1',
    [network('cbr0', ['10.48.1.0/24'])],
    [
      directory(
        'n1',
        'cbr0',
        files.map((name) => file(name, 'aa', 60)),
      ),
    ],
  )
const calico = pool('calico', 'default', ['10.48.0.0/16'])
const byCalico = [pod('a/y', 'n2', ['10.48.7.9']), allocation('calico', 'default', '10.48.7.9', 'a/y')] as const
const router = allocation('cilium', '', '10.16.0.9', 'n1', { node: 'n1', owner: { kind: 'node', id: 'n1' }, purpose: 'router' })
const subnet = pool('kube-ovn', 'ovn-default', ['10.16.0.0/16'])
const byOvn = [pod('a/z', 'n2', ['10.16.0.77']), allocation('kube-ovn', 'ovn-default', '10.16.0.77', 'a/z')] as const
const lan = (ipam: string, id: string, rest = {}) => attachment(id, ipam, ['10.60.0.0/24'], rest)
const users = [pod('a/x', 'n1', ['10.9.0.1'], on('a/l1', '10.60.0.4')), pod('a/y', 'n2', ['10.9.0.2'], on('a/l2', '10.60.0.9'))]

const flagged: [string, InventoryPart, string[]][] = [
  [
    'host-local and Calico, both with live pods',
    { nodes, nodeStates: [state('10.48.1.7')], pools: [calico], pods: [pod('a/x', 'n1', ['10.48.1.7']), byCalico[0]], allocations: [byCalico[1]] },
    ['critical/certain 10.48.1.0/24,10.48.0.0/16 n1'],
  ],
  [
    'Cilium’s router inside the pool of the CNI that serves the pods',
    { nodes, pools: [subnet], pods: [byOvn[0]], allocations: [byOvn[1], router] },
    ['critical/certain 10.16.0.9,10.16.0.0/16 n1'],
  ],
  [
    'two systems with pools',
    {
      nodes,
      pools: [calico, pool('kube-ovn', 'k', ['10.48.7.0/24'])],
      pods: [byCalico[0], pod('a/z', 'n1', ['10.48.7.10'])],
      allocations: [byCalico[1], allocation('kube-ovn', 'k', '10.48.7.10', 'a/z')],
    },
    ['critical/certain 10.48.7.0/24,10.48.0.0/16 '],
  ],
  [
    'two plugins on one link',
    { attachments: [lan('whereabouts', 'a/l1'), lan('host-local', 'a/l2')], pods: users },
    ['critical/likely 10.60.0.0/24 '],
  ],
]

const silent: [string, InventoryPart][] = [
  ['T11: podCIDRs inside the pool that nobody draws from', { nodes, pools: [calico], pods: [byCalico[0]], allocations: [byCalico[1]] }],
  [
    'files that a replaced CNI left behind',
    { nodes, nodeStates: [state('10.48.1.7')], pools: [calico], pods: [byCalico[0]], allocations: [byCalico[1]] },
  ],
  [
    'Canal: pools for policy only',
    {
      nodes,
      nodeStates: [state('10.48.1.7')],
      pools: [calico],
      pods: [pod('a/x', 'n1', ['10.48.1.7'])],
      allocations: [allocation('calico', 'default', '10.48.0.1', 'n1', { owner: { kind: 'node', id: 'n1' }, purpose: 'tunnel' })],
    },
  ],
  [
    'both know of the same pod',
    {
      nodes,
      nodeStates: [state('10.48.1.7')],
      pools: [calico],
      pods: [pod('a/x', 'n1', ['10.48.1.7'])],
      allocations: [allocation('calico', 'default', '10.48.1.7', 'a/x')],
    },
  ],
  [
    'a disabled pool',
    {
      nodes,
      nodeStates: [state('10.48.1.7')],
      pools: [{ ...calico, disabled: true }],
      pods: [pod('a/x', 'n1', ['10.48.1.7']), byCalico[0]],
      allocations: [byCalico[1]],
    },
  ],
  [
    'Cilium’s router in the node range that host-local shares with it by design',
    {
      nodes: [node('n1', ['10.16.0.0/24'])],
      nodeStates: [nodeState('n1', [network('c', ['10.16.0.0/24'])], [directory('n1', 'c', [file('10.16.0.4', 'aa', 60)])])],
      pods: [pod('a/x', 'n1', ['10.16.0.4'])],
      allocations: [router],
    },
  ],
  ['disjoint space', { nodes, pools: [calico, subnet], pods: [byCalico[0], byOvn[0]], allocations: [byCalico[1], byOvn[1]] }],
  [
    'a pool from which no live pod has an address',
    {
      nodes,
      pools: [subnet],
      pods: [pod('a/z', 'n2', ['10.16.0.77'])],
      allocations: [router, allocation('kube-ovn', 'ovn-default', '10.16.0.77', 'a/gone')],
    },
  ],
  ['two links', { attachments: [lan('whereabouts', 'a/l1'), lan('host-local', 'a/l2', { segment: 'eth1.20' })], pods: users }],
  ['only one of two definitions in use', { attachments: [lan('whereabouts', 'a/l1'), lan('host-local', 'a/l2')], pods: users.slice(0, 1) }],
  ['one plugin on both', { attachments: [lan('whereabouts', 'a/l1'), lan('whereabouts', 'a/l2')], pods: users }],
]

describe('DUP-104', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(twoAllocatorsOneRange, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(twoAllocatorsOneRange, part)).toEqual([]))

  test('names both and shows what each gave', () => {
    const [found] = violations(twoAllocatorsOneRange, { nodes, pools: [subnet], pods: [byOvn[0]], allocations: [byOvn[1], router] })
    expect(found?.message).toBe('Cilium and kube-ovn pool ovn-default both give out 10.16.0.9 (n1), and neither knows what the other has given')
    expect(found?.evidence?.map(({ fact }) => fact).sort()).toEqual([
      'Cilium on n1 took 10.16.0.9 as its router address',
      'kube-ovn pool ovn-default (10.16.0.0/16) gave 10.16.0.77 to a/z',
    ])
  })

  test('without files of nodes host-local may be there unseen', () => {
    expect(gapsOf(twoAllocatorsOneRange, { nodes, pools: [calico] })[0]).toContain('without files of nodes')
    expect(gapsOf(twoAllocatorsOneRange, { nodes })[0]).toContain('one allocator at most')
  })
})
