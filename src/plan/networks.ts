// All networks that a request speaks of, with a name for each, so that every pair can be compared.
import type { Cidr } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'

export interface NamedNetwork {
  readonly role: 'pods' | 'services' | 'nodes'
  readonly label: string
  readonly cidr: Cidr
}

export function networksOf({ request, pools }: AddressPlan): readonly NamedNetwork[] {
  const pods = pools.flatMap(({ name, families }) =>
    families.map(({ cidr }): NamedNetwork => ({ role: 'pods', label: pools.length === 1 ? 'the pod range' : `the pool ${name}`, cidr })),
  )
  const services = request.serviceCidrs.map((cidr): NamedNetwork => ({ role: 'services', label: 'the Service range', cidr }))
  const nodes = request.nodeNetworks.map((cidr): NamedNetwork => ({ role: 'nodes', label: 'the node network', cidr }))
  return [...pods, ...services, ...nodes]
}
