// Decides which pools there are: one that node pools share, parts of the cluster CIDRs where they need blocks of different sizes,
// and one for each node pool that brings its own ranges.
import { type Cidr, cidrCovers, type Family, rangeOf, rangeSet, subtract } from '../net/index.ts'
import { blocksPerNode, wishedPrefix } from './block-prefix.ts'
import { bitsFor } from './capacity.ts'
import { demandOfNodePool } from './demand.ts'
import { packWithBuddies, type WantedBlock } from './pack-blocks.ts'
import { type NodePool, onlyPool, type PlanRequest } from './plan-request.ts'

export interface PoolLayout {
  readonly name: string
  readonly nodePools: readonly NodePool[]
  /** Empty when there is no place for it. */
  readonly cidrs: readonly Cidr[]
}

/** Blocks that a node pool ever needs: its maximum with surge, or what it grows to. */
function slotsOf({ profile, horizon }: PlanRequest, nodePool: NodePool, family: Family, prefix: number): bigint {
  const { maximum, surge, atHorizon } = demandOfNodePool(nodePool, horizon)
  const nodes = Math.max(1, maximum + surge, atHorizon)
  return BigInt(nodes) * BigInt(blocksPerNode(profile, nodePool, family, prefix))
}

/** Prefix length of one pool for all node pools that have no ranges of their own. */
export function sharedPrefix(request: PlanRequest, family: Family): number {
  const sharing = request.nodePools.filter(({ cidrs }) => cidrs.length === 0)
  const nodePrefix = Math.min(...sharing.map((nodePool) => wishedPrefix(request.profile, family, nodePool)))
  const slots = sharing.reduce((sum, nodePool) => sum + slotsOf(request, nodePool, family, nodePrefix), 0n)
  return Math.max(0, nodePrefix - Math.max(request.profile.oneBlock ? 0 : 1, bitsFor(slots)))
}

/** Prefix length of a pool of its own for each node pool: slots rounded up to a power of two. */
function wantedPools(request: PlanRequest, sharing: readonly NodePool[], family: Family): WantedBlock[] {
  return sharing.map((nodePool) => {
    const nodePrefix = wishedPrefix(request.profile, family, nodePool)
    return { name: nodePool.name, prefix: Math.max(0, nodePrefix - bitsFor(slotsOf(request, nodePool, family, nodePrefix))) }
  })
}

/** Parts of the cluster CIDRs, away from reservations, Services and ranges that node pools bring. */
function carve(request: PlanRequest, sharing: readonly NodePool[]): readonly PoolLayout[] {
  const taken = [
    ...request.reservations.map(({ range }) => range),
    ...[...request.serviceCidrs, ...request.nodePools.flatMap(({ cidrs }) => cidrs)].map(rangeOf),
  ]
  const places = request.clusterCidrs.map((cidr) =>
    packWithBuddies(subtract(rangeSet([rangeOf(cidr)]), rangeSet(taken)), wantedPools(request, sharing, cidr.family)),
  )
  return sharing.map((nodePool) => {
    const cidrs = places.flatMap((place) => place.get(nodePool.name) ?? [])
    return { name: nodePool.name, nodePools: [nodePool], cidrs: cidrs.length < places.length ? [] : cidrs }
  })
}

/** True where node pools need blocks of different sizes, or one of them has a part already, and the system can give them parts. */
function needsParts({ profile, clusterCidrs, nodePools }: PlanRequest, sharing: readonly NodePool[]): boolean {
  if (profile.masks === 'one') return false
  if (nodePools.some(({ cidrs }) => cidrs.some((own) => clusterCidrs.some((cidr) => cidrCovers(cidr, own))))) return true
  return clusterCidrs.some(({ family }) => new Set(sharing.map((nodePool) => wishedPrefix(profile, family, nodePool))).size > 1)
}

export interface Layout {
  /** Shared pools first, then those with ranges of their own, each in the order of the node pools. */
  readonly layouts: readonly PoolLayout[]
  /** True where the cluster CIDRs are divided among node pools. */
  readonly divided: boolean
}

export function layoutPools(request: PlanRequest): Layout {
  const sharing = request.nodePools.filter(({ cidrs }) => cidrs.length === 0)
  const own = request.nodePools.filter(({ cidrs }) => cidrs.length > 0)
  const ownPools = own.map((nodePool) => ({ name: nodePool.name, nodePools: [nodePool], cidrs: nodePool.cidrs }))
  if (needsParts(request, sharing)) return { layouts: [...carve(request, sharing), ...ownPools], divided: true }
  const shared = sharing.length === 0 ? [] : [{ name: onlyPool, nodePools: sharing, cidrs: request.clusterCidrs }]
  return { layouts: [...shared, ...ownPools], divided: false }
}
