// One IP address as a small immutable value; the family is part of the value, and 0.0.0.0 is not :: .
import { addressFault } from './faults.ts'
import { formatIpv4, parseIpv4 } from './ipv4.ts'
import { formatIpv6, parseIpv6 } from './ipv6.ts'
import { NetSyntaxError } from './syntax-error.ts'

export { addressFault } from './faults.ts'

export type Family = 4 | 6

export interface Address {
  readonly family: Family
  /** The address as a number: below 2^32 for IPv4, below 2^128 for IPv6. */
  readonly value: bigint
}

/** Address length in bits: 32 or 128. */
export const bitsOf = (family: Family): 32 | 128 => (family === 4 ? 32 : 128)

/** The address, or undefined when `text` is not strictly one (no leading zeros in octets, no zone, no short forms). */
export function tryAddress(text: string): Address | undefined {
  const v4 = parseIpv4(text)
  if (v4 >= 0) return { family: 4, value: BigInt(v4) }
  const v6 = parseIpv6(text)
  return v6 >= 0n ? { family: 6, value: v6 } : undefined
}

/** @throws NetSyntaxError saying what is wrong with the text. */
export function parseAddress(text: string): Address {
  const address = tryAddress(text)
  if (address === undefined) throw new NetSyntaxError(text, addressFault(text))
  return address
}

/** Canonical text (RFC 5952 for IPv6). */
export function formatAddress(address: Address): string {
  return formatValue(address.family, address.value)
}

export function formatValue(family: Family, value: bigint): string {
  return family === 4 ? formatIpv4(Number(value)) : formatIpv6(value)
}

/** IPv4 before IPv6, then by number. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}

/** A Map key equal for equal addresses only: a number for IPv4 (cheap to hash), a bigint for IPv6. */
export function addressKey(address: Address): number | bigint {
  return address.family === 4 ? Number(address.value) : address.value
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value
}

const MAPPED = 0xffffn << 32n

/** The IPv4 address inside an IPv4-mapped IPv6 one (::ffff:a.b.c.d), else undefined. */
export function unmapped(address: Address): Address | undefined {
  if (address.family === 4 || address.value >> 32n !== 0xffffn) return undefined
  return { family: 4, value: address.value - MAPPED }
}
