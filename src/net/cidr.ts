// A network in canonical form: a base without host bits, and a prefix length.
import { type Address, addressFault, bitsOf, type Family, formatValue, tryAddress, unmapped } from './address.ts'
import { MAX_CIDR_TEXT, prefixFault } from './faults.ts'
import { NetSyntaxError } from './syntax-error.ts'

export interface Cidr {
  readonly family: Family
  readonly base: bigint
  /** Prefix length in bits. */
  readonly prefix: number
}

/** What text with a slash says, host bits kept. */
export interface AddressWithPrefix {
  readonly address: Address
  readonly prefix: number
}

const sizesOf = (bits: number): readonly bigint[] => Array.from({ length: bits + 1 }, (_, prefix) => 1n << BigInt(bits - prefix))
const SIZES = { 4: sizesOf(32), 6: sizesOf(128) } as const

/** Number of addresses in a network of this prefix length. @throws RangeError when the family has no such prefix length */
export function blockSize(family: Family, prefix: number): bigint {
  const size = SIZES[family][prefix]
  if (size === undefined) throw new RangeError(`prefix length ${prefix} is not a whole number from 0 to ${bitsOf(family)}`)
  return size
}

/** The network of `prefix` bits that holds `address`. @throws RangeError when the family has no such prefix length */
export function networkOf(address: Address, prefix: number): Cidr {
  const host = address.value & (blockSize(address.family, prefix) - 1n)
  return { family: address.family, base: host === 0n ? address.value : address.value - host, prefix }
}

/** `address/prefix` with host bits allowed (as in FLANNEL_SUBNET or a CNI result); undefined when the text is not strictly that. */
export function tryAddressWithPrefix(text: string): AddressWithPrefix | undefined {
  if (text.length > MAX_CIDR_TEXT) return undefined
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const prefix = parsePrefix(text, slash + 1)
  if (prefix < 0) return undefined
  const address = tryAddress(text.slice(0, slash))
  return address === undefined || prefix > bitsOf(address.family) ? undefined : { address, prefix }
}

/** One to three decimal digits without a leading zero, from `from` to the end, or -1. */
function parsePrefix(text: string, from: number): number {
  const count = text.length - from
  if (count < 1 || count > 3 || (count > 1 && text.charCodeAt(from) === 48)) return -1
  let prefix = 0
  for (let i = from; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    prefix = prefix * 10 + digit
  }
  return prefix
}

/** As tryAddressWithPrefix. @throws NetSyntaxError */
export function parseAddressWithPrefix(text: string): AddressWithPrefix {
  const parsed = tryAddressWithPrefix(text)
  if (parsed === undefined) throw addressWithPrefixError(text)
  return parsed
}

function addressWithPrefixError(text: string): NetSyntaxError {
  if (text.length > MAX_CIDR_TEXT) return new NetSyntaxError(text, 'is longer than any CIDR')
  const slash = text.indexOf('/')
  const head = slash < 0 ? text : text.slice(0, slash)
  const address = tryAddress(head)
  if (address === undefined) return new NetSyntaxError(text, slash === 0 ? 'has no address before the slash' : addressFault(head))
  const bits = bitsOf(address.family)
  if (slash < 0) return new NetSyntaxError(text, `has no prefix length; add one, /${bits} for this address alone`)
  return new NetSyntaxError(text, prefixFault(text.slice(slash + 1), bits))
}

/** Strict: host bits, leading zeros, zones and IPv4-mapped networks are errors. @throws NetSyntaxError, with the network that was probably meant */
export function parseCidr(text: string): Cidr {
  const { address, prefix } = parseAddressWithPrefix(text)
  const cidr = canonicalCidr(address, prefix)
  if (cidr !== undefined) return cidr
  const v4 = mappedNetwork(address, prefix)
  if (v4 !== undefined) throw new NetSyntaxError(text, 'is an IPv4-mapped network', formatCidr(v4))
  throw new NetSyntaxError(text, `has host bits set for /${prefix}`, formatCidr(networkOf(address, prefix)))
}

/** As parseCidr, but undefined where that throws. */
export function tryCidr(text: string): Cidr | undefined {
  const parsed = tryAddressWithPrefix(text)
  return parsed && canonicalCidr(parsed.address, parsed.prefix)
}

function canonicalCidr(address: Address, prefix: number): Cidr | undefined {
  if ((address.value & (blockSize(address.family, prefix) - 1n)) !== 0n) return undefined
  if (address.family === 6 && mappedNetwork(address, prefix) !== undefined) return undefined
  return { family: address.family, base: address.value, prefix }
}

/** The IPv4 network that an IPv4-mapped one means: ::ffff:10.0.0.0/104 is 10.0.0.0/8, where ip-cidr loses the prefix and makes it one address. */
export function mappedNetwork(address: Address, prefix: number): Cidr | undefined {
  if (prefix < 96) return undefined
  const v4 = unmapped(address)
  return v4 && networkOf(v4, prefix - 96)
}

export function formatCidr(cidr: Cidr): string {
  return `${formatValue(cidr.family, cidr.base)}/${cidr.prefix}`
}

export const cidrSize = (cidr: Cidr): bigint => blockSize(cidr.family, cidr.prefix)

export const lastOf = (cidr: Cidr): bigint => cidr.base + cidrSize(cidr) - 1n

export function cidrHolds(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && address.value >= cidr.base && address.value - cidr.base < cidrSize(cidr)
}

/** True when `inner` lies wholly inside `outer` (equal counts). */
export function cidrCovers(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && cidrHolds(outer, { family: inner.family, value: inner.base })
}

export const cidrsOverlap = (a: Cidr, b: Cidr): boolean => cidrCovers(a, b) || cidrCovers(b, a)

/** By family, base, then the larger network first. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.base !== b.base) return a.base < b.base ? -1 : 1
  return a.prefix - b.prefix
}
