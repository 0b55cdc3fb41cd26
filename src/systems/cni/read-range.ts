// One range object of host-local: the plugin's own defaults and refusals (`backend/allocator/range.go`), each refusal as a problem.
import type { HostLocalRange } from '../../model/node-state.ts'
import { type Address, bitsOf, type Cidr, cidrHolds, formatAddress, formatCidr, formatValue, lastOf, readAddress, readCidr } from '../../net/index.ts'
import type { Complain } from './configuration-reading.ts'
import { field, isObject, quote } from './go-object.ts'
import { usableCount } from './usable-count.ts'

/** Calico replaces these literals by the node's own range when a pod starts. */
export const isPodCidrLiteral = (subnet: unknown): boolean => typeof subnet === 'string' && /^usePodCidr(IPv6)?$/i.test(subnet)

/** Go reads /08 as /8; a person may not. */
const withoutPrefixZeros = (text: string): string => text.replace(/\/0+(?=\d)/, '/')

function readSubnet(value: unknown, complain: Complain): Cidr | undefined {
  if (value === undefined) {
    complain('wrong-range', 'has no subnet')
    return undefined
  }
  const read = typeof value === 'string' ? readCidr(withoutPrefixZeros(value)) : undefined
  if (read === undefined) {
    complain('wrong-range', `subnet ${quote(value)} is not a network such as 10.244.1.0/24`)
    return undefined
  }
  const { value: subnet, oddity } = read
  const text = formatCidr(subnet)
  if (subnet.prefix > bitsOf(subnet.family) - 2) {
    complain('wrong-range', `subnet ${quote(value)} is too small: host-local needs a /${bitsOf(subnet.family) - 2} or larger`, [text])
    return undefined
  }
  if (value !== withoutPrefixZeros(value as string)) complain('ambiguous', `subnet ${quote(value)} has a leading zero in its prefix length`, [text])
  // host-local takes any spelling of an IPv6 network, and refuses the other oddities; what was meant is kept so that other checks can go on.
  if (oddity !== undefined && oddity !== 'not in canonical text') complain('wrong-range', `subnet ${quote(value)}: ${oddity}; write ${text}`, [text])
  return subnet
}

/** An address of a range object; undefined when absent (null and "" count as absent in Go) or unusable. */
function readBound(range: Readonly<Record<string, unknown>>, key: string, complain: Complain): Address | undefined {
  const value = field(range, key)
  if (value === undefined || value === '') return undefined
  const read = typeof value === 'string' ? readAddress(value) : undefined
  if (read === undefined) complain('wrong-range', `${key} ${quote(value)} is not an address`)
  else if (read.oddity === 'IPv4-mapped IPv6 form')
    complain('ambiguous', `${key} ${quote(value)} is ${formatAddress(read.value)} in IPv4-mapped form`)
  else if (read.oddity !== undefined && read.oddity !== 'not in canonical text') complain('wrong-range', `${key} ${quote(value)} ${read.oddity}`)
  return read?.value
}

/** The range with its defaults, or undefined when no address can be told from it. `complain` names file, network and range already. */
export function readRange(entry: unknown, set: number, complain: Complain): HostLocalRange | undefined {
  if (!isObject(entry)) {
    complain('wrong-range', `${quote(entry)} is not a range object with a subnet`)
    return undefined
  }
  const subnet = readSubnet(field(entry, 'subnet'), complain)
  if (subnet === undefined) return undefined
  const { family, base } = subnet
  const text = formatCidr(subnet)
  const last = lastOf(subnet)
  const gateway = readBound(entry, 'gateway', complain) ?? { family, value: base + 1n }
  if (!cidrHolds(subnet, gateway)) complain('note', `gateway ${formatAddress(gateway)} lies outside its subnet ${text}`, [text])
  const start = readBound(entry, 'rangeStart', complain)
  const end = readBound(entry, 'rangeEnd', complain)
  const outside = [start, end].map((bound) => bound !== undefined && !cidrHolds(subnet, bound))
  if (outside[0]) complain('wrong-range', `rangeStart ${formatAddress(start as Address)} lies outside its subnet ${text}`, [text])
  if (outside[1]) complain('wrong-range', `rangeEnd ${formatAddress(end as Address)} lies outside its subnet ${text}`, [text])
  if (outside[0] || outside[1]) return undefined
  const range = { family, first: start?.value ?? base + 1n, last: end?.value ?? (family === 4 ? last - 1n : last) }
  const [first, final] = [formatValue(family, range.first), formatValue(family, range.last)]
  if (range.first > range.last) {
    // host-local accepts a start behind the default end and then hands out addresses beyond the subnet without end.
    const effect = end === undefined ? '; host-local would hand out addresses outside the subnet' : ''
    complain('wrong-range', `range ${first}-${final} of subnet ${text} starts after it ends${effect}`, [text])
    return undefined
  }
  const result = { subnet, range, gateway, set }
  if (usableCount(result) === 0n) complain('wrong-range', `the only address of ${first}-${final} is the gateway, so none can be handed out`, [text])
  if (range.first === base) complain('note', `the range includes the network address ${first}`, [text])
  if (family === 4 && range.last === last) complain('note', `the range includes the broadcast address ${final}`, [text])
  return result
}
