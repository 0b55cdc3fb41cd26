import { describe, expect, it } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { type NodeUsage, nodeRanges, nodeUsage } from '../../src/model/node-usage.ts'
import { formatRange } from '../../src/net/index.ts'
import { inMode, together } from '../cluster-ranges.ts'
import { directory, file, inventory, network, node, nodeState, pod } from '../inventory.ts'

const flannel = inMode('nodeipam+host-local')
const usage = (...parts: readonly InventoryPart[]) => nodeUsage(inventory(together(...parts)))
const row = ({ name, ranges, capacity, allocated, available, maxPods, pods }: NodeUsage) =>
  [name, ranges.map(formatRange).join('+'), capacity, allocated, available, maxPods, pods].join(' ')

describe('usage of nodes', () => {
  it('is the union of allocation files and live pods in the range', () => {
    const part = together(flannel, {
      nodes: [node('n2', ['10.1.2.0/24']), node('n1', ['10.1.1.0/24'], { maxPods: 30 })],
      pods: [
        pod('a/one', 'n1', ['10.1.1.2']),
        pod('a/two', 'n1', ['10.1.1.3']),
        pod('a/host', 'n1', ['192.168.0.1'], { hostNetwork: true }),
        pod('a/done', 'n1', ['10.1.1.9'], { phase: 'Succeeded' }),
        pod('a/foreign', 'n1', ['10.9.9.9']),
      ],
      nodeStates: [
        nodeState(
          'n1',
          [network('podnet', ['10.1.1.0/24'])],
          [directory('n1', 'podnet', [file('10.1.1.3', 'b', 9), file('10.1.1.4', 'c', 9), file('10.7.7.7', 'd', 9)])],
        ),
      ],
    })
    expect(usage(part).map(row)).toEqual(['n1 10.1.1.0/24 253 3 250 30 3', 'n2 10.1.2.0/24 253 0 253 110 0'])
    expect(usage(part)[0]?.sets.map(({ used, unheld }) => [used, unheld])).toEqual([[3, 1]])
    expect(usage(part)[1]?.sets.map(({ unheld }) => unheld)).toEqual([undefined])
  })

  it('does not call files leaked when no pods were read', () => {
    const state = nodeState('n1', [network('podnet', ['10.1.1.0/24'])], [directory('n1', 'podnet', [file('10.1.1.3', 'b', 9)])])
    expect(usage(flannel, { nodeStates: [state] })[0]?.sets.map(({ used, unheld }) => [used, unheld])).toEqual([[1, undefined]])
  })

  it('shows the family that limits the node, and all ranges', () => {
    const part = { nodes: [node('n1', ['fd00:1::/64', '10.1.1.0/28'])], pods: [pod('a/one', 'n1', ['10.1.1.2', 'fd00:1::2'])] }
    expect(usage(flannel, part).map(row)).toEqual(['n1 fd00:1::/64+10.1.1.0/28 13 1 12 110 1'])
  })

  it('never goes below nothing left, even where a pod has the gateway’s address', () => {
    const part = { nodes: [node('n1', ['10.1.1.0/30'])], pods: [pod('a/one', 'n1', ['10.1.1.2']), pod('a/two', 'n1', ['10.1.1.1'])] }
    expect(usage(flannel, part).map(row)).toEqual(['n1 10.1.1.0/30 1 2 0 110 2'])
  })

  it('leaves out gateways inside explicit ranges, and keeps several ranges of a set together', () => {
    const net = network('podnet', ['10.1.1.0/24', '10.1.2.0/24'])
    const ranges = net.ranges.map((range, i) => ({ ...range, set: 0, range: { ...range.range, first: range.range.first + (i === 0 ? 9n : 0n) } }))
    const part = { nodes: [node('n1', ['10.1.1.0/24'])], nodeStates: [nodeState('n1', [{ ...net, ranges }], [])] }
    expect(usage(flannel, part).map(row)).toEqual(['n1 10.1.1.10-10.1.1.254+10.1.2.0/24 498 0 498 110 0'])
  })
})

describe('ranges of nodes', () => {
  const names = (...parts: readonly InventoryPart[]) => nodeRanges(inventory(together(...parts))).map(({ node: name }) => name)
  const nodes = { nodes: [node('n1', ['10.1.1.0/24']), node('n2', []), node('vk', ['10.1.3.0/24'], { virtual: true })] }
  it('come from podCIDRs only where pods draw from them', () => {
    expect(names(flannel, nodes)).toEqual(['n1'])
    expect(names(inMode('calico'), nodes)).toEqual([])
    expect(names(inMode('cilium-kubernetes'), nodes)).toEqual(['n1'])
  })

  it('come from the configuration on the node where it says host-local', () => {
    const hostLocal = {
      nodeStates: [nodeState('n2', [network('podnet', ['10.5.0.0/24'])], []), nodeState('n9', [network('podnet', ['10.6.0.0/24'])], [])],
    }
    expect(names(inMode('calico'), nodes, hostLocal)).toEqual(['n2', 'n9'])
    const other = { nodeStates: [nodeState('n1', [network('k8s-pod-network', [], { ipam: 'calico-ipam', type: 'calico' })], [])] }
    expect(names(inMode('calico'), nodes, other)).toEqual([])
  })

  it('come from flannel at run time', () => {
    const state = nodeState('n1', [network('cbr0', [], { type: 'flannel', rangesFromNode: true })], [])
    const [found] = nodeRanges(inventory(together(flannel, nodes, { nodeStates: [state] })))
    expect(found?.sets.map(({ family, usable }) => [family, usable])).toEqual([[4, 253n]])
  })
})
