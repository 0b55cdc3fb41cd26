// Says what would fit where a pool is too small: a longer node prefix, or a shorter cluster prefix.
import { type Cidr, formatCidr, networkOf, type Range } from '../net/index.ts'
import type { FamilyPool, PoolPlan } from './address-plan.ts'
import { blocksLeft } from './block-space.ts'
import { usableOf } from './capacity.ts'
import { withheldRanges } from './plan-pools.ts'
import type { PlanRequest } from './plan-request.ts'
import type { Profile } from './profiles/define-profile.ts'

/** Widest distance between pool and node prefix that nobody refuses outright. */
function widestGap(profile: Profile, { cidr }: FamilyPool): number {
  const limits = profile.gap[cidr.family].filter(({ severity }) => severity === 'high')
  return Math.min(128, ...limits.map(({ bits }) => bits))
}

function fittingNodePrefix(pool: FamilyPool, needed: bigint, profile: Profile, withheld: readonly Range[]): number | undefined {
  const last = Math.min(profile.longestPrefix[pool.cidr.family], pool.cidr.prefix + widestGap(profile, pool))
  for (let prefix = pool.nodePrefix + 1; prefix <= last; prefix++) if (blocksLeft(pool.cidr, prefix, withheld) >= needed) return prefix
  return undefined
}

function fittingCidr(pool: FamilyPool, needed: bigint, profile: Profile, withheld: readonly Range[]): Cidr | undefined {
  const { family, base } = pool.cidr
  const last = Math.max(0, pool.nodePrefix - widestGap(profile, pool))
  for (let prefix = pool.cidr.prefix - 1; prefix >= last; prefix--) {
    const cidr = networkOf({ family, value: base }, prefix)
    if (blocksLeft(cidr, pool.nodePrefix, withheld) >= needed) return cidr
  }
  return undefined
}

/** Families that hold fewer than `needed` nodes, with what would help each, as steps for a person. */
export function waysToFit(request: PlanRequest, pool: PoolPlan, needed: bigint): string[] {
  const withheld = withheldRanges(request)
  const { profile } = request
  return pool.families.flatMap((family) => {
    const { cidr, nodePrefix, slots } = family
    if (slots - family.withheld >= needed) return []
    const steps: string[] = []
    const longer = fittingNodePrefix(family, needed, profile, withheld)
    if (longer !== undefined) {
      const blocks = blocksLeft(cidr, longer, withheld)
      const pods = usableOf(cidr.family, longer, profile.lost[cidr.family])
      steps.push(`give each node a /${longer} of ${formatCidr(cidr)} (--node-prefix ${longer}): room for ${blocks} nodes with ${pods} pods each`)
    }
    const wider = fittingCidr(family, needed, profile, withheld)
    if (wider !== undefined) {
      const blocks = blocksLeft(wider, nodePrefix, withheld)
      steps.push(
        `or take a /${wider.prefix} for the pods, like ${formatCidr(wider)} if all of it is free: room for ${blocks} nodes with a /${nodePrefix} each`,
      )
    }
    return steps.length > 0
      ? steps
      : [`no range and no node prefix of IPv${cidr.family} within the limits holds ${needed} nodes; plan several clusters`]
  })
}
