// Says what would fit where a pool is too small: a longer node prefix, or a shorter cluster prefix.
import { bitsOf, blockSize, type Cidr, cidrCovers, cidrSize, cidrsOverlap, formatCidr, networkOf, type Range } from '../net/index.ts'
import type { FamilyPool, PoolPlan } from './address-plan.ts'
import { blocksLeft } from './block-space.ts'
import { usableOf } from './capacity.ts'
import { withheldRanges } from './plan-pools.ts'
import type { PlanRequest } from './plan-request.ts'
import type { Profile } from './profiles/define-profile.ts'
import { homeOf, largestPrivate } from './special-use.ts'

/** Widest distance between pool and node prefix that nobody refuses outright. */
function widestGap(profile: Profile, { cidr }: FamilyPool): number {
  const limits = profile.gap[cidr.family].filter(({ severity }) => severity === 'high')
  return Math.min(bitsOf(cidr.family), ...limits.map(({ bits }) => bits))
}

function longerNodePrefix(pool: FamilyPool, needed: bigint, profile: Profile, withheld: readonly Range[]): string[] {
  const { cidr } = pool
  const last = Math.min(profile.longestPrefix[cidr.family], cidr.prefix + widestGap(profile, pool))
  for (let prefix = pool.nodePrefix + 1; prefix <= last; prefix++) {
    const room = blocksLeft(cidr, prefix, withheld)
    if (room < needed) continue
    const pods = usableOf(cidr.family, prefix, profile.lost[cidr.family])
    return [`give each node a /${prefix} of ${formatCidr(cidr)} (--node-prefix ${prefix}): room for ${room} nodes with ${pods} pods each`]
  }
  return []
}

/** True where the pool could grow into this range: in the same private space, and away from the other networks of the request. */
function isFree(cidr: Cidr, pool: Cidr, { clusterCidrs, nodePools, serviceCidrs, nodeNetworks }: PlanRequest): boolean {
  const home = homeOf(pool)
  const others = [...clusterCidrs, ...nodePools.flatMap(({ cidrs }) => cidrs)].filter(({ base }) => base !== pool.base)
  return (home === undefined || cidrCovers(home, cidr)) && ![...others, ...serviceCidrs, ...nodeNetworks].some((other) => cidrsOverlap(other, cidr))
}

function shorterClusterPrefix(pool: FamilyPool, needed: bigint, request: PlanRequest, withheld: readonly Range[]): string[] {
  const { family, base, prefix } = pool.cidr
  const last = Math.max(largestPrivate, pool.nodePrefix - widestGap(request.profile, pool))
  for (let wider = prefix - 1; wider >= last; wider--) {
    const cidr = networkOf({ family, value: base }, wider)
    const inPlace = isFree(cidr, pool.cidr, request)
    const room = inPlace ? blocksLeft(cidr, pool.nodePrefix, withheld) : cidrSize(cidr) / blockSize(family, pool.nodePrefix)
    if (room < needed) continue
    const place = inPlace ? `like ${formatCidr(cidr)} if all of it is free` : 'in another place'
    return [`take a /${wider} for the pods, ${place}: room for ${room} nodes with a /${pool.nodePrefix} each`]
  }
  return []
}

/** What would help each family that holds fewer than `needed` nodes, as steps for a person. */
export function waysToFit(request: PlanRequest, pool: PoolPlan, needed: bigint): string[] {
  const withheld = withheldRanges(request)
  return pool.families.flatMap((family) => {
    if (family.slots - family.withheld >= needed) return []
    const ways = [...longerNodePrefix(family, needed, request.profile, withheld), ...shorterClusterPrefix(family, needed, request, withheld)]
    if (ways.length === 0)
      return [`no range and no node prefix of IPv${family.cidr.family} within the limits holds ${needed} nodes; plan several clusters`]
    return ways.map((way, index) => (index === 0 ? way : `or ${way}`))
  })
}
