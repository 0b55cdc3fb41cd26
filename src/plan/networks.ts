// All networks that a request speaks of, with a name for each, so that every pair can be compared.
import { type Cidr, type Range, rangeOf } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'

/** A network of pods, Services or nodes. */
export interface NamedNetwork {
  readonly role: 'nodes' | 'pods' | 'services'
  readonly label: string
  readonly cidr: Cidr
}

/** The same, or ranges that need not be CIDRs: widening those would invent overlaps (metallb/metallb#2779). */
export interface NamedRange {
  readonly role: NamedNetwork['role'] | 'load-balancers' | 'secondary'
  readonly label: string
  readonly range: Range
}

export function networksOf({ request, pools }: AddressPlan): readonly NamedNetwork[] {
  const pods = pools.flatMap(({ name, families }) =>
    families.map(({ cidr }): NamedNetwork => ({ role: 'pods', label: pools.length === 1 ? 'the pod range' : `the pool ${name}`, cidr })),
  )
  const services = request.serviceCidrs.map((cidr): NamedNetwork => ({ role: 'services', label: 'the Service range', cidr }))
  const nodes = request.nodeNetworks.map((cidr): NamedNetwork => ({ role: 'nodes', label: 'the node network', cidr }))
  return [...pods, ...services, ...nodes]
}

export function rangesOf(plan: AddressPlan): readonly NamedRange[] {
  const { loadBalancerRanges, secondaryNetworks } = plan.request
  return [
    ...networksOf(plan).map(({ role, label, cidr }) => ({ role, label, range: rangeOf(cidr) })),
    ...loadBalancerRanges.map((range): NamedRange => ({ role: 'load-balancers', label: 'the load-balancer range', range })),
    ...secondaryNetworks.map(({ name, cidr }): NamedRange => ({ role: 'secondary', label: `the network ${name}`, range: rangeOf(cidr) })),
  ]
}
