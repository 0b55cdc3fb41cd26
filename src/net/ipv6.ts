// IPv6 text to number and back (RFC 4291 section 2.2 in, RFC 5952 out). Zones are refused: an address plan has no interfaces.
import { formatIpv4, parseIpv4 } from './ipv4.ts'

const groups = new Uint16Array(8)
const halves = new BigUint64Array(2)
const words = new Uint32Array(halves.buffer)
// Byte order decides which 32-bit word of a 64-bit half is the high one.
const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
const [HIGH, LOW] = LITTLE ? [1, 0] : [0, 1]

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48
  if (c >= 97 && c <= 102) return c - 87
  if (c >= 65 && c <= 70) return c - 55
  return -1
}

/** The 128-bit number of an IPv6 text, or -1n if it is none. */
export function parseIpv6(text: string, from = 0, to = text.length): bigint {
  if (to - from < 2 || to - from > 45) return -1n
  let count = 0
  let gap = -1
  let i = from
  if (text.charCodeAt(i) === 58) {
    if (text.charCodeAt(i + 1) !== 58) return -1n
    gap = 0
    i += 2
  }
  while (i < to) {
    if (count === 8) return -1n
    let value = 0
    const start = i
    while (i < to) {
      const digit = hexDigit(text.charCodeAt(i))
      if (digit < 0) break
      if (i - start === 4) return -1n
      value = value * 16 + digit
      i++
    }
    if (i < to && text.charCodeAt(i) === 46) {
      const tail = parseIpv4(text, start, to)
      if (tail < 0 || count > 6) return -1n
      groups[count++] = tail >>> 16
      groups[count++] = tail & 0xffff
      i = to
      break
    }
    if (i === start) return -1n
    groups[count++] = value
    if (i === to) break
    if (text.charCodeAt(i) !== 58) return -1n
    i++
    if (i < to && text.charCodeAt(i) === 58) {
      if (gap >= 0) return -1n
      gap = count
      i++
    } else if (i === to) return -1n
  }
  if (gap < 0 ? count !== 8 : count > 7) return -1n
  return combine(count, gap)
}

function combine(count: number, gap: number): bigint {
  if (gap >= 0) {
    const tail = count - gap
    for (let k = 0; k < tail; k++) groups[7 - k] = groups[count - 1 - k] ?? 0
    for (let k = gap; k < 8 - tail; k++) groups[k] = 0
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  words[HIGH] = a * 65536 + b
  words[LOW] = c * 65536 + d
  words[2 + HIGH] = e * 65536 + f
  words[2 + LOW] = g * 65536 + h
  return ((halves[0] ?? 0n) << 64n) | (halves[1] ?? 0n)
}

/** RFC 5952 text: lower case, the longest run of at least two zero groups as `::`, the first on a tie; IPv4-mapped with a dotted tail (section 5). */
export function formatIpv6(value: bigint): string {
  halves[0] = value >> 64n
  halves[1] = value & 0xffff_ffff_ffff_ffffn
  const list: number[] = []
  for (const word of [words[HIGH], words[LOW], words[2 + HIGH], words[2 + LOW]]) list.push((word ?? 0) >>> 16, (word ?? 0) & 0xffff)
  if (value >> 32n === 0xffffn) return `::ffff:${formatIpv4(Number(value & 0xffff_ffffn))}`
  let best = -1
  let bestLength = 1
  for (let i = 0; i < 8; ) {
    let end = i
    while (end < 8 && list[end] === 0) end++
    if (end - i > bestLength) {
      best = i
      bestLength = end - i
    }
    i = end + 1
  }
  const hex = (from: number, to: number) =>
    list
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  return best < 0 ? hex(0, 8) : `${hex(0, best)}::${hex(best + bestLength, 8)}`
}
