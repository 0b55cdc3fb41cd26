// Writes the blocks of a pool as text, one after the other: the inner loop of a plan of a million nodes.
// Closures and not generators: each level of `yield*` costs as much as writing the text.
import { bitsOf, type Family, formatValue, type Range } from '../net/index.ts'

/** The next block as CIDR text; '' when there is none. */
export type BlockCursor = () => string

const octets: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet))

/** IPv4 fits a number; arithmetic by bigint would take eight times as long. */
function ipv4Blocks(ranges: readonly Range[], prefix: number): BlockCursor {
  const step = 2 ** (32 - prefix)
  const suffix = `/${prefix}`
  let index = -1
  let base = 0
  let last = -1
  let upper = -1
  let head = ''
  return () => {
    if (base > last) {
      const range = ranges[++index]
      if (range === undefined) return ''
      base = Number(range.first)
      last = Number(range.last)
    }
    if (base >>> 16 !== upper) {
      upper = base >>> 16
      head = `${octets[upper >>> 8]}.${octets[upper & 255]}.`
    }
    const text = `${head}${octets[(base >>> 8) & 255]}.${octets[base & 255]}${suffix}`
    base += step
    return text
  }
}

function ipv6Blocks(ranges: readonly Range[], prefix: number): BlockCursor {
  const step = 1n << BigInt(bitsOf(6) - prefix)
  let index = -1
  let base = 0n
  let last = -1n
  return () => {
    if (base > last) {
      const range = ranges[++index]
      if (range === undefined) return ''
      base = range.first
      last = range.last
    }
    const text = `${formatValue(6, base)}/${prefix}`
    base += step
    return text
  }
}

/** Walks the blocks of `prefix` in ranges that begin and end at block borders. */
export const blockTexts = (family: Family, ranges: readonly Range[], prefix: number): BlockCursor =>
  family === 4 ? ipv4Blocks(ranges, prefix) : ipv6Blocks(ranges, prefix)
