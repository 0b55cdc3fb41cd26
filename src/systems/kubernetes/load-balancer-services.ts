// Load-balancer addresses of Services, for the systems whose only record of an allocation is the Service itself (MetalLB, kube-vip).
import type { Allocation, Pool } from '../../model/inventory.ts'
import { type Address, holds, rangeSet, readAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { defined, idOf, listAt, textAt, valueAt } from './fields.ts'

export interface LoadBalancerServices {
  take(document: ObjectDocument): void
  /** Allocations from these pools, by address. A Service that another load balancer serves is in none of them. */
  from(pools: readonly Pool[]): Allocation[]
  readonly seen: boolean
}

interface Entry {
  readonly id: string
  readonly addresses: readonly Address[]
  readonly unsettled: true | undefined
  readonly origin: string
}

export function loadBalancerServices(): LoadBalancerServices {
  const services = new Map<string, Entry>()
  let seen = false
  return {
    get seen() {
      return seen
    },
    take(document) {
      seen = true
      const { object, origin, unsettled } = document
      // What cannot be read is reported by the services system, which reads the same objects.
      const addresses = listAt(object, 'status', 'loadBalancer', 'ingress').flatMap((entry) => {
        const text = valueAt(entry, 'ip')
        return typeof text === 'string' ? (readAddress(text)?.value ?? []) : []
      })
      const id = idOf(object)
      services.delete(id) // read again, it may serve nobody by now
      if (addresses.length > 0 && textAt(object, 'spec', 'type') === 'LoadBalancer') services.set(id, { id, addresses, unsettled, origin })
    },
    from(pools) {
      const sets = pools.map((pool) => ({ pool, ranges: rangeSet(pool.ranges) }))
      return [...services.values()].flatMap(({ id, addresses, unsettled, origin }) =>
        addresses.flatMap((address): Allocation[] => {
          const pool = sets.find(({ ranges }) => holds(ranges, address))?.pool
          if (pool === undefined) return []
          const { system, name, domain } = pool
          return [
            defined({
              system,
              pool: name,
              domain,
              address,
              owner: { kind: 'service', id },
              purpose: 'load balancer',
              unsettled,
              origin,
            }) as Allocation,
          ]
        }),
      )
    },
  }
}
