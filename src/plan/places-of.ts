// A plan as something to keep: who has what in it.
import { parseCidr } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'
import type { KeptPlaces } from './keep-nodes.ts'
import { onlyPool } from './plan-request.ts'

export function placesOf({ request, pools, nodes }: AddressPlan): KeptPlaces {
  return {
    nodes: [...nodes()].map(({ name, pool, subnets }) => ({ name, pool, subnets: subnets.map(parseCidr) })),
    pools: new Map(pools.filter(({ name }) => name !== onlyPool).map(({ name, families }) => [name, families.map(({ cidr }) => cidr)])),
    ranges: request.clusterCidrs,
  }
}
