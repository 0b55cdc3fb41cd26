// How full the range of each node is: the one computation behind the report's node table and the rules about node capacity.
import { type Address, addressKey, type Family, type Range, rangeHolds, rangeSet } from '../net/index.ts'
import { usesNodeRanges } from './detect-mode.ts'
import { isDefaultNetwork, rangesOfNetwork, rangesOfNode, shownRange, usableOf } from './host-local-ranges.ts'
import type { Node } from './inventory.ts'
import type { Inventory } from './merge-inventory.ts'
import type { HostLocalRange, NodeState } from './node-state.ts'

/** One range set of a node's default network: every pod gets one address of each set, so the first full set stops the node (host-local range_set.go). */
export interface NodeRangeSet {
  readonly family: Family
  readonly ranges: readonly HostLocalRange[]
  /** Addresses that can be handed out, gateways left out. */
  readonly usable: bigint
}

export interface NodeRanges {
  readonly node: string
  readonly sets: readonly NodeRangeSet[]
  /** Where the ranges were read. */
  readonly origin: string
}

export interface SetUsage extends NodeRangeSet {
  /** Addresses with an allocation file, on a live pod, or both. */
  readonly used: number
  /** Addresses with an allocation file and without a live pod; undefined where pods or files were not read. */
  readonly unheld: number | undefined
}

export interface NodeUsage {
  readonly name: string
  readonly ranges: readonly Range[]
  /** Of the set with the fewest addresses left: the one that limits the node. */
  readonly capacity: bigint
  readonly allocated: bigint
  readonly available: bigint
  /** allocatable.pods */
  readonly maxPods: number | undefined
  /** Live pods with an address of their own; those on the host network are not among them. */
  readonly pods: number
  readonly sets: readonly SetUsage[]
  readonly origin: string
}

/** The configuration on the node wins over the node object; files of an earlier CNI say nothing once another system hands out the addresses. */
function rangesFor(node: Node | undefined, state: NodeState | undefined, inventory: Inventory): readonly HostLocalRange[] {
  const network = state?.networks.find((candidate) => candidate.order === 0)
  if (state !== undefined && network?.ipam === 'host-local') return rangesOfNetwork(network, state, node)
  return usesNodeRanges(inventory.mode) ? rangesOfNode(node) : []
}

function setsOf(ranges: readonly HostLocalRange[]): NodeRangeSet[] {
  const sets = new Map<number, HostLocalRange[]>()
  for (const range of ranges) sets.set(range.set, [...(sets.get(range.set) ?? []), range])
  return [...sets.values()].map((own) => ({
    family: own[0]?.range.family ?? 4,
    ranges: own,
    usable: own.reduce((sum, range) => sum + usableOf(range), 0n),
  }))
}

/** Nodes whose pods take their addresses from a range of the node, by name: those of the API, and those that only files tell of. */
export function nodeRanges(inventory: Inventory): readonly NodeRanges[] {
  const names = [...new Set([...inventory.nodeOf.keys(), ...inventory.stateOf.keys()])].sort()
  return names.flatMap((name) => {
    const node = inventory.nodeOf.get(name)
    const state = inventory.stateOf.get(name)
    const sets = setsOf(rangesFor(node, state, inventory))
    return sets.length === 0 || node?.virtual === true ? [] : [{ node: name, sets, origin: node?.origin ?? state?.origin ?? name }]
  })
}

const left = (set: SetUsage): bigint => (set.usable > BigInt(set.used) ? set.usable - BigInt(set.used) : 0n)

/** How full each node is. O(allocation files + pods). */
export function nodeUsage(inventory: Inventory): readonly NodeUsage[] {
  const podsKnown = inventory.coverage.some((coverage) => coverage.source === 'pods' && coverage.read > 0)
  return nodeRanges(inventory).map(({ node, sets, origin }) => {
    const state = inventory.stateOf.get(node)
    const shown = inventory.shownOn(node)
    const files = distinct(takenByFiles(state)).filter((address) => !inventory.holders(address).some((pod) => pod.node === node))
    const usages = sets.map((set): SetUsage => {
      const ranges = apart(set.ranges.map(({ range }) => range))
      const unheld = files.filter((address) => ranges.some((range) => rangeHolds(range, address))).length
      const held = ranges.reduce((sum, range) => sum + shown.within(range), 0)
      return { ...set, used: held + unheld, unheld: podsKnown && state !== undefined ? unheld : undefined }
    })
    const [first, ...others] = usages
    const tightest = others.reduce((a, b) => (a !== undefined && left(b) < left(a) ? b : a), first)
    return {
      name: node,
      ranges: sets.flatMap((set) => set.ranges.map(shownRange)),
      capacity: tightest?.usable ?? 0n,
      allocated: BigInt(tightest?.used ?? 0),
      available: tightest === undefined ? 0n : left(tightest),
      maxPods: inventory.nodeOf.get(node)?.maxPods,
      pods: inventory.countOn(node),
      sets: usages,
      origin,
    }
  })
}

/** Ranges that overlap count once. */
const apart = (ranges: readonly Range[]): readonly Range[] =>
  ranges.length === 1 ? ranges : rangeSet(ranges.filter(({ first, last }) => first <= last)).ranges

const distinct = (addresses: readonly Address[]): Address[] => [...new Map(addresses.map((address) => [addressKey(address), address])).values()]

/** Whatever has the canonical name of an address blocks it, be the content good or not; a name in another spelling blocks nothing (host-local opens the canonical one). */
const takenByFiles = (state: NodeState | undefined): Address[] =>
  (state?.directories ?? []).flatMap((directory) =>
    state === undefined || !isDefaultNetwork(state, directory)
      ? []
      : directory.files.flatMap(({ address, fault }) => (address === undefined || fault === 'other-spelling' ? [] : [address])),
  )
