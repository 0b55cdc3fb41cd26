// PLN-013: blocks that a node already has and that do not fit the plan; pools that cannot grow in place.
import type { Violation } from '../../model/finding.ts'
import { type Cidr, cidrCovers, cidrsOverlap, formatCidr, type RangeSet, rangeOf, rangeSet } from '../../net/index.ts'
import type { AddressPlan, PoolPlan } from '../address-plan.ts'
import { rangesIn } from '../block-space.ts'
import { type NamedNetwork, networksOf } from '../networks.ts'
import type { NamedNode } from '../plan-request.ts'
import { homeOf } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

function misfit(subnet: Cidr, { families }: PoolPlan, oneMask: boolean): { cause: string; why: string } | undefined {
  const own = families.filter(({ cidr }) => cidr.family === subnet.family)
  const home = own.find(({ cidr }) => cidrCovers(cidr, subnet))
  if (home === undefined) {
    const ranges = own.map(({ cidr }) => formatCidr(cidr)).join(', ')
    return { cause: 'outside-pool', why: ranges === '' ? `no pool of IPv${subnet.family} is left` : `it lies outside of ${ranges}` }
  }
  if (oneMask && subnet.prefix !== home.nodePrefix) return { cause: 'other-prefix', why: `nodes get a /${home.nodePrefix} now` }
  return undefined
}

function* misfits({ request }: AddressPlan, pool: PoolPlan): Generator<Violation> {
  const named: readonly NamedNode[] = pool.nodePools.flatMap(({ nodes }) => ('named' in nodes ? nodes.named : []))
  for (const { name, subnets } of named) {
    for (const subnet of subnets) {
      const fault = misfit(subnet, pool, request.profile.masks === 'one')
      if (fault === undefined) continue
      yield {
        severity: 'high',
        message: `${name} keeps ${formatCidr(subnet)} and must be renumbered: ${fault.why}`,
        addresses: [formatCidr(subnet)],
        nodes: [name],
        cause: fault.cause,
        steps: [
          `drain ${name}, delete its Node object and let it register again`,
          'or plan with the range and the node prefix that it was given under',
        ],
      }
    }
  }
}

/** The other half of the next larger range. */
const buddyOf = ({ family, base, prefix }: Cidr): Cidr => ({ family, base: base ^ (1n << BigInt((family === 4 ? 32 : 128) - prefix)), prefix })

function* boxedIn(networks: readonly NamedNetwork[], occupied: RangeSet, cidr: Cidr): Generator<Violation> {
  if (cidr.prefix === 0) return
  const buddy = buddyOf(cidr)
  const taken = rangesIn(occupied, buddy).length === 0 ? undefined : networks.find((network) => cidrsOverlap(network.cidr, buddy))
  const home = homeOf(cidr)
  const outside = home !== undefined && !cidrCovers(home, buddy)
  if (taken === undefined && !outside) return
  const why = taken === undefined ? 'is not private space' : `overlaps ${taken.label} ${formatCidr(taken.cidr)}`
  yield {
    message: `${formatCidr(cidr)} cannot be doubled later without renumbering: its other half ${formatCidr(buddy)} ${why}`,
    addresses: [formatCidr(cidr), formatCidr(buddy)],
    cause: 'buddy-taken',
  }
}

export const alignment = defineCheck({
  id: 'PLN-013',
  name: 'alignment',
  title: 'Blocks lie inside their pool, and the pool can be doubled in place',
  severity: 'info',
  revision: 1,
  why: 'A range can grow by one bit without renumbering, with the same node prefix, as long as its other half is free. A node range outside of the cluster CIDR stops kube-controller-manager at its next start.',
  predicate:
    'A block that a node already has lies outside of the pool, or has another prefix length than the one controller gives out: high. The other half of the next larger range is used by another network of the plan or is not private: info.',
  guards: ['the other half is reserved'],
  fix: ['keep the other half free, or choose a range whose other half is'],
  links: [
    'https://github.com/kubernetes/kubernetes/issues/82773',
    'https://github.com/kubernetes/kubernetes/issues/70957',
    'https://github.com/kubernetes-retired/kube-aws/issues/1513',
  ],
  *check(plan) {
    for (const pool of plan.pools) yield* misfits(plan, pool)
    const networks = networksOf(plan)
    const occupied = rangeSet(networks.map(({ cidr }) => rangeOf(cidr)))
    for (const { role, cidr } of networks) if (role === 'pods') yield* boxedIn(networks, occupied, cidr)
  },
})
