// Puts ranges in order; what range sets and the search for overlaps begin with.
import { compareRanges, type Range } from './range.ts'

export interface SortedRanges {
  /** Indices of the ranges in the order of compareRanges; equal ranges keep their order. */
  readonly order: Uint32Array
  /** First and last address of each range by index, as doubles, IPv6 above IPv4. Rounding never swaps two numbers; below EXACT there is none. */
  readonly firsts: Float64Array
  readonly lasts: Float64Array
}

export const EXACT = 2 ** 53

/**
 * A radix sort (least significant digit first) by the first address as a double, because Array.sort calls back a million times for 65,536 ranges
 * and grows faster than its input. Only ranges of equal keys need the exact comparison.
 */
export function sortRanges(ranges: readonly Range[]): SortedRanges {
  const firsts = new Float64Array(ranges.length)
  const lasts = new Float64Array(ranges.length)
  for (let i = 0; i < ranges.length; i++) {
    const { family, first, last } = ranges[i] as Range
    const offset = family === 4 ? 0 : 2 ** 33
    firsts[i] = Number(first) + offset
    lasts[i] = Number(last) + offset
  }
  const order = radixOrder(firsts)
  for (let start = 0, end = 1; start < order.length; start = end, end = start + 1) {
    const key = firsts[order[start] as number]
    while (end < order.length && firsts[order[end] as number] === key) end++
    if (end - start > 1) order.subarray(start, end).sort((a, b) => compareRanges(ranges[a] as Range, ranges[b] as Range))
  }
  return { order, firsts, lasts }
}

// Which byte of a double in memory is the least significant.
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** The stable order of doubles that are not negative: such doubles compare like their bytes. */
export function radixOrder(keys: Float64Array): Uint32Array {
  const bytes = new Uint8Array(keys.buffer)
  let order = new Uint32Array(keys.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  let next = new Uint32Array(keys.length)
  const starts = new Uint32Array(257)
  for (let digit = 0; digit < 8; digit++) {
    const offset = LITTLE_ENDIAN ? digit : 7 - digit
    starts.fill(0)
    for (let at = offset; at < bytes.length; at += 8) {
      const byte = bytes[at] as number
      starts[byte + 1] = (starts[byte + 1] as number) + 1
    }
    if (starts.includes(keys.length)) continue // the same byte everywhere
    for (let byte = 1; byte < 256; byte++) starts[byte] = (starts[byte] as number) + (starts[byte - 1] as number)
    for (let i = 0; i < order.length; i++) {
      const index = order[i] as number
      const byte = bytes[8 * index + offset] as number
      const position = starts[byte] as number
      next[position] = index
      starts[byte] = position + 1
    }
    ;[order, next] = [next, order]
  }
  return order
}
