// The ranges that were issued to single nodes and that their pods draw from.
import { usesNodeRanges } from '../../model/detect-mode.ts'
import type { Evidence, Gap } from '../../model/finding.ts'
import { shownRange } from '../../model/host-local-ranges.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { nodeRanges } from '../../model/node-usage.ts'
import { compareRanges, type Family, formatRange, type Range, rangeCovers, rangeOf } from '../../net/index.ts'
import { podRanges, serviceRanges } from './cluster-ranges.ts'
import { nameList } from './name-list.ts'

export interface IssuedRange {
  readonly range: Range
  /** Nodes that it was issued to; more than one is a fault of its own (DUP-102). */
  readonly nodes: readonly string[]
  readonly origin: string
}

interface Issue {
  readonly range: Range
  readonly node: string
  readonly origin: string
}

/** Blocks of the systems in force, and what nodes' own configuration says. With Calico and others the podCIDRs of nodes are left over and mean nothing (calico #2592). */
function* issues(inventory: Inventory): Generator<Issue> {
  const inForce = usesNodeRanges(inventory.mode) || inventory.mode === 'unknown'
  for (const block of inventory.blocks)
    if (block.domain === 'default' && block.node !== '' && (inForce || block.system !== 'node-cidr'))
      yield { range: rangeOf(block.cidr), node: block.node, origin: block.origin }
  if (inventory.stateOf.size === 0) return
  for (const { node, sets, origin } of nodeRanges(inventory)) {
    if (!inventory.stateOf.has(node)) continue
    for (const set of sets) for (const range of set.ranges) yield { range: shownRange(range), node, origin }
  }
}

/** Each range that was issued once, in address order. */
export function issuedRanges(inventory: Inventory): readonly IssuedRange[] {
  const sorted = [...issues(inventory)].sort((a, b) => compareRanges(a.range, b.range) || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0))
  const distinct: { range: Range; nodes: string[]; origin: string }[] = []
  for (const { range, node, origin } of sorted) {
    const before = distinct.at(-1)
    if (before === undefined || compareRanges(before.range, range) !== 0) distinct.push({ range, nodes: [node], origin })
    else if (before.nodes.at(-1) !== node) before.nodes.push(node)
  }
  return distinct
}

export const issuedText = ({ range }: IssuedRange): string => formatRange(range)

export const issuedEvidence = (issued: IssuedRange): Evidence => ({
  source: issued.origin,
  fact: `${issuedText(issued)} is issued to ${nameList(issued.nodes)}`,
})

export interface StrayRange extends IssuedRange {
  readonly text: string
  readonly evidence: readonly Evidence[]
}

/** Issued ranges that no stated pod range holds: the others add nothing to it. */
export function strayRanges(inventory: Inventory): readonly StrayRange[] {
  const stated = podRanges(inventory)
  return issuedRanges(inventory)
    .filter(({ range }) => !stated.some((pool) => rangeCovers(pool.range, range)))
    .map((issued) => ({ ...issued, text: issuedText(issued), evidence: [issuedEvidence(issued)] }))
}

function issuedFamilies(inventory: Inventory): ReadonlySet<Family> {
  const families = new Set<Family>()
  for (const { range } of issues(inventory)) families.add(range.family)
  return families
}

/** True when nothing at all says where pods get their addresses from. */
export const noPodRange = (inventory: Inventory): boolean => podRanges(inventory).length === 0 && issuedFamilies(inventory).size === 0

/** Families whose nodes have ranges while nobody states what they were cut from: only the issued ranges can be compared. */
export function unknownClusterCidr(inventory: Inventory): readonly Gap[] {
  const known = new Set<Family>(podRanges(inventory).map(({ range }) => range.family))
  const families = [...issuedFamilies(inventory)].filter((family) => !known.has(family)).sort()
  if (families.length === 0) return []
  const names = families.map((family) => `IPv${family}`).join(', ')
  return [{ reason: `the cluster CIDR is not known (${names}): only the ranges issued to nodes were looked at`, whole: false }]
}

/** What a rule about all ranges of the cluster has to leave out. */
export function unknownRanges(inventory: Inventory): readonly Gap[] {
  const noPods = noPodRange(inventory)
  const noServices = serviceRanges(inventory).length === 0
  if (noPods && noServices) return [{ reason: 'no pod range and no Service range is known', whole: true }]
  return [
    ...(noPods ? [{ reason: 'no pod range is known', whole: false }] : unknownClusterCidr(inventory)),
    ...(noServices ? [{ reason: 'the service range is not known', whole: false }] : []),
  ]
}
