// Reading addresses from live data the way Kubernetes does (ParseIPSloppy and ParseCIDRSloppy of k8s.io/utils/net: leading zeros are decimal), with a
// note of what was odd. Input from a person goes through parseAddress and parseCidr instead, which refuse all of this.
import { type Address, formatAddress, tryAddress, unmapped } from './address.ts'
import { type Cidr, formatCidr, mappedNetwork, networkOf, tryAddressWithPrefix } from './cidr.ts'

/** `oddity` says in words how the text differs from the canonical text; undefined when it is canonical. */
export interface Lenient<T> {
  readonly value: T
  readonly oddity: string | undefined
}

// Any number of leading zeros is accepted, so there is no longest text; this is far beyond what any writer makes.
const MAX_TEXT = 256
const ZEROS = 'leading zeros: octal or decimal?'

/** An address with leading zeros, IPv4-mapped form, zone or spelling tolerated; undefined when it is none. */
export function readAddress(text: string): Lenient<Address> | undefined {
  const notes: string[] = []
  const address = readBare(text, notes)
  if (address === undefined) return undefined
  const v4 = unmapped(address)
  if (v4 !== undefined) notes.push('IPv4-mapped IPv6 form')
  return lenient(v4 ?? address, notes, text, formatAddress)
}

/** A network with host bits, leading zeros and the rest tolerated (host bits are masked); undefined when it is none. */
export function readCidr(text: string): Lenient<Cidr> | undefined {
  const notes: string[] = []
  const parsed = tryAddressWithPrefix(text) ?? readWithPrefix(text, notes)
  if (parsed === undefined) return undefined
  const { address, prefix } = parsed
  const cidr = networkOf(address, prefix)
  const v4 = mappedNetwork(address, prefix)
  if (cidr.base !== address.value) notes.push('host bits set')
  if (v4 !== undefined) notes.push('IPv4-mapped IPv6 form')
  return lenient(v4 ?? cidr, notes, text, formatCidr)
}

function lenient<T extends Address | Cidr>(value: T, notes: readonly string[], text: string, format: (value: T) => string): Lenient<T> {
  if (notes.length > 0) return { value, oddity: notes.join(', ') }
  // IPv4 text that was read strictly has no other spelling.
  return { value, oddity: value.family === 4 || format(value) === text ? undefined : 'not in canonical text' }
}

function readWithPrefix(text: string, notes: string[]): { address: Address; prefix: number } | undefined {
  const slash = text.indexOf('/')
  if (slash < 0 || text.length > MAX_TEXT) return undefined
  const tail = text.slice(slash + 1)
  const plain = tail.replace(/^0+(?=\d)/, '')
  const address = readBare(text.slice(0, slash), notes)
  const parsed = address && tryAddressWithPrefix(`${formatAddress(address)}/${plain}`)
  if (parsed !== undefined && plain !== tail && !notes.includes(ZEROS)) notes.push(ZEROS)
  return parsed
}

/** The address in the text; what had to be removed to see it goes into `notes`. */
function readBare(text: string, notes: string[]): Address | undefined {
  const strict = tryAddress(text)
  if (strict !== undefined || text.length > MAX_TEXT) return strict
  const zone = text.indexOf('%')
  const bare = zone < 0 ? text : text.slice(0, zone)
  const address = tryAddress(bare)
  const found = address ?? tryAddress(bare.replace(/(^|[.:])0+(?=[\da-f])/gi, '$1'))
  if (zone >= 0) notes.push('has a zone')
  if (address === undefined) notes.push(bare.includes('.') ? ZEROS : 'leading zeros')
  return found
}
