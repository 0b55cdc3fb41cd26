// Addresses that pods can have on one node.
import { leastOf, usableOf } from './capacity.ts'
import type { NodeShape, Profile } from './profiles/define-profile.ts'

export function usablePerNode(profile: Profile, shape: NodeShape): bigint {
  const inBlocks = BigInt(profile.blocksPerNode(shape)) * usableOf(shape.family, shape.prefix, profile.lost[shape.family])
  const usable = inBlocks - BigInt(profile.lostPerNode(shape))
  return usable > 0n ? usable : 0n
}

/** With two families the smaller number, because a dual-stack pod needs an address of each. */
export const usableInAll = (profile: Profile, shapes: readonly NodeShape[]): bigint => leastOf(shapes.map((shape) => usablePerNode(profile, shape)))
