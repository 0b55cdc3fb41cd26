// Writes the blocks of a pool as text, one after the other: the inner loop of a plan of a million nodes.
import { bitsOf, type Family, formatValue, type Range } from '../net/index.ts'

const octets: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet))

/** IPv4 fits a number; arithmetic and text by bigint would take eight times as long. */
function* ipv4Blocks(first: number, last: number, prefix: number): Generator<string> {
  const step = 2 ** (32 - prefix)
  const suffix = `/${prefix}`
  let upper = -1
  let head = ''
  for (let base = first; base <= last; base += step) {
    if (base >>> 16 !== upper) {
      upper = base >>> 16
      head = `${octets[upper >>> 8]}.${octets[upper & 255]}.`
    }
    yield `${head}${octets[(base >>> 8) & 255]}.${octets[base & 255]}${suffix}`
  }
}

function* ipv6Blocks(first: bigint, last: bigint, prefix: number): Generator<string> {
  const step = 1n << BigInt(bitsOf(6) - prefix)
  for (let base = first; base <= last; base += step) yield `${formatValue(6, base)}/${prefix}`
}

/** CIDR text of each block of `prefix` in ranges that begin and end at block borders. */
export function* blockTexts(family: Family, ranges: readonly Range[], prefix: number): Generator<string> {
  for (const { first, last } of ranges) {
    if (family === 4) yield* ipv4Blocks(Number(first), Number(last), prefix)
    else yield* ipv6Blocks(first, last, prefix)
  }
}
