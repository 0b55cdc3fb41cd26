// Demand besides nodes and pods: load balancers, and the attachments of further networks.
import { type Range, rangeOf, rangeSet, sizeOf, subtract } from '../net/index.ts'
import type { PlanRequest, SecondaryNetwork } from './plan-request.ts'
import { surgeNodes } from './read-values.ts'

/** A range that must hold a number of addresses. */
export interface Holding {
  readonly name: string
  readonly ranges: readonly Range[]
  readonly capacity: bigint
  /** undefined where nobody said how many are needed. */
  readonly needed: bigint | undefined
}

/** Network and broadcast address are nobody's, nor is what is excluded. */
function usableRange({ cidr, excluded }: SecondaryNetwork): bigint {
  const { family, first, last } = rangeOf(cidr)
  const ends: readonly Range[] = [
    { family, first, last: first },
    { family, first: last, last },
  ]
  return sizeOf(subtract(rangeSet([rangeOf(cidr)]), rangeSet([...excluded, ...ends])))
}

function attachmentsOf(network: SecondaryNetwork): Holding {
  const { name, cidr, addresses, surge } = network
  const needed = addresses === undefined ? undefined : BigInt(addresses + (surge === undefined ? 0 : surgeNodes(surge, addresses)))
  return { name, ranges: [rangeOf(cidr)], capacity: usableRange(network), needed }
}

/** All ranges together; undefined when the request has none. */
function loadBalancersOf({ loadBalancerRanges, loadBalancerCount }: PlanRequest): Holding | undefined {
  if (loadBalancerRanges.length === 0) return undefined
  const needed = loadBalancerCount === undefined ? undefined : BigInt(loadBalancerCount)
  return { name: 'load balancers', ranges: loadBalancerRanges, capacity: sizeOf(rangeSet(loadBalancerRanges)), needed }
}

export function holdingsOf(request: PlanRequest): readonly Holding[] {
  const loadBalancers = loadBalancersOf(request)
  return [...(loadBalancers === undefined ? [] : [loadBalancers]), ...request.secondaryNetworks.map(attachmentsOf)]
}
