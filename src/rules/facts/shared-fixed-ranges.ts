// Fixed host-local ranges of the default network that two or more nodes hand out: each node counts alone, so they give the same addresses.

import { groupBy } from '../../model/group-by.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { HostLocalRange, NodeNetwork, NodeState } from '../../model/node-state.ts'
import { type Cidr, cidrCovers, compareCidrs, compareRanges, formatCidr, type RangeSet, rangeSet } from '../../net/index.ts'
import { fixedDefault } from './node-configuration.ts'

export interface SharedRanges {
  /** Distinct subnets, in order. */
  readonly subnets: readonly Cidr[]
  readonly nodes: readonly string[]
  readonly holdings: readonly Holding[]
  /** What the nodes share or may share, to test addresses against. */
  readonly set: RangeSet
}

interface Holding {
  readonly state: NodeState
  readonly network: NodeNetwork
  readonly range: HostLocalRange
}

/** Runs of ranges connected by overlap, by one sort and one sweep: hundreds of nodes with one range have a million overlapping pairs. */
function overlappingRuns(holdings: readonly Holding[]): Holding[][] {
  const runs: Holding[][] = []
  let last = -1n
  let family = 0
  for (const holding of [...holdings].sort((a, b) => compareRanges(a.range.range, b.range.range))) {
    const { range } = holding.range
    const run = runs.at(-1)
    if (run === undefined || range.family !== family || range.first > last) {
      runs.push([holding])
      last = range.last
    } else {
      run.push(holding)
      if (range.last > last) last = range.last
    }
    family = range.family
  }
  return runs
}

/** Union-find over node names: the IPv4 and the IPv6 range of one configuration are one cause. */
function joinNodes(runs: readonly Holding[][]): (node: string) => string {
  const parent = new Map<string, string>()
  const find = (node: string): string => {
    let root = node
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up
    for (let at = node; at !== root; ) {
      const next = parent.get(at) ?? root
      parent.set(at, root)
      at = next
    }
    return root
  }
  for (const run of runs) for (const { state } of run) parent.set(find(state.node), find(run[0]?.state.node ?? state.node))
  return find
}

function describe(holdings: readonly Holding[]): SharedRanges {
  const subnets = new Map(holdings.map(({ range }) => [formatCidr(range.subnet), range.subnet]))
  return {
    subnets: [...subnets.values()].sort(compareCidrs),
    nodes: [...new Set(holdings.map(({ state }) => state.node))].sort(),
    holdings: [...holdings].sort((a, b) =>
      a.state.node === b.state.node ? compareRanges(a.range.range, b.range.range) : a.state.node < b.state.node ? -1 : 1,
    ),
    set: rangeSet(holdings.map(({ range }) => range.range)),
  }
}

/** The node was given this range by the API: where all were, the overlap of node ranges is the cause, and DUP-102 reports it. */
const isIssued = ({ state, range }: Holding, inventory: Inventory): boolean =>
  (inventory.nodeOf.get(state.node)?.podCidrs ?? []).some((cidr) => cidrCovers(cidr, range.subnet))

/** One group for all nodes connected by overlapping ranges. No node is in two groups. */
export function sharedFixedRanges(inventory: Inventory): readonly SharedRanges[] {
  const holdings = inventory.nodeStates.flatMap((state): Holding[] => {
    const network = fixedDefault(state)
    // A range that ends before it starts is CFG-602's; it holds nothing that could be shared.
    return network === undefined ? [] : network.ranges.filter(({ range }) => range.first <= range.last).map((range) => ({ state, network, range }))
  })
  const shared = overlappingRuns(holdings).filter(
    (run) => new Set(run.map(({ state }) => state.node)).size > 1 && !run.every((holding) => isIssued(holding, inventory)),
  )
  const root = joinNodes(shared)
  return [...groupBy(shared.flat(), ({ state }) => root(state.node)).values()]
    .map(describe)
    .sort((a, b) => compareRanges(a.set.ranges[0] ?? NOWHERE, b.set.ranges[0] ?? NOWHERE))
}

const NOWHERE = { family: 4, first: 0n, last: 0n } as const

/** The group that a node belongs to: what follows from it is not reported again. */
export function sharedRangesByNode(inventory: Inventory): ReadonlyMap<string, SharedRanges> {
  return new Map(sharedFixedRanges(inventory).flatMap((shared) => shared.nodes.map((node) => [node, shared] as const)))
}
