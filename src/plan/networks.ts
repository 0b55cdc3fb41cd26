// All networks that a request speaks of, with a name for each, so that every pair can be compared.
import { type Cidr, cidrCovers, type Range, rangeOf } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'

/** A network of pods, Services or nodes. */
export interface NamedNetwork {
  readonly role: 'nodes' | 'pods' | 'services'
  readonly label: string
  readonly cidr: Cidr
}

/** The same, or ranges that need not be CIDRs: widening those would invent overlaps (metallb/metallb#2779). */
export interface NamedRange {
  readonly role: NamedNetwork['role'] | 'load-balancers' | 'part' | 'secondary'
  readonly label: string
  readonly range: Range
}

/** A cluster CIDR that is divided among node pools stands for its parts, of which there may be thousands. */
const isPart = ({ request, divided }: AddressPlan, cidr: Cidr): boolean => divided && request.clusterCidrs.some((whole) => cidrCovers(whole, cidr))

const poolNetworks = ({ pools }: AddressPlan): readonly NamedNetwork[] =>
  pools.flatMap(({ name, families }) =>
    families.map(({ cidr }): NamedNetwork => ({ role: 'pods', label: pools.length === 1 ? 'the pod range' : `the pool ${name}`, cidr })),
  )

export function networksOf(plan: AddressPlan): readonly NamedNetwork[] {
  const { request, divided } = plan
  const whole = divided ? request.clusterCidrs.map((cidr): NamedNetwork => ({ role: 'pods', label: 'the pod range', cidr })) : []
  const pools = poolNetworks(plan).filter(({ cidr }) => !isPart(plan, cidr))
  const services = request.serviceCidrs.map((cidr): NamedNetwork => ({ role: 'services', label: 'the Service range', cidr }))
  const nodes = request.nodeNetworks.map((cidr): NamedNetwork => ({ role: 'nodes', label: 'the node network', cidr }))
  return [...whole, ...pools, ...services, ...nodes]
}

export function rangesOf(plan: AddressPlan): readonly NamedRange[] {
  const { loadBalancerRanges, secondaryNetworks } = plan.request
  const parts = poolNetworks(plan).filter(({ cidr }) => isPart(plan, cidr))
  return [
    ...networksOf(plan).map(({ role, label, cidr }) => ({ role, label, range: rangeOf(cidr) })),
    ...parts.map(({ label, cidr }): NamedRange => ({ role: 'part', label, range: rangeOf(cidr) })),
    ...loadBalancerRanges.map((range): NamedRange => ({ role: 'load-balancers', label: 'the load-balancer range', range })),
    ...secondaryNetworks.map(({ name, cidr }): NamedRange => ({ role: 'secondary', label: `the network ${name}`, range: rangeOf(cidr) })),
  ]
}
