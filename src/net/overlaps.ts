// All overlapping pairs among many ranges by one sort and one sweep; a pairwise loop over 65,536 ranges takes minutes.
import { type Range, rangesOverlap } from './range.ts'
import { EXACT, sortRanges } from './sort-ranges.ts'

/** Each pair of items whose ranges share an address, once, the one that starts first in front. Linear in items and pairs. */
export function* overlappingPairs<T>(items: Iterable<T>, rangeFor: (item: T) => Range): Generator<readonly [T, T]> {
  const list = [...items]
  const ranges = list.map((item) => rangeFor(item))
  const { order, firsts, lasts } = sortRanges(ranges)
  // The first `count` entries are ranges that may still reach the next one; shortening the array instead would free and allocate it each time.
  const open: number[] = []
  let count = 0
  for (const next of order) {
    const first = firsts[next] as number
    let kept = 0
    for (let i = 0; i < count; i++) {
      const earlier = open[i] as number
      const last = lasts[earlier] as number
      // What does not reach the start of this range does not reach any that follow.
      if (last < first || (last === first && first >= EXACT && !rangesOverlap(ranges[earlier] as Range, ranges[next] as Range))) continue
      open[kept++] = earlier
      yield [list[earlier] as T, list[next] as T]
    }
    open[kept] = next
    count = kept + 1
  }
}
