// What Subnets and their holders make of the inventory: pools, gateways, and addresses that two holders have.
import type { Allocation, Inconsistency, Pool, Reservation } from '../../model/inventory.ts'
import { formatAddress, rangeOf, rangeSet, subtract } from '../../net/index.ts'
import { edges } from '../kubernetes/edges.ts'
import { familyPools } from '../kubernetes/family-pools.ts'
import { defined } from '../kubernetes/fields.ts'
import { outsideTheirPools } from '../kubernetes/outside-pool.ts'
import type { Holder } from './holders.ts'
import type { Subnet } from './subnet.ts'

export const SYSTEM = 'kube-ovn'

/** The join network, from which nodes have their own addresses: known by its usual name, and by those that it serves. */
export function joinSubnets(holders: readonly Holder[]): ReadonlySet<string> {
  return new Set(['join', ...holders.filter(({ owner }) => owner.kind === 'node').flatMap(({ subnets }) => subnets)])
}

/**
 * An underlay subnet is the network of the nodes or of a router, with all that is there excluded: only the rest is the pool. Subnets of external
 * addresses are no network of pods.
 */
export function poolsOf(subnet: Subnet, join: ReadonlySet<string>, external: ReadonlySet<string>): Pool[] {
  const use = join.has(subnet.name) ? 'nodes' : subnet.secondary || external.has(subnet.name) ? 'attachments' : undefined
  const base = { system: SYSTEM, name: subnet.name, domain: subnet.domain, certainty: 'declared', origin: subnet.origin } as const
  const excluded = [...subnet.excluded.map(({ range }) => range), ...edges(subnet.cidrs)]
  const whole = subnet.cidrs.map(rangeOf)
  const own = subnet.underlay || external.has(subnet.name) ? subtract(rangeSet(whole), rangeSet(excluded)).ranges : whole
  return familyPools({ ...base, ...(use === undefined ? {} : { use }) }, own, excluded)
}

/** excludeIps are left out of what is handed out by itself; a pod may ask for one of them, so only the gateway is forbidden. */
export const gatewaysOf = ({ name, domain, excluded, createdAt, origin }: Subnet): Reservation[] =>
  excluded
    .filter(({ gateway }) => gateway)
    .map(
      ({ range }) =>
        defined({ system: SYSTEM, domain, range, why: `gateway of Subnet ${name}`, gateway: true, since: createdAt, origin }) as Reservation,
    )

/** Any part of a subnet may be asked for, what is excluded included. */
export const outsideSubnets = (subnets: readonly Subnet[], allocations: readonly Allocation[]): Inconsistency[] =>
  outsideTheirPools(
    subnets.flatMap(({ name, domain, cidrs, origin }) =>
      familyPools({ system: SYSTEM, name, domain, certainty: 'declared', origin }, cidrs.map(rangeOf)),
    ),
    allocations,
  )

/** Two holders of one address in one subnet; two families of one object are no such thing. */
export function addressesHeldTwice(allocations: readonly Allocation[]): Inconsistency[] {
  const groups = new Map<string, Allocation[]>()
  for (const allocation of allocations) {
    const key = `${allocation.pool}\0${formatAddress(allocation.address)}`
    groups.set(key, [...(groups.get(key) ?? []), allocation])
  }
  return [...groups.values()].flatMap((group): Inconsistency[] => {
    const [first] = group
    const owners = [...new Set(group.map(({ owner }) => owner.id))].sort()
    if (first === undefined || owners.length < 2 || group.some(({ unsettled }) => unsettled === true)) return []
    const address = formatAddress(first.address)
    const message = `${address} of Subnet ${first.pool} is recorded for ${owners.join(' and ')}: after a restart the controller may take either for the owner`
    return [{ system: SYSTEM, subject: `${first.pool} ${address}`, cause: 'two-owners', message, addresses: [address], owners, origin: first.origin }]
  })
}
