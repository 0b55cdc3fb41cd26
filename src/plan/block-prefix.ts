// How large a node's block must be, and how many a node takes.
import type { Cidr, Family } from '../net/index.ts'
import type { NodePool } from './plan-request.ts'
import type { NodeShape, Profile } from './profiles/define-profile.ts'

/** As asked for, else what the system takes for so many pods. */
export function wishedPrefix(profile: Profile, family: Family, { nodePrefixes, maxPods, instance }: NodePool): number {
  return nodePrefixes.get(family) ?? profile.prefixFor(family, maxPods, instance)
}

/** One size for all node pools that share a pool: the largest block that any of them needs, and never more than the whole pool. */
export function blockPrefix(profile: Profile, cidr: Cidr, nodePools: readonly NodePool[]): number {
  return Math.max(cidr.prefix, Math.min(...nodePools.map((nodePool) => wishedPrefix(profile, cidr.family, nodePool))))
}

export function shapeOf(profile: Profile, { maxPods, instance }: NodePool, family: Family, prefix: number): NodeShape {
  return { family, prefix, maxPods: maxPods ?? profile.maxPods(instance), instance }
}

/** Blocks that one node takes: one, unless the system hands out more when they are needed. */
export const blocksPerNode = (profile: Profile, nodePool: NodePool, family: Family, prefix: number): number =>
  profile.blocksPerNode(shapeOf(profile, nodePool, family, prefix))
