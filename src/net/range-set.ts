// An immutable set of addresses kept as sorted, disjoint, non-touching ranges of both families.
import { type Address, compareAddresses } from './address.ts'
import type { Cidr } from './cidr.ts'
import { cidrsOf, compareRanges, type Range, rangeSize } from './range.ts'

export interface RangeSet {
  readonly ranges: readonly Range[]
}

export const emptyRangeSet: RangeSet = { ranges: [] }

/** The union of any ranges, in any order. One sort and one merge: O(n log n). */
export function rangeSet(input: Iterable<Range>): RangeSet {
  const sorted = [...input].sort(compareRanges)
  const ranges: Range[] = []
  for (const next of sorted) {
    const top = ranges.at(-1)
    if (top === undefined || top.family !== next.family || next.first > top.last + 1n) ranges.push(next)
    else if (next.last > top.last) ranges[ranges.length - 1] = { family: top.family, first: top.first, last: next.last }
  }
  return { ranges }
}

export const union = (a: RangeSet, b: RangeSet): RangeSet => rangeSet([...a.ranges, ...b.ranges])

/** What is in `a` and not in `b`. */
export function subtract(a: RangeSet, b: RangeSet): RangeSet {
  const ranges: Range[] = []
  let j = 0
  for (const range of a.ranges) {
    let first = range.first
    while (j < b.ranges.length && isBefore(b.ranges[j] as Range, range)) j++
    for (let k = j; k < b.ranges.length && first <= range.last; k++) {
      const hole = b.ranges[k] as Range
      if (hole.family !== range.family || hole.first > range.last) break
      if (hole.first > first) ranges.push({ family: range.family, first, last: hole.first - 1n })
      if (hole.last + 1n > first) first = hole.last + 1n
    }
    if (first <= range.last) ranges.push({ family: range.family, first, last: range.last })
  }
  return { ranges }
}

const isBefore = (a: Range, b: Range): boolean => a.family < b.family || (a.family === b.family && a.last < b.first)

/** What is in both; by way of subtraction, so that there is one sweep to prove. */
export const intersect = (a: RangeSet, b: RangeSet): RangeSet => subtract(a, subtract(a, b))

/** The range of the set that holds the address, found by bisection. */
export function rangeWith(set: RangeSet, address: Address): Range | undefined {
  let low = 0
  let high = set.ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = set.ranges[middle] as Range
    if (compareAddresses(address, { family: range.family, value: range.first }) < 0) high = middle - 1
    else if (range.family !== address.family || address.value > range.last) low = middle + 1
    else return range
  }
  return undefined
}

export const holds = (set: RangeSet, address: Address): boolean => rangeWith(set, address) !== undefined

/** True when every address of `range` is in the set. */
export function coversRange(set: RangeSet, range: Range): boolean {
  const found = rangeWith(set, { family: range.family, value: range.first })
  return found !== undefined && range.last <= found.last
}

/** Exact number of addresses, of one family or of both. */
export function sizeOf(set: RangeSet, family?: 4 | 6): bigint {
  let size = 0n
  for (const range of set.ranges) if (family === undefined || range.family === family) size += rangeSize(range)
  return size
}

/** The fewest CIDRs that make up the set. */
export function* aggregate(set: RangeSet): Generator<Cidr> {
  for (const range of set.ranges) yield* cidrsOf(range)
}
