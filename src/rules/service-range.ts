// CAP-405: no address is left for another Service.
import type { Gap, Severity, Violation } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { serviceCapacity, staticBand } from '../model/service-range.ts'
import { type Address, addressKey, asCidr, type Family, rangeSet, rangeSize, rangeWith } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { type StatedRange, servicePools } from './facts/cluster-ranges.ts'
import { needs } from './facts/gaps.ts'

/** Larger IPv6 ranges never fill. IPv4 ranges are always counted: none is larger than /12. */
const COUNTED = 1n << 20n

interface ServiceUsage {
  readonly capacity: bigint
  readonly used: bigint
  /** Addresses above the static bands, which dynamic allocation takes first. */
  readonly upper: bigint
  readonly upperUsed: bigint
}

/** The widest Service ranges of one family: nested ServiceCIDRs share addresses, and count once. One range that never fills keeps the others from mattering. */
function rangesOf(inventory: Inventory, family: Family): readonly StatedRange[] {
  const ranges = servicePools(inventory).filter(({ range }) => range.family === family)
  return family === 6 && ranges.some(({ range }) => rangeSize(range) > COUNTED) ? [] : ranges
}

/** Addresses of Services, each once: what the allocator records, and what Services show. */
function addressesInUse(inventory: Inventory, family: Family): Iterable<Address> {
  const found = new Map<number | bigint, Address>()
  const note = (address: Address) => {
    if (address.family === family) found.set(addressKey(address), address)
  }
  for (const service of inventory.services) service.clusterIps.forEach(note)
  for (const allocation of inventory.allocations) if (allocation.domain === 'services') note(allocation.address)
  return found.values()
}

function usageOf(ranges: readonly StatedRange[], addresses: Iterable<Address>): ServiceUsage {
  const cidrs = ranges.flatMap(({ range }) => asCidr(range) ?? [])
  const capacity = cidrs.reduce((sum, cidr) => sum + serviceCapacity(cidr), 0n)
  const bands = cidrs.reduce((sum, cidr) => sum + staticBand(cidr), 0n)
  const whole = rangeSet(ranges.map(({ range }) => range))
  // The static band starts at the first address after the network's own.
  const lower = rangeSet(cidrs.map((cidr) => ({ family: cidr.family, first: cidr.base, last: cidr.base + staticBand(cidr) })))
  let used = 0n
  let upperUsed = 0n
  for (const address of addresses) {
    if (rangeWith(whole, address) === undefined) continue
    used++
    if (rangeWith(lower, address) === undefined) upperUsed++
  }
  return { capacity, used, upper: capacity - bands, upperUsed }
}

function severityOf({ capacity, used, upper, upperUsed }: ServiceUsage): Severity | undefined {
  if (used >= capacity) return 'critical'
  if (used * 10n >= capacity * 9n) return 'high'
  if (used * 10n >= capacity * 8n) return 'medium'
  return upper > 0n && upperUsed >= upper ? 'low' : undefined
}

function violationOf(ranges: readonly StatedRange[], usage: ServiceUsage, severity: Severity): Violation {
  const texts = ranges.map(({ text }) => text)
  const counted = `${usage.used} of ${usage.capacity} Service addresses of ${texts.join(', ')} are taken`
  const effect = {
    critical: ': the API server refuses the next Service with a ClusterIP',
    low: `: all ${usage.upper} addresses for dynamic allocation are, and new Services now take those kept for fixed addresses`,
  }
  return {
    message: `${counted}${severity === 'critical' || severity === 'low' ? effect[severity] : ''}`,
    severity,
    addresses: texts,
    evidence: [...ranges.flatMap(({ evidence }) => evidence), { source: 'services', fact: counted }],
    cause: severity === 'critical' ? 'full' : severity === 'low' ? 'upper-band-full' : 'nearly-full',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  if (servicePools(inventory).length === 0) return [{ reason: 'the service range is not known', whole: true }]
  if (inventory.allocations.some((allocation) => allocation.domain === 'services')) return []
  return needs(inventory, 'services', 'Service addresses in use are not known')
}

export const serviceRange = defineRule({
  id: 'CAP-405',
  name: 'service-range',
  title: 'Service range is full',
  severity: 'critical',
  revision: 1,
  why: 'When the last Service address is taken nothing that needs a Service can be deployed, in any namespace. Before 1.33 the range cannot be extended.',
  predicate:
    'Distinct ClusterIPs and IPAddress objects inside the Service ranges of a family, against the addresses that the API server can hand out there: critical when all are taken, high from 90 %, medium from 80 %; low when only the upper band is full, from which dynamic allocation draws first. Several ranges are summed, nested ones count once.',
  guards: [
    'Headless and ExternalName Services have no ClusterIP and do not count.',
    'IPv6 ranges of more than 2^20 addresses are left out.',
    'A range guessed from ClusterIPs is not used.',
  ],
  playbook: 'R8',
  links: [
    'https://github.com/Azure/AKS/issues/1843',
    'https://github.com/kyma-project/kyma/issues/10700',
    'https://github.com/kubernetes-sigs/kwok/issues/818',
    'https://github.com/kubernetes/kubernetes/issues/104088',
    'https://github.com/k3s-io/k3s/issues/10611',
  ],
  gaps,
  *check(inventory) {
    for (const family of [4, 6] as const) {
      const ranges = rangesOf(inventory, family)
      if (ranges.length === 0) continue
      const usage = usageOf(ranges, addressesInUse(inventory, family))
      const severity = usage.capacity > 0n ? severityOf(usage) : undefined
      if (severity !== undefined) yield violationOf(ranges, usage, severity)
    }
  },
})
