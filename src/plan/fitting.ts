// Says what would fit where a pool is too small: a longer node prefix, or a shorter cluster prefix.
import { bitsOf, blockSize, type Cidr, cidrCovers, cidrSize, cidrsOverlap, formatCidr, networkOf } from '../net/index.ts'
import type { FamilyPool, PoolPlan } from './address-plan.ts'
import { shapeOf } from './block-prefix.ts'
import { blocksLeft } from './block-space.ts'
import { blocksFor, type Goal } from './demand.ts'
import type { PlanRequest } from './plan-request.ts'
import type { Profile } from './profiles/define-profile.ts'
import { homeOf, largestPrivate } from './special-use.ts'
import { usablePerNode } from './usable.ts'
import { withheldRanges } from './withheld.ts'

/** A family of a pool, and what it must hold. */
interface Shortage {
  readonly request: PlanRequest
  readonly pool: PoolPlan
  readonly family: FamilyPool
  readonly goal: Goal
}

/** Widest distance between pool and node prefix that nobody refuses outright. */
function widestGap(profile: Profile, { cidr }: FamilyPool): number {
  const limits = profile.gap[cidr.family].filter(({ severity }) => severity === 'high')
  return Math.min(bitsOf(cidr.family), ...limits.map(({ bits }) => bits))
}

const needAt = ({ request, pool, family, goal }: Shortage, prefix: number): bigint => blocksFor(request, pool.nodePools, family, prefix, goal)

/** `511 nodes`, or how many blocks there are where a node takes several. */
const room = (blocks: bigint, { request: { profile } }: Shortage): string =>
  profile.handout === 'fixed' ? `room for ${blocks} nodes` : `${blocks} blocks`

function longerNodePrefix(shortage: Shortage): string[] {
  const { request, pool, family } = shortage
  const { cidr } = family
  const last = Math.min(request.profile.prefixes[cidr.family].longest, cidr.prefix + widestGap(request.profile, family))
  for (let prefix = family.nodePrefix + 1; prefix <= last; prefix++) {
    const blocks = blocksLeft(cidr, prefix, withheldRanges(request, cidr))
    if (blocks < needAt(shortage, prefix)) continue
    const [nodePool] = pool.nodePools
    const pods = nodePool && usablePerNode(request.profile, shapeOf(request.profile, nodePool, cidr.family, prefix))
    return [`give each node a /${prefix} of ${formatCidr(cidr)} (--node-prefix ${prefix}): ${room(blocks, shortage)} with ${pods} pods each`]
  }
  return []
}

/** True where the pool could grow into this range: in the same private space, and away from the other networks of the request. */
function isFree(cidr: Cidr, pool: Cidr, { clusterCidrs, nodePools, serviceCidrs, nodeNetworks }: PlanRequest): boolean {
  const home = homeOf(pool)
  const others = [...clusterCidrs, ...nodePools.flatMap(({ cidrs }) => cidrs)].filter(({ base }) => base !== pool.base)
  return (home === undefined || cidrCovers(home, cidr)) && ![...others, ...serviceCidrs, ...nodeNetworks].some((other) => cidrsOverlap(other, cidr))
}

function shorterClusterPrefix(shortage: Shortage): string[] {
  const { request, family: pool } = shortage
  const { family, base, prefix } = pool.cidr
  const last = Math.max(largestPrivate, pool.nodePrefix - widestGap(request.profile, pool))
  for (let wider = prefix - 1; wider >= last; wider--) {
    const cidr = networkOf({ family, value: base }, wider)
    const inPlace = isFree(cidr, pool.cidr, request)
    const blocks = inPlace ? blocksLeft(cidr, pool.nodePrefix, withheldRanges(request, cidr)) : cidrSize(cidr) / blockSize(family, pool.nodePrefix)
    if (blocks < needAt(shortage, pool.nodePrefix)) continue
    const place = inPlace ? `like ${formatCidr(cidr)} if all of it is free` : 'in another place'
    return [
      `take a /${wider} for the pods, ${place}: ${room(blocks, shortage)} ${request.profile.handout === 'fixed' ? `with a /${pool.nodePrefix} each` : `of /${pool.nodePrefix}`}`,
    ]
  }
  return []
}

/** What would help each family that is too small for the goal, as steps for a person. */
export function waysToFit(request: PlanRequest, pool: PoolPlan, goal: Goal): string[] {
  return pool.families.flatMap((family) => {
    const shortage = { request, pool, family, goal }
    const needed = needAt(shortage, family.nodePrefix)
    if (family.slots - family.withheld >= needed) return []
    const ways = [...longerNodePrefix(shortage), ...shorterClusterPrefix(shortage)]
    if (ways.length === 0)
      return [`no range and no node prefix of IPv${family.cidr.family} within the limits has ${needed} blocks; plan several clusters`]
    return ways.map((way, index) => (index === 0 ? way : `or ${way}`))
  })
}
