// An inclusive run of addresses of one family. Ranges written start-end stay ranges: widening them to CIDRs invents overlaps (metallb #2779).
import { type Address, bitsOf, compareAddresses, type Family, formatValue, parseAddress } from './address.ts'
import { type Cidr, formatCidr, lastOf, parseCidr } from './cidr.ts'
import { NetSyntaxError } from './syntax-error.ts'

export interface Range {
  readonly family: Family
  readonly first: bigint
  readonly last: bigint
}

export const rangeOf = (cidr: Cidr): Range => ({ family: cidr.family, first: cidr.base, last: lastOf(cidr) })

export const rangeOfAddress = (address: Address): Range => ({ family: address.family, first: address.value, last: address.value })

/** @throws RangeError when the ends are of two families or in the wrong order */
export function rangeBetween(first: Address, last: Address): Range {
  if (first.family !== last.family || compareAddresses(first, last) > 0)
    throw new RangeError('a range runs from a lower to a higher address of one family')
  return { family: first.family, first: first.value, last: last.value }
}

/** A CIDR, one address, or `first-last`. @throws NetSyntaxError */
export function parseRange(text: string): Range {
  if (text.includes('/')) return rangeOf(parseCidr(text))
  const dash = text.indexOf('-')
  if (dash < 0) return rangeOfAddress(parseAddress(text))
  const first = parseAddress(text.slice(0, dash).trim())
  const last = parseAddress(text.slice(dash + 1).trim())
  if (first.family !== last.family) throw new NetSyntaxError(text, 'has ends of two address families')
  if (first.value > last.value) throw new NetSyntaxError(text, 'starts after it ends', `${text.slice(dash + 1).trim()}-${text.slice(0, dash).trim()}`)
  return rangeBetween(first, last)
}

export const rangeSize = (range: Range): bigint => range.last - range.first + 1n

export const rangeHolds = (range: Range, address: Address): boolean =>
  range.family === address.family && range.first <= address.value && address.value <= range.last

export const rangesOverlap = (a: Range, b: Range): boolean => a.family === b.family && a.first <= b.last && b.first <= a.last

export const rangeCovers = (outer: Range, inner: Range): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last

/** By family, first, then last. */
export function compareRanges(a: Range, b: Range): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.first !== b.first) return a.first < b.first ? -1 : 1
  return a.last < b.last ? -1 : a.last > b.last ? 1 : 0
}

/** The CIDR that a range is, or undefined when it is not exactly one. */
export function asCidr(range: Range): Cidr | undefined {
  const size = rangeSize(range)
  if ((size & (size - 1n)) !== 0n || (range.first & (size - 1n)) !== 0n) return undefined
  return { family: range.family, base: range.first, prefix: bitsOf(range.family) - (size.toString(2).length - 1) }
}

/** CIDR text when the range is one, a single address, or `first-last`. */
export function formatRange(range: Range): string {
  if (range.first === range.last) return formatValue(range.family, range.first)
  const cidr = asCidr(range)
  return cidr === undefined ? `${formatValue(range.family, range.first)}-${formatValue(range.family, range.last)}` : formatCidr(cidr)
}

/** The fewest CIDRs that make up the range, in order. */
export function* cidrsOf(range: Range): Generator<Cidr> {
  const bits = bitsOf(range.family)
  let base = range.first
  while (base <= range.last) {
    let host = 0
    // Grow while the base stays aligned and the block stays inside.
    while (host < bits && (base & ((1n << BigInt(host + 1)) - 1n)) === 0n && base + (1n << BigInt(host + 1)) - 1n <= range.last) host++
    yield { family: range.family, base, prefix: bits - host }
    base += 1n << BigInt(host)
  }
}
