// An immutable set of addresses kept as sorted, disjoint, non-touching ranges of both families.
import type { Address, Family } from './address.ts'
import type { Cidr } from './cidr.ts'
import { cidrsOf, type Range, rangeHolds, rangeSize } from './range.ts'
import { EXACT, sortRanges } from './sort-ranges.ts'

export interface RangeSet {
  readonly ranges: readonly Range[]
}

export const emptyRangeSet: RangeSet = { ranges: [] }

/** The union of any ranges, in any order. One sort and one merge: linear. */
export function rangeSet(input: Iterable<Range>): RangeSet {
  const list = [...input]
  const { order, firsts, lasts } = sortRanges(list)
  const ranges: Range[] = []
  let top: Range | undefined
  let topLast = Number.NaN
  for (const index of order) {
    const next = list[index] as Range
    const [first, last] = [firsts[index] as number, lasts[index] as number]
    // Where doubles are exact they decide; reading the bigints of ranges all over memory takes longer than the sort.
    const exact = first < EXACT && last < EXACT
    if (top === undefined || (exact ? first > topLast + 1 : isApart(top, next))) ranges.push(next)
    else if (exact ? last > topLast : next.last > top.last) ranges[ranges.length - 1] = { family: top.family, first: top.first, last: next.last }
    else continue
    top = ranges.at(-1)
    topLast = last
  }
  return { ranges }
}

const isApart = (top: Range, next: Range): boolean => top.family !== next.family || next.first > top.last + 1n

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
    if (rangeHolds(range, address)) return range
    if (range.family < address.family || (range.family === address.family && range.last < address.value)) low = middle + 1
    else high = middle - 1
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
export function sizeOf(set: RangeSet, family?: Family): bigint {
  let size = 0n
  for (const range of set.ranges) if (family === undefined || range.family === family) size += rangeSize(range)
  return size
}

/** The fewest CIDRs that make up the set. */
export function* aggregate(set: RangeSet): Generator<Cidr> {
  for (const range of set.ranges) yield* cidrsOf(range)
}
