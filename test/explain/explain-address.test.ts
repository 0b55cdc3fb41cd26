// The verdict on one address, from small inventories: exact words, and the word for programs.
import { describe, expect, test } from 'vitest'
import type { Allocation, InventoryPart, Pool } from '../../src/model/inventory.ts'
import { parseAddress, parseCidr, parseRange } from '../../src/net/index.ts'
import { declared, directory, file, minutes, modeIs, NOW, network, node, nodeState, pod, service } from '../inventory.ts'
import { explained as explainedSubject } from './explained.ts'

const explained = (part: InventoryPart, text: string) => explainedSubject(part, { kind: 'address', address: parseAddress(text) })

const verdictOf = (part: InventoryPart, text: string) => explained(part, text).verdict

const pool = (rest: Partial<Pool> = {}): Pool => ({
  ...{ system: 'calico', name: 'blue', domain: 'default', family: 4, ranges: [parseRange('10.48.0.0/24')], certainty: 'declared', origin: 'ippools' },
  ...rest,
})

const given = (address: string, owner: string, rest: Partial<Allocation> = {}): Allocation => ({
  ...{ system: 'calico', pool: 'blue', domain: 'default', address: parseAddress(address), node: 'node-1', owner: { kind: 'pod', id: owner } },
  ...{ recordedAt: NOW - minutes(300), origin: 'ipamblocks' },
  ...rest,
})

const calico: InventoryPart = {
  pods: [pod('shop/web-0', 'node-1', ['10.48.0.7'])],
  nodes: [node('node-1', [], { addresses: [{ type: 'InternalIP', address: parseAddress('192.0.2.1') }] })],
  services: [service('shop/web', ['10.96.0.7'])],
  pools: [pool()],
  allocations: [given('10.48.0.7', 'shop/web-0')],
  signals: [modeIs('calico')],
}

const hostLocal = (files: Parameters<typeof directory>[2], pods = [pod('shop/web-0', 'node-1', ['10.244.0.2'])]): InventoryPart => ({
  pods,
  nodes: [node('node-1', ['10.244.0.0/24']), node('node-2', ['10.244.1.0/24'])],
  services: [],
  nodeStates: [nodeState('node-1', [network('cbr0', ['10.244.0.0/24'])], [directory('node-1', 'cbr0', files)])],
  signals: [modeIs('nodeipam+host-local')],
})

describe('held', () => {
  test('by a pod, as every source says', () => {
    expect(verdictOf(calico, '10.48.0.7')).toEqual({ state: 'held', text: '10.48.0.7 is held by pod shop/web-0 on node-1, as 2 of 2 sources say' })
  })

  test('by a pod, and one source names another', () => {
    const other = { ...calico, allocations: [given('10.48.0.7', 'shop/db-0')] }
    expect(verdictOf(other, '10.48.0.7').text).toMatch(
      /^10\.48\.0\.7 is held by pod shop\/web-0 on node-1, as 1 of 2 sources says; calico names pod shop\/db-0/,
    )
  })

  test('by a pod that is on its way out', () => {
    const ending = { ...calico, pods: [pod('shop/web-0', 'node-1', ['10.48.0.7'], { deletedAt: NOW - 1000 })] }
    expect(verdictOf(ending, '10.48.0.7').text).toBe('10.48.0.7 is held by pod shop/web-0 on node-1, which is terminating, as 2 of 2 sources say')
  })

  test('by a node itself, which pods on the host network share', () => {
    const shared = { ...calico, pods: [pod('kube-system/proxy', 'node-1', ['192.0.2.1'], { hostNetwork: true })] }
    const { verdict, sources } = explained(shared, '192.0.2.1')
    expect(verdict).toEqual({ state: 'held', text: '192.0.2.1 is held by node node-1, as 1 of 1 source says' })
    expect(sources.find(({ source }) => source === 'nodes')?.says).toBe('InternalIP of node node-1, shared by 1 pod on the host network')
  })

  test('by a Service', () => {
    expect(verdictOf(calico, '10.96.0.7').text).toBe('10.96.0.7 is held by Service shop/web, as 1 of 1 source says')
  })

  test('as a tunnel of a node, which no pod shows', () => {
    const tunnel = given('10.48.0.1', 'node-1', { owner: { kind: 'node', id: 'node-1' }, purpose: 'VXLAN tunnel' })
    expect(verdictOf({ ...calico, allocations: [tunnel] }, '10.48.0.1').text).toBe('10.48.0.1 is held by node node-1, as 1 of 1 source says')
  })
})

describe('held twice', () => {
  test('by two live pods', () => {
    const two = { ...calico, pods: [pod('shop/web-0', 'node-1', ['10.48.0.7']), pod('shop/web-1', 'node-2', ['10.48.0.7'])] }
    expect(verdictOf(two, '10.48.0.7')).toEqual({
      state: 'duplicate',
      text: '10.48.0.7 is held twice: by pod shop/web-0 on node-1 and pod shop/web-1 on node-2',
    })
  })

  test('a load-balancer address that is its node’s is no fault', () => {
    const klipper = {
      ...calico,
      services: [service('shop/web', ['10.96.0.7'], { type: 'LoadBalancer', loadBalancerIps: [parseAddress('192.0.2.1')] })],
    }
    const { verdict, findings } = explained(klipper, '192.0.2.1')
    expect(verdict).toEqual({ state: 'shared', text: '192.0.2.1 is used by node node-1 and Service shop/web, which is no fault' })
    expect(findings).toEqual([])
  })
})

describe('taken by nobody', () => {
  test('a stale file, in the words of the finding', () => {
    const { verdict, findings } = explained(
      hostLocal([file('10.244.0.2', 'a'.repeat(64), 60), file('10.244.0.9', 'b'.repeat(64), 300)]),
      '10.244.0.9',
    )
    expect(verdict).toEqual({
      state: 'leaked',
      text: '10.244.0.9 on node-1 is taken in network cbr0 and no pod there has it: nobody on the node knows its owner',
    })
    expect(findings.map(({ rule }) => rule)).toEqual(['LEAK-201'])
  })

  test('a young file is no leak', () => {
    expect(verdictOf(hostLocal([file('10.244.0.2', 'a'.repeat(64), 60), file('10.244.0.9', 'b'.repeat(64), 1)]), '10.244.0.9')).toEqual({
      state: 'recorded',
      text: `10.244.0.9 is taken by host-local on node-1 for ${'b'.repeat(12)}, of whom nothing more is known; no pod shows it`,
    })
  })

  test('recorded for a pod that waits, finished, or shows another address', () => {
    const of = (own: ReturnType<typeof pod>) =>
      verdictOf({ ...calico, pods: [own], allocations: [given('10.48.0.9', 'shop/web-0', { recordedAt: NOW - 1000 })] }, '10.48.0.9').text
    const start = '10.48.0.9 is recorded by calico for pod shop/web-0 on node-1'
    expect(of(pod('shop/web-0', 'node-1', [], { phase: 'Pending' }))).toBe(`${start}, which shows no address yet`)
    expect(of(pod('shop/web-0', 'node-1', [], { phase: 'Succeeded' }))).toBe(`${start}, which has finished (Succeeded)`)
    expect(of(pod('shop/web-0', 'node-1', ['10.48.0.8']))).toBe(`${start}, which shows 10.48.0.8 instead`)
  })

  test('without a whole list of pods the missing pod proves nothing', () => {
    const coverage = [{ source: 'pods', status: 'forbidden' as const, read: 0, error: 'forbidden' }]
    const { verdict, sources } = explained({ ...calico, pods: [], coverage }, '10.48.0.7')
    expect(verdict.text).toBe(
      '10.48.0.7 is recorded by calico for pod shop/web-0 on node-1; whether there is such a pod is not known, for the pods were not read whole',
    )
    expect(sources.find(({ source }) => source === 'pods')).toMatchObject({
      status: 'not-read',
      says: 'could not look: it could not be read: not allowed (forbidden)',
    })
    expect(sources.find(({ source }) => source === 'pod status')).toBeUndefined()
  })
})

describe('free', () => {
  test('in a pool', () => {
    expect(verdictOf(calico, '10.48.0.9')).toEqual({ state: 'free', text: '10.48.0.9 is free in pool blue (calico, 10.48.0.0/24)' })
  })

  test('in the range of a node, by its files; the pod that had it has finished', () => {
    const done = pod('shop/job', 'node-1', ['10.244.0.5'], { phase: 'Succeeded' })
    expect(verdictOf(hostLocal([], [done]), '10.244.0.5').text).toBe(
      '10.244.0.5 is free in the range of node node-1, 10.244.0.0/24; pod shop/job had it and has finished',
    )
  })

  test('not said where the files of the node were not read', () => {
    const { verdict, sources } = explained(hostLocal([]), '10.244.1.9')
    expect(verdict).toEqual({
      state: 'unknown',
      text: '10.244.1.9 is shown by no pod, in the range of node node-2, 10.244.1.0/24; whether a file on node-2 holds it is not known, for none was read',
    })
    expect(sources.find(({ source }) => source === 'host-local on node-2')).toMatchObject({ status: 'absent' })
  })

  test('not said where a list was not read whole', () => {
    const coverage = [{ source: 'ipamblocks', status: 'partial' as const, read: 1, error: 'cut off' }]
    expect(verdictOf({ ...calico, coverage }, '10.48.0.9')).toEqual({
      state: 'unknown',
      text: '10.48.0.9 is held by nobody as far as could be read, in pool blue (calico, 10.48.0.0/24); ipamblocks could not be read whole',
    })
  })
})

describe('never handed out', () => {
  test('a gateway', () => {
    expect(verdictOf(hostLocal([]), '10.244.0.1')).toEqual({
      state: 'reserved',
      text: '10.244.0.1 is the gateway of network cbr0 on node-1, which is never handed out',
    })
  })

  test('a reservation', () => {
    const reservations = [
      { system: 'calico', domain: 'default', range: parseRange('10.48.0.200/29'), why: 'kept for routers', origin: 'ipreservations' },
    ]
    expect(verdictOf({ ...calico, reservations }, '10.48.0.201').text).toBe('10.48.0.201 is kept free: kept for routers (calico)')
  })

  test('what a pool withholds, and what it leaves out', () => {
    expect(verdictOf({ ...calico, pools: [pool({ withheld: [parseRange('10.48.0.9')] })] }, '10.48.0.9').text).toBe(
      '10.48.0.9 is withheld by pool blue (calico) at present',
    )
    expect(verdictOf({ ...calico, pools: [pool({ handedOut: [parseRange('10.48.0.10-10.48.0.20')] })] }, '10.48.0.9').text).toBe(
      '10.48.0.9 lies in pool blue (calico), outside of what it hands out',
    )
  })
})

describe('nobody’s', () => {
  test('in no known range, special or not', () => {
    expect(verdictOf(calico, '8.8.8.8')).toEqual({ state: 'nobody', text: 'nobody hands out 8.8.8.8: it is in no known range' })
    expect(verdictOf(calico, '127.0.0.1').text).toBe('nobody hands out 127.0.0.1: it is in no known range; 127.0.0.0/8 is loopback')
    expect(verdictOf({ pods: [] }, '10.0.0.1').text).toBe('nobody hands out 10.0.0.1: it is in no known range, for the input holds none')
  })

  test('in a network outside', () => {
    const outside = [
      {
        name: 'head office',
        cidr: { family: 4 as const, base: 0x0a000000n, prefix: 10 },
        kind: 'external' as const,
        reachable: true,
        origin: 'corp.csv:3',
      },
    ]
    expect(verdictOf({ ...calico, outside }, '10.1.2.3')).toEqual({
      state: 'outside',
      text: '10.1.2.3 belongs to network head office (10.0.0.0/10), outside of what the cluster hands out',
    })
  })

  test('in a host outside that lies inside of a pool', () => {
    const outside = [{ name: 'printer', cidr: parseCidr('10.48.0.9/32'), kind: 'external' as const, reachable: true, origin: 'corp.csv:4' }]
    const { state, text } = verdictOf({ ...calico, outside }, '10.48.0.9')
    expect(state).toBe('outside')
    expect(text).toMatch(
      /^10\.48\.0\.9 belongs to network printer \(10\.48\.0\.9\), outside of the cluster, and a pool of the cluster may hand it out too/,
    )
    expect(verdictOf({ ...calico, outside }, '10.48.0.10').state).toBe('free')
  })

  test('in the cluster CIDR, and in no node’s range', () => {
    const part = { ...hostLocal([]), declared: [declared('pods', '10.244.0.0/16')] }
    expect(verdictOf(part, '10.244.9.9').text).toBe(
      '10.244.9.9 lies in the range for pods, 10.244.0.0/16, and no pool or node range that was read holds it',
    )
  })
})

test('a finding about a range around it is told apart from what concerns it', () => {
  const part = { ...calico, nodes: [node('node-1', ['10.244.0.0/28'])], signals: [modeIs('nodeipam+host-local')], pools: [], allocations: [] }
  const full = Array.from({ length: 12 }, (_, i) => pod(`shop/p${i}`, 'node-1', [`10.244.0.${i + 2}`]))
  const { findings, around } = explained({ ...part, pods: full }, '10.244.0.3')
  expect(findings).toEqual([])
  expect(around.map(({ rule }) => rule)).toContain('CAP-402')
})

test('a range of two nodes concerns each of its addresses', () => {
  const twins = { ...hostLocal([]), nodes: [node('node-1', ['10.244.0.0/24']), node('node-2', ['10.244.0.0/24'])] }
  expect(explained(twins, '10.244.0.9').findings.map(({ rule }) => rule)).toContain('DUP-102')
})
