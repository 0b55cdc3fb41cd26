// Decides which pools there are: one that all node pools share, and one for each node pool that brings its own ranges.
import type { Cidr } from '../net/index.ts'
import { type NodePool, onlyPool, type PlanRequest } from './plan-request.ts'

export interface PoolLayout {
  readonly name: string
  readonly nodePools: readonly NodePool[]
  readonly cidrs: readonly Cidr[]
}

/** In the order of the node pools. */
export function layoutPools({ clusterCidrs, nodePools }: PlanRequest): readonly PoolLayout[] {
  const sharing = nodePools.filter(({ cidrs }) => cidrs.length === 0)
  const own = nodePools.filter(({ cidrs }) => cidrs.length > 0)
  const shared = sharing.length === 0 ? [] : [{ name: onlyPool, nodePools: sharing, cidrs: clusterCidrs }]
  return [...shared, ...own.map((nodePool) => ({ name: nodePool.name, nodePools: [nodePool], cidrs: nodePool.cidrs }))]
}
