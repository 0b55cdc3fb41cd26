import { describe, expect, test } from 'vitest'
import type { InventoryPart, Pod } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { podIpDuplicate } from '../../src/rules/pod-ip-duplicate.ts'
import { minutes, NOW, pod } from '../inventory.ts'
import { allocation, attachment, on } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const attached = (network: string, ip: string) => ({ interfaces: [{ network, name: 'net1', addresses: [parseAddress(ip)] }] })

const flagged: [string, InventoryPart, string[]][] = [
  ['two old pods on two nodes', { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('a/y', 'n2', ['10.9.1.7'])] }, ['critical/certain 10.9.1.7 n1,n2']],
  [
    'one of them has just started',
    { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('a/y', 'n2', ['10.9.1.7'], { startedAt: NOW - minutes(2) })] },
    ['critical/likely 10.9.1.7 n1,n2'],
  ],
  [
    'a pending pod with an address is live',
    { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('a/y', 'n1', ['10.9.1.7'], { phase: 'Pending' })] },
    ['critical/certain 10.9.1.7 n1'],
  ],
  [
    'the second family of a dual-stack pod',
    { pods: [pod('a/x', 'n1', ['10.9.1.7', 'fd00::7']), pod('a/y', 'n2', ['10.9.2.7', 'fd00::7'])] },
    ['critical/certain fd00::7 n1,n2'],
  ],
  [
    'a secondary network',
    { pods: [pod('a/x', 'n1', ['10.9.1.7'], attached('a/lan', '10.60.0.4')), pod('a/y', 'n2', ['10.9.2.7'], attached('a/lan', '10.60.0.4'))] },
    ['critical/certain 10.60.0.4 n1,n2'],
  ],
  [
    'three pods are one finding',
    { pods: ['x', 'y', 'z'].map((name) => pod(`a/${name}`, `n-${name}`, ['10.9.1.7'])) },
    ['critical/certain 10.9.1.7 n-x,n-y,n-z'],
  ],
  [
    'T3: one of the two is terminating',
    { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('a/y', 'n2', ['10.9.1.7'], { deletedAt: NOW - minutes(1) })] },
    ['low/certain 10.9.1.7 n1,n2'],
  ],
  [
    'T3: stuck in termination for an hour',
    { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('a/y', 'n2', ['10.9.1.7'], { deletedAt: NOW - minutes(60) })] },
    ['critical/certain 10.9.1.7 n1,n2'],
  ],
]

const silent: [string, InventoryPart][] = [
  [
    'T1: a finished pod keeps its last address',
    {
      pods: [
        pod('a/x', 'n1', ['10.9.1.7']),
        pod('a/job', 'n1', ['10.9.1.7'], { phase: 'Succeeded' }),
        pod('a/bad', 'n1', ['10.9.1.7'], { phase: 'Failed' }),
      ],
    },
  ],
  ['T2: a finished pod without an address', { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('a/job', 'n1', [], { phase: 'Failed' })] }],
  [
    'host-network pods share their node’s address',
    { pods: [pod('a/x', 'n1', ['192.0.2.1'], { hostNetwork: true }), pod('a/y', 'n1', ['192.0.2.1'], { hostNetwork: true })] },
  ],
  [
    'T24: the same address on two networks',
    { pods: [pod('a/x', 'n1', ['10.60.0.4']), pod('a/y', 'n2', ['10.9.2.7'], attached('a/lan', '10.60.0.4'))] },
  ],
  ['pods without an address', { pods: [pod('a/x', 'n1', []), pod('a/y', 'n2', [])] }],
]

const WB = { domain: 'whereabouts' }
const two = (a: string, b: string) => [pod('shop/x', 'n1', ['10.9.1.7'], on(a, '10.20.0.5')), pod('shop/y', 'n2', ['10.9.2.7'], on(b, '10.20.0.5'))]
const lan = attachment('shop/lan', 'whereabouts', ['10.20.0.0/24'], WB)
const low = attachment('shop/low', 'whereabouts', ['10.20.0.0/25'], WB)
const taken = (owner: string, system = 'whereabouts', domain = 'whereabouts') => allocation(system, 'p', '10.20.0.5', owner, { domain })

describe('DUP-101: routing domains of attachments', () => {
  test.each<[string, InventoryPart, string[]]>([
    [
      'two definitions of one domain on one link',
      { attachments: [lan, low], pods: two('shop/lan', 'shop/low') },
      ['critical/certain 10.20.0.5 n1,n2'],
    ],
    ['names without a namespace mean the pod’s own', { attachments: [lan, low], pods: two('lan', 'low') }, ['critical/certain 10.20.0.5 n1,n2']],
    [
      'two links under one name: nobody knows',
      { attachments: [lan, { ...low, segment: 'eth2' }], pods: two('shop/lan', 'shop/low') },
      ['critical/possible 10.20.0.5 n1,n2'],
    ],
    ['T24: two domains', { attachments: [lan, { ...low, domain: 'whereabouts:low' }], pods: two('shop/lan', 'shop/low') }, []],
    [
      'a bridge without an uplink, on two nodes',
      { attachments: [attachment('shop/br', 'host-local', ['10.20.0.0/24'], { plugin: 'bridge', shared: false })], pods: two('shop/br', 'shop/br') },
      [],
    ],
    [
      'the same on one node',
      {
        attachments: [attachment('shop/br', 'host-local', ['10.20.0.0/24'], { plugin: 'bridge', shared: false })],
        pods: two('shop/br', 'shop/br').map((each) => ({ ...each, node: 'n1' })),
      },
      ['critical/certain 10.20.0.5 n1'],
    ],
    ['a definition that was not given', { pods: two('shop/lan', 'shop/lan') }, ['critical/certain 10.20.0.5 n1,n2']],
  ])('%s', (_, part, expected) => expect(shown(podIpDuplicate, part)).toEqual(expected))
})

describe('DUP-101: records', () => {
  const waiting = [pod('shop/x', 'n1', []), pod('shop/y', 'n2', [], { phase: 'Pending' })]
  test.each<[string, InventoryPart, string[]]>([
    ['two pods that have not reported', { pods: waiting, allocations: [taken('shop/x'), taken('shop/y')] }, ['critical/likely 10.20.0.5 n1,n2']],
    [
      'one that has',
      { attachments: [lan], pods: [two('shop/lan', 'shop/low')[0] as Pod, waiting[1] as Pod], allocations: [taken('shop/x'), taken('shop/y')] },
      ['critical/likely 10.20.0.5 n1,n2'],
    ],
    [
      'what both show is reported once',
      { attachments: [lan, low], pods: two('shop/lan', 'shop/low'), allocations: [taken('shop/x'), taken('shop/y')] },
      ['critical/certain 10.20.0.5 n1,n2'],
    ],
    [
      'one of the two shows another address',
      { pods: [pod('shop/x', 'n1', ['10.9.1.7']), waiting[1] as Pod], allocations: [taken('shop/x'), taken('shop/y')] },
      [],
    ],
    ['one of the two is gone: LEAK-204', { pods: waiting.slice(1), allocations: [taken('shop/x'), taken('shop/y')] }, []],
    ['two systems know one pod', { pods: waiting, allocations: [taken('shop/x'), taken('shop/x', 'cilium')] }, []],
    ['T24: two domains', { pods: waiting, allocations: [taken('shop/x'), taken('shop/y', 'whereabouts', 'whereabouts:red')] }, []],
    [
      'a finished pod',
      { pods: [waiting[0] as Pod, pod('shop/y', 'n2', [], { phase: 'Failed' })], allocations: [taken('shop/x'), taken('shop/y')] },
      [],
    ],
  ])('%s', (_, part, expected) => expect(shown(podIpDuplicate, part)).toEqual(expected))
})

describe('DUP-101', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(podIpDuplicate, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(podIpDuplicate, part)).toEqual([]))

  test('names both owners and where each was seen', () => {
    const [found] = violations(podIpDuplicate, { pods: [pod('a/x', 'n1', ['10.9.1.7']), pod('b/y', 'n2', ['10.9.1.7'])] })
    expect(found?.message).toBe('10.9.1.7 is held by 2 live pods on n1 and n2: a/x, b/y')
    expect(found?.owners).toEqual(['a/x', 'b/y'])
    expect(found?.evidence?.map(({ fact }) => fact)).toEqual(['a/x on n1 is Running and shows 10.9.1.7', 'b/y on n2 is Running and shows 10.9.1.7'])
  })

  test('a ready endpoint that points to a finished pod', () => {
    const endpoint = { service: 'a/svc', address: parseAddress('10.9.1.7'), podUid: 'uid-a/job', origin: 'cluster/endpointslices.json' }
    const pods = [pod('a/job', 'n1', ['10.9.1.7'], { phase: 'Succeeded' })]
    expect(shown(podIpDuplicate, { pods, endpoints: [{ ...endpoint, ready: true }] })).toEqual(['medium/certain 10.9.1.7 n1'])
    expect(shown(podIpDuplicate, { pods, endpoints: [{ ...endpoint, ready: false }] })).toEqual([])
  })

  test('without pods it says that it did not look', () =>
    expect(gapsOf(podIpDuplicate, {})).toEqual(['duplicate pod addresses: the input holds no pods']))
})
