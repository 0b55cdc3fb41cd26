// Reading addresses from live data the way Kubernetes does (ParseCIDRSloppy: leading zeros are decimal), with a note of what was odd.
// Input from a person goes through parseAddress and parseCidr instead, which refuse all of this.
import { type Address, formatAddress, tryAddress, unmapped } from './address.ts'
import { type Cidr, formatCidr, networkOf, parseAddressWithPrefix } from './cidr.ts'

/** `oddity` says in words how the text differs from the canonical text; undefined when it is canonical. */
export interface Lenient<T> {
  readonly value: T
  readonly oddity: string | undefined
}

const withoutZeros = (text: string): string => (/^[\d.]+$/.test(text) ? text.replace(/(^|\.)0+(?=\d)/g, '$1') : text)

/** An address with leading zeros, IPv4-mapped form, zone or spelling tolerated; undefined when it is none. */
export function readAddress(text: string): Lenient<Address> | undefined {
  const direct = tryAddress(text)
  if (direct !== undefined) {
    const v4 = unmapped(direct)
    if (v4 !== undefined) return { value: v4, oddity: 'IPv4-mapped IPv6 form' }
    return { value: direct, oddity: formatAddress(direct) === text ? undefined : 'not in canonical text' }
  }
  const zone = text.indexOf('%')
  const bare = zone > 0 ? text.slice(0, zone) : text
  const value = tryAddress(withoutZeros(bare))
  if (value === undefined) return undefined
  return { value, oddity: zone > 0 ? 'has a zone' : 'leading zeros: octal or decimal?' }
}

/** A network with host bits and leading zeros tolerated (host bits are masked); undefined when it is none. */
export function readCidr(text: string): Lenient<Cidr> | undefined {
  const slash = text.indexOf('/')
  const head = slash < 0 ? text : text.slice(0, slash)
  const plain = withoutZeros(head)
  try {
    const { address, prefix } = parseAddressWithPrefix(plain + text.slice(head.length))
    const v4 = unmapped(address)
    if (v4 !== undefined && prefix >= 96) return { value: networkOf(v4, prefix - 96), oddity: 'IPv4-mapped IPv6 form' }
    const value = networkOf(address, prefix)
    if (value.base !== address.value) return { value, oddity: 'host bits set' }
    if (plain !== head) return { value, oddity: 'leading zeros: octal or decimal?' }
    return { value, oddity: formatCidr(value) === text ? undefined : 'not in canonical text' }
  } catch {
    return undefined
  }
}
