// All overlapping pairs among many ranges by one sort and one sweep; a pairwise loop over 65,536 ranges takes minutes.
import { compareRanges, type Range } from './range.ts'

/** Each pair of items whose ranges share an address, once. O(n log n + pairs). */
export function* overlappingPairs<T>(items: Iterable<T>, rangeFor: (item: T) => Range): Generator<readonly [T, T]> {
  const sorted = [...items].map((item) => ({ item, range: rangeFor(item) })).sort((a, b) => compareRanges(a.range, b.range))
  let open: typeof sorted = []
  for (const next of sorted) {
    open = open.filter(({ range }) => range.family === next.range.family && range.last >= next.range.first)
    for (const { item } of open) yield [item, next.item]
    open.push(next)
  }
}
