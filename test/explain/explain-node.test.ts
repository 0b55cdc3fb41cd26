// The verdict on one node, and on a range.
import { describe, expect, test } from 'vitest'
import type { Block, InventoryPart, Pool } from '../../src/model/inventory.ts'
import { parseAddress, parseCidr, parseRange } from '../../src/net/index.ts'
import { directory, file, minutes, modeIs, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { explained } from './explained.ts'

const nodeOne = (part: InventoryPart) => explained(part, { kind: 'node', name: 'node-1' })
const verdictOf = (part: InventoryPart) => nodeOne(part).verdict

const sandbox = (i: number) => `${i}`.padStart(64, '0')
const files = (count: number) => Array.from({ length: count }, (_, i) => file(`10.244.0.${i + 2}`, sandbox(i), 300 - i))

const cluster = (taken: number, rest: InventoryPart = {}): InventoryPart => ({
  pods: [pod('shop/web-0', 'node-1', ['10.244.0.2']), pod('kube-system/proxy', 'node-1', ['192.0.2.1'], { hostNetwork: true })],
  nodes: [node('node-1', ['10.244.0.0/28'], { maxPods: 6 })],
  nodeStates: [nodeState('node-1', [network('cbr0', ['10.244.0.0/28'])], [directory('node-1', 'cbr0', files(taken))])],
  signals: [modeIs('nodeipam+host-local')],
  ...rest,
})

describe('a node', () => {
  test('that is full, and the oldest files that no pod stands behind', () => {
    const { verdict, addresses, sources } = nodeOne(cluster(13))
    expect(verdict).toEqual({
      state: 'full',
      text: 'node node-1 has no address left: 13 of 13 of 10.244.0.0/28 are taken, 12 of them by files that belong to no live pod',
    })
    expect(addresses).toHaveLength(12)
    expect(addresses[0]).toMatchObject({
      address: parseAddress('10.244.0.3'),
      state: 'no pod has it',
      holder: 'sandbox 000000000000',
      since: NOW - minutes(299),
    })
    expect(sources.find(({ source }) => source === 'pod status')?.says).toBe(
      '2 pods: 1 with an address, 1 on the host network, 0 finished, 0 without an address yet',
    )
  })

  test('with room', () => {
    expect(verdictOf(cluster(1))).toEqual({
      state: 'ok',
      text: 'node node-1 has 12 of 13 addresses left in 10.244.0.0/28; 1 pod of at most 6 with an address',
    })
  })

  test('without the pods no file is said to be nobody’s', () => {
    const { addresses, sources } = nodeOne({
      ...cluster(13),
      pods: [],
      coverage: [{ source: 'pods', status: 'forbidden', read: 0, error: 'forbidden' }],
    })
    expect(addresses).toEqual([])
    expect(sources.find(({ status }) => status === 'not-read')).toMatchObject({ source: 'pods' })
  })

  test('whose range is another’s too', () => {
    const part = cluster(1, { nodes: [node('node-1', ['10.244.0.0/28']), node('node-2', ['10.244.0.0/28'])] })
    expect(verdictOf(part)).toEqual({
      state: 'duplicate',
      text: 'node node-1 is in conflict with node-2: node-1 and node-2 hold overlapping ranges: 10.244.0.0/28',
    })
  })

  test('without a range of its own', () => {
    const part = { pods: [], nodes: [node('node-1', [], { ready: false })], signals: [modeIs('nodeipam+host-local')] }
    expect(verdictOf(part).text).toMatch(/^node node-1 has no range of its own, so no pod on it gets an address; it is not ready/)
    const refused = [{ kind: 'no-node-range' as const, subject: 'node-1', origin: 'events' }]
    expect(verdictOf({ ...part, events: refused }).text).toContain(': kube-controller-manager found none that was free (CIDRNotAvailable)')
  })

  const block = (cidr: string, rest: Partial<Block> = {}): Block => ({
    ...{ system: 'calico', pool: 'blue', domain: 'default', cidr: parseCidr(cidr), node: 'node-1', origin: 'ipamblocks' },
    ...rest,
  })

  test('with blocks; a podCIDR that nobody draws from is none of them, and CIDRNotAvailable does no harm', () => {
    const part: InventoryPart = {
      pods: [pod('shop/web-0', 'node-1', ['10.48.0.1'])],
      nodes: [node('node-1', ['10.244.0.0/24'])],
      blocks: [block('10.48.0.0/29'), block('10.244.0.0/24', { system: 'node-cidr', pool: 'cluster' })],
      events: [{ kind: 'no-node-range', subject: 'node-1', count: 3, origin: 'events' }],
      signals: [modeIs('calico')],
    }
    const { verdict, why } = nodeOne(part)
    expect(verdict).toEqual({ state: 'ok', text: 'node node-1 has 1 block of calico with 1 of 8 addresses taken: 10.48.0.0/29' })
    expect(why.map(({ what }) => what)).toEqual([
      'CIDRNotAvailable was said of the node, which does no harm: calico does not take addresses from podCIDRs',
    ])
  })

  test('that its allocator cannot serve', () => {
    const shortages = [{ system: 'cilium', pool: 'default', node: 'node-1', error: 'pool exhausted', origin: 'ciliumnodes' }]
    expect(verdictOf({ pods: [], nodes: [node('node-1', [])], shortages, signals: [modeIs('cilium-cluster-pool')] })).toEqual({
      state: 'full',
      text: 'node node-1 got no addresses: cilium says pool exhausted',
    })
  })

  test('that is gone, and what is kept for it', () => {
    const part = { pods: [], nodes: [], blocks: [block('10.48.0.0/29')], signals: [modeIs('calico')] }
    expect(verdictOf(part).text).toMatch(/^there is no node node-1, and 10\.48\.0\.0\/29 \(calico\) is still kept for it/)
    expect(verdictOf({ blocks: [block('10.48.0.0/29')] })).toEqual({
      state: 'unknown',
      text: 'node node-1 is known from other sources only: the nodes were not read',
    })
  })
})

describe('a range', () => {
  const rangeOf = (part: InventoryPart, text: string) => explained(part, { kind: 'range', range: parseRange(text) })
  const pools: Pool[] = [
    { system: 'calico', name: 'blue', domain: 'default', family: 4, ranges: [parseRange('10.48.0.0/24')], certainty: 'declared', origin: 'ippools' },
  ]

  test('of a node', () => {
    const { verdict, addresses } = rangeOf(cluster(2), '10.244.0.0/28')
    expect(verdict.text).toMatch(/^10\.244\.0\.0\/28 is the range of node node-1 \(node-cidr\): 2 of 13 addresses taken/)
    expect(addresses.map(({ state, holder }) => [state, holder])).toEqual([
      ['in use', 'pod shop/web-0 on node-1'],
      ['recorded', '000000000000 on node-1'],
    ])
  })

  test('of two nodes', () => {
    const twins = cluster(0, { nodes: [node('node-1', ['10.244.0.0/28']), node('node-2', ['10.244.0.0/28'])] })
    expect(rangeOf(twins, '10.244.0.0/28').verdict.text).toMatch(
      /^10\.244\.0\.0\/28 is the range of 2 nodes: node-1 and node-2; see DUP-102 node-range-overlap/,
    )
  })

  test('in a pool, of which nothing is used; around pools; in nobody’s space', () => {
    const part = { pods: [pod('shop/web-0', 'node-1', ['10.48.0.7'])], pools, signals: [modeIs('calico')] }
    expect(rangeOf(part, '10.48.0.64/26').verdict).toEqual({ state: 'empty', text: '10.48.0.64/26 has no address in use, in pool blue (calico)' })
    expect(rangeOf(part, '10.48.0.0/29').verdict).toEqual({ state: 'in-use', text: '10.48.0.0/29 holds 1 address in use, in pool blue (calico)' })
    expect(rangeOf(part, '10.48.0.0/16').verdict.text).toBe('10.48.0.0/16 holds 1 address in use and 1 pool or block')
    expect(rangeOf(part, '192.168.0.0/24').verdict).toEqual({
      state: 'nobody',
      text: 'nobody hands out anything of 192.168.0.0/24: it touches no known pool or node range',
    })
  })
})
