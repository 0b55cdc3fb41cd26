// An inclusive run of addresses of one family. Ranges written start-end stay ranges: widening them to CIDRs invents overlaps (metallb #2779).
import { type Address, addressFault, bitsOf, compareAddresses, type Family, formatAddress, formatValue, tryAddress, unmapped } from './address.ts'
import { type Cidr, formatCidr, lastOf, parseCidr } from './cidr.ts'
import { MAX_ADDRESS_TEXT } from './faults.ts'
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

/** A CIDR, one address, or `first-last` (spaces around the dash allowed), as strict as parseCidr. @throws NetSyntaxError */
export function parseRange(text: string): Range {
  if (text.length > 2 * MAX_ADDRESS_TEXT + ' - '.length) throw new NetSyntaxError(text, 'is longer than any range')
  const parts = text.split(/ *- */)
  if (parts.length > 2) throw new NetSyntaxError(text, 'has more than one dash')
  const [head = '', tail] = parts
  if (text.includes('/')) {
    if (tail === undefined) return rangeOf(parseCidr(text))
    throw new NetSyntaxError(text, 'has a dash and a slash; write either first-last or a CIDR')
  }
  if (tail === undefined) return rangeOfAddress(parseEnd(text, head, ''))
  const first = parseEnd(text, head, 'has a first address that ')
  const last = parseEnd(text, tail, 'has a last address that ')
  if (first.family !== last.family) throw new NetSyntaxError(text, 'has ends of two address families')
  if (first.value > last.value) throw new NetSyntaxError(text, 'starts after it ends', `${formatAddress(last)}-${formatAddress(first)}`)
  return rangeBetween(first, last)
}

function parseEnd(text: string, part: string, lead: string): Address {
  const address = tryAddress(part)
  if (address === undefined) throw new NetSyntaxError(text, `${lead}${addressFault(part)}`)
  const v4 = unmapped(address)
  if (v4 !== undefined) throw new NetSyntaxError(text, `${lead}is IPv4-mapped`, formatAddress(v4))
  return address
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
  return { family: range.family, base: range.first, prefix: prefixFor(range.family, size) }
}

/** Prefix length of a network of `size` addresses, a power of two. A double holds any power of two exactly. */
const prefixFor = (family: Family, size: bigint): number => bitsOf(family) - Math.round(Math.log2(Number(size)))

/** CIDR text when the range is one, a single address, or `first-last`. */
export function formatRange(range: Range): string {
  if (range.first === range.last) return formatValue(range.family, range.first)
  const cidr = asCidr(range)
  return cidr === undefined ? `${formatValue(range.family, range.first)}-${formatValue(range.family, range.last)}` : formatCidr(cidr)
}

/** The fewest CIDRs that make up the range, in order. */
export function* cidrsOf(range: Range): Generator<Cidr> {
  let base = range.first
  while (base <= range.last) {
    const left = range.last - base + 1n
    // The lowest set bit of the base is the largest aligned size; the base 0 is aligned to everything.
    let size = base === 0n ? 1n << BigInt(bitsOf(range.family)) : base & -base
    while (size > left) size >>= 1n
    yield { family: range.family, base, prefix: prefixFor(range.family, size) }
    base += size
  }
}
