// The verdict on one pod: its address by each source, and from ContainerCreating to the cause.
import { describe, expect, test } from 'vitest'
import type { ClusterEvent, InventoryPart } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { directory, file, minutes, modeIs, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { explained } from './explained.ts'

const web = (part: InventoryPart) => explained(part, { kind: 'pod', id: 'shop/web-0' })
const verdictOf = (part: InventoryPart) => web(part).verdict

const stuck = (age = 120) =>
  pod('shop/web-0', 'node-1', [], { phase: 'Pending', createdAt: NOW - minutes(age), scheduledAt: NOW - minutes(age), startedAt: undefined })

const event = (fault: NonNullable<ClusterEvent['fault']>, rest: Partial<ClusterEvent> = {}): ClusterEvent => ({
  ...{ kind: 'sandbox-failed', subject: 'shop/web-0', fault, message: 'the message', count: 17, lastAt: NOW - minutes(1), origin: 'events' },
  ...rest,
})

const sandbox = (i: number) => `${i}`.padStart(64, '0')

/** A node with a range of 13 addresses, so many of them taken by files. */
const cluster = (taken: number, rest: InventoryPart = {}): InventoryPart => ({
  pods: [stuck(), pod('shop/web-1', 'node-1', ['10.244.0.2'])],
  nodes: [node('node-1', ['10.244.0.0/28'])],
  nodeStates: [
    nodeState(
      'node-1',
      [network('cbr0', ['10.244.0.0/28'])],
      [
        directory(
          'node-1',
          'cbr0',
          Array.from({ length: taken }, (_, i) => file(`10.244.0.${i + 2}`, sandbox(i), 300)),
        ),
      ],
    ),
  ],
  signals: [modeIs('nodeipam+host-local')],
  ...rest,
})

describe('waiting', () => {
  test('because the range of its node is full, most of it by files that no pod stands behind', () => {
    const { verdict, why, findings } = web(cluster(13, { events: [event('no-address-left', { about: '10.244.0.1-10.244.0.14' })] }))
    expect(verdict).toEqual({
      state: 'waiting',
      text: 'pod shop/web-0 has no address: ContainerCreating on node-1, because node-1’s range 10.244.0.0/28 is full: 13 of 13 addresses are taken, 12 of them by files that belong to no live pod',
    })
    expect(why.map(({ what }) => what)).toEqual([
      'scheduled to node-1 2 h before it was read, and still without a sandbox network: ContainerCreating',
      'no address was left in 10.244.0.1-10.244.0.14 (last 2026-11-23T11:59:00Z, 17 times)',
      'node-1’s range 10.244.0.0/28 is full: 13 of 13 addresses are taken, 12 of them by files that belong to no live pod',
    ])
    expect(findings.map(({ rule }) => rule)).toContain('CAP-402')
  })

  test('for the same without events', () => {
    expect(verdictOf(cluster(13)).text).toContain('because node-1’s range 10.244.0.0/28 is full')
  })

  test('because no address was left, by the allocator’s words alone', () => {
    expect(verdictOf(cluster(2, { events: [event('no-address-left', { about: '[10.99.9.0/29]' })] })).text).toBe(
      'pod shop/web-0 has no address: ContainerCreating on node-1, because no address was left in [10.99.9.0/29]',
    )
  })

  test('because the node lacks a plugin, and what its tries took', () => {
    const events = [event('plugin-missing', { about: 'portmap', sandbox: sandbox(1) })]
    const { verdict, why } = web(cluster(2, { events }))
    expect(verdict.text).toBe('pod shop/web-0 has no address: ContainerCreating on node-1, because node-1 lacks the CNI plugin portmap')
    expect(why.at(-1)?.what).toBe('1 address is still taken for its earlier tries')
  })

  test.each([
    ['not-configured', undefined, 'node-1 has no CNI configuration that its runtime could load'],
    ['daemon-not-ready', '/run/flannel/subnet.env', 'the daemon of the CNI has not got ready on node-1: /run/flannel/subnet.env is missing'],
    ['other', undefined, 'its sandbox could not be set up: the message'],
  ] as const)('%s', (fault, about, words) => {
    const events = [event(fault, about === undefined ? {} : { about })]
    expect(verdictOf(cluster(2, { events })).text).toBe(`pod shop/web-0 has no address: ContainerCreating on node-1, because ${words}`)
  })

  test('because its node has no range at all: a Normal event says so', () => {
    const refused: ClusterEvent = { kind: 'no-node-range', subject: 'node-1', count: 1025, lastAt: NOW, origin: 'events' }
    const part = { pods: [stuck()], nodes: [node('node-1', [])], events: [refused], signals: [modeIs('nodeipam+host-local')] }
    expect(verdictOf(part).text).toBe(
      'pod shop/web-0 has no address: ContainerCreating on node-1, because node-1 has no range of its own: kube-controller-manager found none that was free (CIDRNotAvailable)',
    )
    const harmless = web({ ...part, signals: [modeIs('calico')] })
    expect(harmless.verdict.text).toBe('pod shop/web-0 has no address on node-1, and nothing that was read says why')
    expect(verdictOf({ ...part, events: [], signals: [modeIs('calico')] }).text).toMatch(/says why; events were not given$/)
    expect(harmless.why.at(-1)?.what).toBe(
      'CIDRNotAvailable was said of the node, which does no harm: calico does not take addresses from podCIDRs (last 2026-11-23T12:00:00Z, 1025 times)',
    )
  })

  test('because its allocator says so', () => {
    const shortages = [{ system: 'cilium', pool: 'default', node: 'node-1', error: 'pool exhausted', origin: 'ciliumnodes' }]
    expect(verdictOf({ pods: [stuck()], nodes: [node('node-1', [])], shortages, signals: [modeIs('cilium-cluster-pool')] }).text).toBe(
      'pod shop/web-0 has no address: ContainerCreating on node-1, because cilium, pool default, says of node-1: pool exhausted',
    )
  })

  test('because it is on no node', () => {
    const pods = [pod('shop/web-0', undefined, [], { phase: 'Pending' })]
    const events: ClusterEvent[] = [
      { kind: 'not-scheduled', subject: 'shop/web-0', message: '0/3 nodes are available: 3 Too many pods.', origin: 'events' },
    ]
    expect(verdictOf({ pods, nodes: [], events }).text).toBe(
      'pod shop/web-0 has no address: it is on no node yet; the scheduler says: 0/3 nodes are available: 3 Too many pods.',
    )
  })

  test('no fault of a pod that was scheduled a moment ago', () => {
    const { verdict, findings } = web(cluster(2, { pods: [stuck(1)] }))
    expect(verdict).toEqual({
      state: 'waiting',
      text: 'pod shop/web-0 is starting on node-1: it was scheduled a moment ago and shows no address yet',
    })
    expect(findings).toEqual([])
  })
})

describe('with an address', () => {
  test('as all sources say', () => {
    expect(verdictOf(cluster(1, { pods: [pod('shop/web-0', 'node-1', ['10.244.0.2'])] }))).toEqual({
      state: 'running',
      text: 'pod shop/web-0 has 10.244.0.2 on node-1, as 2 of 2 sources say',
    })
  })

  test('that somebody else has too', () => {
    const pods = [pod('shop/web-0', 'node-1', ['10.244.0.2']), pod('shop/web-1', 'node-2', ['10.244.0.2'])]
    expect(verdictOf({ pods, nodes: [node('node-1', []), node('node-2', [])] })).toEqual({
      state: 'duplicate',
      text: 'pod shop/web-0 on node-1 shares 10.244.0.2 with pod shop/web-1 on node-2',
    })
  })

  test('of its node', () => {
    expect(verdictOf({ pods: [pod('shop/web-0', 'node-1', ['192.0.2.1'], { hostNetwork: true })], nodes: [node('node-1', [])] })).toEqual({
      state: 'host-network',
      text: 'pod shop/web-0 is on the host network and uses the addresses of its node node-1, 192.0.2.1',
    })
  })

  test('a loopback that every sandbox has is none of its addresses', () => {
    const results = [
      { network: 'cni-loopback', sandbox: sandbox(0), interface: 'lo', pod: 'shop/web-0', podUid: undefined, addresses: [parseAddress('127.0.0.1')] },
    ]
    const state = nodeState('node-1', [network('cbr0', ['10.244.0.0/28'])], [], { results })
    const { addresses } = web({
      pods: [pod('shop/web-0', 'node-1', ['10.244.0.2'])],
      nodes: [node('node-1', ['10.244.0.0/28'])],
      nodeStates: [state],
    })
    expect(addresses.map(({ address }) => address)).toEqual([parseAddress('10.244.0.2')])
  })
})

describe('no more', () => {
  test('finished, and its file is still there', () => {
    const sandboxes = [{ id: sandbox(0), namespace: 'shop', name: 'web-0', uid: 'u', attempt: 0, ready: false, createdAt: NOW - minutes(1) }]
    const part = cluster(1, { pods: [pod('shop/web-0', 'node-1', ['10.244.0.2'], { phase: 'Succeeded' })] })
    const [state] = part.nodeStates ?? []
    expect(verdictOf({ ...part, nodeStates: state === undefined ? [] : [{ ...state, sandboxes }] }).text).toMatch(
      /^pod shop\/web-0 has finished \(Succeeded\), and host-local on node-1 still keeps 10\.244\.0\.2 for it/,
    )
  })

  test('gone, and a record of it is left', () => {
    const allocations = [
      {
        system: 'calico',
        pool: 'blue',
        domain: 'default',
        address: parseAddress('10.48.0.7'),
        owner: { kind: 'pod' as const, id: 'shop/web-0' },
        origin: 'ipamblocks',
      },
    ]
    expect(verdictOf({ pods: [], nodes: [], allocations })).toEqual({
      state: 'gone',
      text: 'there is no pod shop/web-0, and calico keeps 10.48.0.7 for it',
    })
    const coverage = [{ source: 'pods', status: 'partial' as const, read: 1, error: 'cut' }]
    expect(verdictOf({ pods: [], nodes: [], allocations, coverage }).text).toBe(
      'pod shop/web-0 is not among the pods that were read, and not all were, and calico keeps 10.48.0.7 for it',
    )
  })
})

test('a finding about a Service of the same name is not the pod’s', () => {
  const services = [
    {
      namespace: 'shop',
      name: 'web-0',
      type: 'ClusterIP',
      clusterIps: [parseAddress('10.96.0.9')],
      externalIps: [],
      loadBalancerIps: [],
      origin: 's',
    },
    {
      namespace: 'shop',
      name: 'web-1',
      type: 'ClusterIP',
      clusterIps: [parseAddress('10.96.0.9')],
      externalIps: [],
      loadBalancerIps: [],
      origin: 's',
    },
  ]
  expect(web({ pods: [pod('shop/web-0', 'node-1', ['10.244.0.2'])], nodes: [node('node-1', ['10.244.0.0/24'])], services }).findings).toEqual([])
})
