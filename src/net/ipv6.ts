// IPv6 text to number and back (RFC 4291 section 2.2 in, RFC 5952 out). Zones are refused: an address plan has no interfaces.
import { formatIpv4, parseIpv4 } from './ipv4.ts'

// Scratch for one address in network byte order: going through it costs a third of 128-bit arithmetic on bigints.
const bytes = new DataView(new ArrayBuffer(16))
const groupAt = (index: number): number => bytes.getUint16(2 * index)
const setGroup = (index: number, group: number): void => bytes.setUint16(2 * index, group)

/** The 128-bit number of an IPv6 text, or -1n if it is none. */
export function parseIpv6(text: string): bigint {
  const end = text.length
  if (end < 2 || end > 45) return -1n
  let count = 0
  let gap = -1
  let i = 0
  if (text.charCodeAt(0) === 58) {
    if (text.charCodeAt(1) !== 58) return -1n
    gap = 0
    i = 2
  }
  while (i < end) {
    if (count === 8) return -1n
    const start = i
    let group = 0
    let c = text.charCodeAt(i)
    for (let digit = hexDigit(c); digit >= 0; digit = hexDigit(c)) {
      if (i - start === 4) return -1n
      group = group * 16 + digit
      if (++i === end) break
      c = text.charCodeAt(i)
    }
    if (i === start) return -1n
    if (c === 46) {
      const tail = parseIpv4(text, start)
      if (tail < 0 || count > 6) return -1n
      setGroup(count++, tail >>> 16)
      setGroup(count++, tail & 0xffff)
      break
    }
    setGroup(count++, group)
    if (i === end) break
    if (c !== 58 || ++i === end) return -1n
    if (text.charCodeAt(i) === 58) {
      if (gap >= 0) return -1n
      gap = count
      i++
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return -1n
  if (gap >= 0) fillGap(gap, count)
  return (bytes.getBigUint64(0) << 64n) | bytes.getBigUint64(8)
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48
  if (c >= 97 && c <= 102) return c - 87
  if (c >= 65 && c <= 70) return c - 55
  return -1
}

/** Moves the groups after the gap to the end and fills the gap with zeros. */
function fillGap(gap: number, count: number): void {
  let to = 7
  for (let from = count - 1; from >= gap; from--) setGroup(to--, groupAt(from))
  for (; to >= gap; to--) setGroup(to, 0)
}

// Number.toString(16) is several times slower than a look-up in V8.
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16))
const HEX_PADDED = HEX.map((text) => text.padStart(2, '0'))

/** RFC 5952 text: lower case, the longest run of at least two zero groups as `::`, the first on a tie; IPv4-mapped with a dotted tail (section 5). */
export function formatIpv6(value: bigint): string {
  bytes.setBigUint64(0, value >> 64n)
  bytes.setBigUint64(8, value) // keeps the low 64 bits
  let gap = 8
  let gapLength = 1
  for (let i = 0; i < 8; i++) {
    const start = i
    while (i < 8 && groupAt(i) === 0) i++
    if (i - start > gapLength) {
      gap = start
      gapLength = i - start
    }
  }
  if (gap === 0 && gapLength === 5 && groupAt(5) === 0xffff) return `::ffff:${formatIpv4(bytes.getUint32(12))}`
  let text = ''
  for (let i = 0; i < 8; i++) {
    if (i === gap) {
      text += '::'
      i += gapLength - 1
      continue
    }
    if (i > 0 && i !== gap + gapLength) text += ':'
    const group = groupAt(i)
    text += group < 256 ? HEX[group] : `${HEX[group >>> 8]}${HEX_PADDED[group & 255]}`
  }
  return text
}
