// The ranges that were issued to single nodes and that their pods draw from.
import { usesNodeRanges } from '../../model/detect-mode.ts'
import type { Gap } from '../../model/finding.ts'
import { shownRange } from '../../model/host-local-ranges.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { nodeRanges } from '../../model/node-usage.ts'
import { compareRanges, type Family, formatRange, type Range, rangeOf } from '../../net/index.ts'
import { podRanges } from './cluster-ranges.ts'

export interface IssuedRange {
  readonly range: Range
  readonly text: string
  /** Nodes that it was issued to; more than one is a fault of its own (DUP-102). */
  readonly nodes: readonly string[]
  readonly origin: string
}

/** Blocks of the systems in force, and what nodes' own configuration says. With Calico and others the podCIDRs of nodes are left over and mean nothing (calico #2592). */
export function issuedRanges(inventory: Inventory): readonly IssuedRange[] {
  const inForce = usesNodeRanges(inventory.mode) || inventory.mode === 'unknown'
  const issued = new Map<string, { range: Range; nodes: Set<string>; origin: string }>()
  const add = (range: Range, node: string, origin: string) => {
    const text = formatRange(range)
    const entry = issued.get(text) ?? { range, nodes: new Set(), origin }
    entry.nodes.add(node)
    issued.set(text, entry)
  }
  for (const block of inventory.blocks)
    if (block.domain === 'default' && (inForce || block.system !== 'node-cidr')) add(rangeOf(block.cidr), block.node, block.origin)
  for (const { node, sets, origin } of nodeRanges(inventory))
    for (const set of sets) for (const range of set.ranges) add(shownRange(range), node, origin)
  return [...issued]
    .map(([text, { range, nodes, origin }]) => ({ range, text, nodes: [...nodes].sort(), origin }))
    .sort((a, b) => compareRanges(a.range, b.range))
}

/** A family whose nodes have ranges while nobody states what they were cut from: only the issued ranges can be compared. */
export function unknownClusterCidr(inventory: Inventory): readonly Gap[] {
  const known = new Set<Family>(podRanges(inventory).map(({ range }) => range.family))
  const families = [...new Set(issuedRanges(inventory).map(({ range }) => range.family))].filter((family) => !known.has(family))
  return families.map((family) => ({
    reason: `the cluster CIDR is not known (IPv${family}): only the ranges issued to nodes were looked at`,
    whole: false,
  }))
}
