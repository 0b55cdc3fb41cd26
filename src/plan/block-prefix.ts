// How large a node's block must be: as asked for, else from the number of pods, else the profile's default.
import { bitsOf, type Cidr, type Family } from '../net/index.ts'
import { bitsFor } from './capacity.ts'
import type { NodePool } from './plan-request.ts'
import type { Profile } from './profiles/define-profile.ts'

/** Twice the pods, so that an address rests before it is given again (GKE sizes this way), and room for what pods never get. */
export function prefixForPods(profile: Profile, family: Family, maxPods: number): number {
  if (family === 6) return profile.nodePrefix[6] // a /64 holds any number of pods
  return bitsOf(4) - bitsFor(BigInt(Math.max(2 * maxPods, maxPods + profile.lost[4])))
}

function wish(profile: Profile, family: Family, { nodePrefixes, maxPods }: NodePool): number {
  return nodePrefixes.get(family) ?? (maxPods === undefined ? profile.nodePrefix[family] : prefixForPods(profile, family, maxPods))
}

/** One size for all node pools that share a pool: the largest block that any of them needs, and never more than the whole pool. */
export function blockPrefix(profile: Profile, cidr: Cidr, nodePools: readonly NodePool[]): number {
  const prefixes = nodePools.map((nodePool) => wish(profile, cidr.family, nodePool))
  return Math.max(cidr.prefix, Math.min(...prefixes))
}
