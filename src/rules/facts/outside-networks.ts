// Entries of lists of networks outside the cluster. A range written first-last comes as several CIDRs of one entry, and is one thing again here.

import { groupBy } from '../../model/group-by.ts'
import type { OutsideNetwork } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { compareRanges, formatRange, type Range, rangeOf } from '../../net/index.ts'

export interface OutsideEntry {
  readonly network: OutsideNetwork
  readonly range: Range
  readonly text: string
}

/** By address, whatever the order of the files. */
export function outsideEntries(inventory: Inventory, kind: OutsideNetwork['kind']): readonly OutsideEntry[] {
  const groups = groupBy(
    inventory.outside.filter((network) => network.kind === kind),
    ({ name, origin }) => `${origin}\0${name}`,
  )
  const entries = [...groups.values()]
    .flatMap(joined)
    .sort((a, b) => compareRanges(a.range, b.range) || (a.network.origin < b.network.origin ? -1 : 1))
  // Two lists may name one network.
  return [...new Map(entries.map((entry) => [`${entry.network.name}\0${entry.text}\0${entry.network.reachable}`, entry])).values()]
}

/** Neighbours become one range; one entry may hold several. */
function joined(networks: readonly OutsideNetwork[]): OutsideEntry[] {
  const ranges: { network: OutsideNetwork; range: Range }[] = []
  for (const network of [...networks].sort((a, b) => compareRanges(rangeOf(a.cidr), rangeOf(b.cidr)))) {
    const range = rangeOf(network.cidr)
    const before = ranges.at(-1)
    if (before?.range.family === range.family && before.range.last + 1n === range.first) before.range = { ...before.range, last: range.last }
    else ranges.push({ network, range })
  }
  return ranges.map(({ network, range }) => ({ network, range, text: formatRange(range) }))
}
