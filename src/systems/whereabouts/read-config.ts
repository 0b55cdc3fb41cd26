// The `ipam` object of whereabouts: ranges, their bounds and exclusions, and the network that they belong to.
// Exclusions and bounds stand here only, never in an IPPool; a flat file on the nodes may add to them (whereabouts, doc/extended-configuration.md).
import { type Cidr, formatCidr, intersect, lastOf, type Range, type RangeSet, rangeCovers, rangeOf, rangeSet, subtract } from '../../net/index.ts'
import { field, isObject, type JsonObject, quote, textField } from '../cni/go-object.ts'
import { readBound, readExclusion, readRangeText } from './range-text.ts'

export interface WhereaboutsRange {
  /** The network that names the IPPool. */
  readonly cidr: Cidr
  /** What may be handed out: within the bounds, without exclusions, network and broadcast address. */
  readonly handedOut: RangeSet
  readonly exclusions: readonly Range[]
}

export interface WhereaboutsConfig {
  /** Empty: all networks without a name share one space of addresses. */
  readonly networkName: string
  readonly ranges: readonly WhereaboutsRange[]
  readonly gateway: Range | undefined
  /** enable_overlapping_ranges, on unless it is turned off. */
  readonly guarded: boolean
  readonly problems: readonly { readonly message: string; readonly addresses: readonly string[] }[]
}

/** Networks without a name share one reservation space; a network_name is a segment of its own (whereabouts README, "network_name"). */
export const domainOfNetwork = (networkName: string): string => (networkName === '' ? 'whereabouts' : `whereabouts:${networkName}`)

/** The network's first and last address are never handed out, save in networks too small to do without. */
function hostsOf(cidr: Cidr): Range {
  const whole = rangeOf(cidr)
  return whole.last - whole.first < 2n ? whole : { family: cidr.family, first: cidr.base + 1n, last: lastOf(cidr) - 1n }
}

export function readWhereabouts(ipam: JsonObject): WhereaboutsConfig {
  const problems: { message: string; addresses: string[] }[] = []
  const complain = (message: string, ...addresses: string[]) => void problems.push({ message, addresses })

  const readOne = (entry: JsonObject): WhereaboutsRange[] => {
    const text = textField(entry, 'range')
    const read = text === undefined ? undefined : readRangeText(text)
    if (read === undefined) {
      complain(`range is ${quote(field(entry, 'range'))}, not a network or start-end/prefix`)
      return []
    }
    const name = formatCidr(read.cidr)
    const hosts = hostsOf(read.cidr)
    const bound = (key: string, otherwise: bigint): bigint => {
      const value = textField(entry, key)
      if (value === undefined || value === '') return otherwise
      const address = readBound(value)
      if (address !== undefined && rangeCovers(rangeOf(read.cidr), address)) return address.first
      complain(`${key} ${quote(value)} is no address of the range ${name}`, name)
      return otherwise
    }
    const first = bound('range_start', read.start ?? hosts.first)
    const last = bound('range_end', read.end ?? hosts.last)
    if (first > last) complain(`the range ${name} ends before it starts`, name)
    const excluded = field(entry, 'exclude')
    const exclusions = (Array.isArray(excluded) ? (excluded as unknown[]) : []).flatMap((item): Range[] => {
      const range = typeof item === 'string' ? readExclusion(item) : undefined
      if (range === undefined) complain(`exclude holds ${quote(item)}, not a network or an address`)
      return range === undefined ? [] : [range]
    })
    const family = read.cidr.family
    const within = first > last ? [] : intersect(rangeSet([{ family, first, last }]), rangeSet([hosts])).ranges
    return [{ cidr: read.cidr, exclusions, handedOut: subtract(rangeSet(within), rangeSet(exclusions)) }]
  }

  const listed = field(ipam, 'ipRanges')
  const entries = [...(field(ipam, 'range') === undefined ? [] : [ipam]), ...(Array.isArray(listed) ? listed.filter(isObject) : [])]
  const gateway = textField(ipam, 'gateway')
  return {
    networkName: textField(ipam, 'network_name') ?? '',
    ranges: entries.flatMap(readOne),
    gateway: gateway === undefined || gateway === '' ? undefined : readBound(gateway.split('/')[0] ?? ''),
    guarded: field(ipam, 'enable_overlapping_ranges') !== false,
    problems,
  }
}
