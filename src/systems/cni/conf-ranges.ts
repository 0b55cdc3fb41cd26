// Subnets and bounds as asked for, to ranges that host-local accepts and uses well; everything else is refused before anything is written.
import { UsageError } from '../../model/errors.ts'
import { type Address, bitsOf, type Cidr, cidrHolds, formatAddress, formatCidr, formatValue, lastOf } from '../../net/index.ts'
import type { ConfRange } from './conf-settings.ts'

/** Bounds of the range in each family; an address finds its subnet by itself. */
export interface Bounds {
  readonly starts: readonly Address[]
  readonly ends: readonly Address[]
  readonly gateways: readonly Address[]
}

const words = { starts: 'start of the range', ends: 'end of the range', gateways: 'gateway' } as const

/** The one address that lies in the subnet. @throws UsageError */
function pick(addresses: readonly Address[], subnet: Cidr, word: string, where: string): Address | undefined {
  const [one, another] = addresses.filter((address) => cidrHolds(subnet, address))
  if (one !== undefined && another !== undefined) {
    throw new UsageError(`${where}: ${formatAddress(one)} and ${formatAddress(another)} are both the ${word} in ${formatCidr(subnet)}; give one`)
  }
  // Neither can be a host: routers answer to the first, and all hosts to the last.
  const edges = one !== undefined && subnet.family === 4 ? [subnet.base, lastOf(subnet)] : [subnet.base]
  if (one !== undefined && edges.includes(one.value)) {
    const [low, high] = [formatValue(subnet.family, subnet.base + 1n), formatValue(subnet.family, lastOf(subnet) - (subnet.family === 4 ? 1n : 0n))]
    throw new UsageError(
      `${where}: the ${word} ${formatAddress(one)} is the network or broadcast address of ${formatCidr(subnet)}; use ${low} to ${high}`,
    )
  }
  return one
}

function rangeOfSubnet(subnet: Cidr, bounds: Bounds, where: string): ConfRange {
  const { family, base } = subnet
  const smallest = bitsOf(family) - 2
  if (subnet.prefix > smallest) {
    throw new UsageError(`${where}: ${formatCidr(subnet)} is too small: host-local needs a /${smallest} or larger`)
  }
  const start = pick(bounds.starts, subnet, words.starts, where)
  const end = pick(bounds.ends, subnet, words.ends, where)
  const gateway = pick(bounds.gateways, subnet, words.gateways, where)
  const first = start?.value ?? base + 1n
  const last = end?.value ?? lastOf(subnet) - (family === 4 ? 1n : 0n)
  const text = `${formatValue(family, first)}-${formatValue(family, last)}`
  if (first > last) throw new UsageError(`${where}: the range ${text} in ${formatCidr(subnet)} starts after it ends`)
  if (first === last && first === (gateway?.value ?? base + 1n)) {
    throw new UsageError(`${where}: the only address of ${text} is the gateway, so none can be handed out; widen the range or give another gateway`)
  }
  return { subnet, start, end, gateway }
}

/**
 * One range for each subnet, in the order given.
 *
 * @param where names the flag, or the file and node
 * @throws UsageError
 */
export function confRanges(subnets: readonly Cidr[], bounds: Bounds, where: string): readonly ConfRange[] {
  const [first, second] = subnets
  if (first === undefined) throw new UsageError(`${where}: there is no subnet; give one, or one of each family`)
  const same = subnets.find(({ family }, index) => subnets.findIndex((other) => other.family === family) < index)
  if (same !== undefined && second !== undefined) {
    const twin = subnets.find(({ family }) => family === same.family) ?? first
    throw new UsageError(`${where}: ${formatCidr(twin)} and ${formatCidr(same)} are both IPv${same.family}; a node has one subnet of each family`)
  }
  const ranges = subnets.map((subnet) => rangeOfSubnet(subnet, bounds, where))
  for (const key of ['starts', 'ends', 'gateways'] as const) {
    const lost = bounds[key].find((address) => !subnets.some((subnet) => cidrHolds(subnet, address)))
    if (lost !== undefined)
      throw new UsageError(`${where}: the ${words[key]} ${formatAddress(lost)} lies outside ${subnets.map(formatCidr).join(' and ')}`)
  }
  return ranges
}
