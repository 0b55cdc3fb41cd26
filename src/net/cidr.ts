// A network in canonical form: a base without host bits, and a prefix length.
import { type Address, addressFault, bitsOf, type Family, formatValue, tryAddress, unmapped } from './address.ts'
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

/** Number of addresses in a network of this prefix length. */
export const blockSize = (family: Family, prefix: number): bigint => 1n << BigInt(bitsOf(family) - prefix)

/** The network of `prefix` bits that holds `address`. */
export function networkOf(address: Address, prefix: number): Cidr {
  const shift = BigInt(bitsOf(address.family) - prefix)
  return { family: address.family, base: (address.value >> shift) << shift, prefix }
}

/** `address/prefix` with host bits allowed (as in FLANNEL_SUBNET or a CNI result). @throws NetSyntaxError */
export function parseAddressWithPrefix(text: string): AddressWithPrefix {
  const slash = text.indexOf('/')
  if (slash < 0) throw new NetSyntaxError(text, 'has no prefix length', plainSuggestion(text))
  const head = text.slice(0, slash)
  const address = tryAddress(head)
  if (address === undefined) throw new NetSyntaxError(text, addressFault(head))
  const tail = text.slice(slash + 1)
  if (!/^(0|[1-9]\d{0,2})$/.test(tail)) throw new NetSyntaxError(text, 'has a prefix length that is not a plain decimal number')
  const prefix = Number(tail)
  const bits = bitsOf(address.family)
  if (prefix > bits) throw new NetSyntaxError(text, `has a prefix length above ${bits}`)
  return { address, prefix }
}

/** Strict: host bits, leading zeros, zones and IPv4-mapped networks are errors. @throws NetSyntaxError, with the network that was probably meant */
export function parseCidr(text: string): Cidr {
  const { address, prefix } = parseAddressWithPrefix(text)
  const v4 = unmapped(address)
  // ip-cidr turns ::ffff:10.0.0.0/104 into one address; the network meant is 10.0.0.0/8.
  if (v4 !== undefined && prefix >= 96) throw new NetSyntaxError(text, 'is an IPv4-mapped network', formatCidr(networkOf(v4, prefix - 96)))
  const cidr = networkOf(address, prefix)
  if (cidr.base !== address.value) throw new NetSyntaxError(text, `has host bits set for /${prefix}`, formatCidr(cidr))
  return cidr
}

export function tryCidr(text: string): Cidr | undefined {
  try {
    return parseCidr(text)
  } catch {
    return undefined
  }
}

function plainSuggestion(text: string): string | undefined {
  const address = tryAddress(text)
  return address === undefined ? undefined : `${text}/${bitsOf(address.family)}`
}

export function formatCidr(cidr: Cidr): string {
  return `${formatValue(cidr.family, cidr.base)}/${cidr.prefix}`
}

export const cidrSize = (cidr: Cidr): bigint => blockSize(cidr.family, cidr.prefix)

export const lastOf = (cidr: Cidr): bigint => cidr.base + cidrSize(cidr) - 1n

export function cidrHolds(cidr: Cidr, address: Address): boolean {
  if (cidr.family !== address.family) return false
  const shift = BigInt(bitsOf(cidr.family) - cidr.prefix)
  return address.value >> shift === cidr.base >> shift
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

/** How many blocks of `prefix` a network holds; 0 when the prefix is shorter than its own. */
export function blockCount(cidr: Cidr, prefix: number): bigint {
  return prefix < cidr.prefix ? 0n : 1n << BigInt(prefix - cidr.prefix)
}

/** The block number `index` of a network split into blocks of `prefix`. @throws RangeError outside the network */
export function blockAt(cidr: Cidr, prefix: number, index: bigint): Cidr {
  if (index < 0n || index >= blockCount(cidr, prefix)) throw new RangeError(`block ${index} is outside ${formatCidr(cidr)} split into /${prefix}`)
  return { family: cidr.family, base: cidr.base + index * blockSize(cidr.family, prefix), prefix }
}

/** The number of the block of `prefix` that holds `address`; undefined outside the network. */
export function blockIndex(cidr: Cidr, prefix: number, address: Address): bigint | undefined {
  if (!cidrHolds(cidr, address)) return undefined
  return (address.value - cidr.base) >> BigInt(bitsOf(cidr.family) - prefix)
}

/** All blocks of `prefix` in order, one at a time. */
export function* splitCidr(cidr: Cidr, prefix: number): Generator<Cidr> {
  const step = blockSize(cidr.family, prefix)
  const end = cidr.base + cidrSize(cidr)
  for (let base = cidr.base; base < end; base += step) yield { family: cidr.family, base, prefix }
}
