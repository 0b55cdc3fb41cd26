// The blocks of one pool: which are free, which are withheld, which are taken; all as ranges that begin and end at block borders.
import { blockSize, type Cidr, cidrSize, intersect, type Range, type RangeSet, rangeOf, rangeSet, sizeOf, subtract } from '../net/index.ts'

/** Ranges widened to whole blocks and cut to the pool: one address in a block makes the block unusable, as in kube-controller-manager. */
export function blocksTouched(cidr: Cidr, prefix: number, ranges: readonly Range[]): RangeSet {
  const mask = blockSize(cidr.family, prefix) - 1n
  const inside = intersect(rangeSet(ranges), rangeSet([rangeOf(cidr)]))
  return rangeSet(inside.ranges.map(({ family, first, last }) => ({ family, first: first & ~mask, last: last | mask })))
}

/** Ranges of the set that touch the network, found by bisection. */
export function rangesIn({ ranges }: RangeSet, cidr: Cidr): readonly Range[] {
  const { family, first, last } = rangeOf(cidr)
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    const range = ranges[middle] as Range
    if (range.family < family || (range.family === family && range.last < first)) low = middle + 1
    else high = middle
  }
  let end = low
  for (let next = ranges[end]; next !== undefined && next.family === family && next.first <= last; next = ranges[end]) end++
  return ranges.slice(low, end)
}

/** How many blocks such ranges hold. */
export const blocksIn = (set: RangeSet, cidr: Cidr, prefix: number): bigint => sizeOf(set) / blockSize(cidr.family, prefix)

/** Blocks of the pool that nodes may get. */
export function blocksLeft(cidr: Cidr, prefix: number, ranges: readonly Range[]): bigint {
  return cidrSize(cidr) / blockSize(cidr.family, prefix) - blocksIn(blocksTouched(cidr, prefix, ranges), cidr, prefix)
}

/** Splits a set after its first `addresses` addresses. */
export function splitSet(set: RangeSet, addresses: bigint): { readonly head: RangeSet; readonly tail: RangeSet } {
  let missing = addresses
  const head: Range[] = []
  for (const { family, first, last } of set.ranges) {
    if (missing <= 0n) break
    const end = first + missing - 1n < last ? first + missing - 1n : last
    head.push({ family, first, last: end })
    missing -= end - first + 1n
  }
  return { head: { ranges: head }, tail: subtract(set, { ranges: head }) }
}
