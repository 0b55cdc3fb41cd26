// How many blocks nodes can still claim from their pools, in systems whose nodes claim blocks as they need them.

import { groupBy } from '../../model/group-by.ts'
import type { Allocation, Block, BlockClaims, Node, Pool } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { blockSize, type Family, holds, networkOf, rangeSet, rangeSize } from '../../net/index.ts'

export interface ClaimPool extends Pool {
  readonly claims: BlockClaims
}

/** Nodes that may claim from the same pools of one family. */
export interface BlockGroup {
  readonly family: Family
  readonly pools: readonly ClaimPool[]
  readonly nodes: readonly Node[]
  readonly total: bigint
  readonly claimed: bigint
  readonly free: bigint
  /** Nodes that have none of the blocks. */
  readonly without: readonly Node[]
  readonly blocks: readonly Block[]
  readonly strict: boolean
}

export const claimPools = (inventory: Inventory): readonly ClaimPool[] =>
  inventory.pools.filter(
    (pool): pool is ClaimPool => pool.claims !== undefined && pool.disabled !== true && pool.use === undefined && pool.claims.manual !== true,
  )

const isOpen = ({ schedulable, virtual, deletedAt }: Node): boolean => schedulable && !virtual && deletedAt === undefined

const mayClaim = ({ claims: { nodes } }: ClaimPool, { name }: Node): boolean => nodes === undefined || (nodes !== 'unknown' && nodes.includes(name))

/** Slots that blocks of any size touch: those of an earlier blockSize take several, or share one. */
function slotsTaken(pool: ClaimPool, blocks: readonly Block[]): bigint {
  const { prefix } = pool.claims
  const shared = new Set<bigint>()
  let whole = 0n
  for (const { cidr } of blocks)
    if (cidr.prefix >= prefix) shared.add(networkOf({ family: cidr.family, value: cidr.base }, prefix).base)
    else whole += blockSize(cidr.family, cidr.prefix) / blockSize(cidr.family, prefix)
  return whole + BigInt(shared.size)
}

export function blockGroups(inventory: Inventory): readonly BlockGroup[] {
  const pools = claimPools(inventory)
  const usable = pools.filter(({ claims }) => claims.nodes !== 'unknown')
  const nodes = inventory.nodes.filter(isOpen)
  return ([4, 6] as const).flatMap((family): BlockGroup[] => {
    const own = usable.filter((pool) => pool.family === family)
    const byPools = groupBy(nodes, (node) => own.flatMap((pool, i) => (mayClaim(pool, node) ? [i] : [])).join())
    return [...byPools].flatMap(([key, members]): BlockGroup[] => {
      if (key === '') return []
      const chosen = key.split(',').flatMap((i) => own[Number(i)] ?? [])
      const space = rangeSet(chosen.flatMap((pool) => pool.ranges))
      const blocks = inventory.blocks.filter(
        ({ system, cidr }) => system === chosen[0]?.system && holds(space, { family: cidr.family, value: cidr.base }),
      )
      const total = chosen.reduce(
        (sum, pool) => sum + pool.ranges.reduce((n, range) => n + rangeSize(range), 0n) / blockSize(family, pool.claims.prefix),
        0n,
      )
      const claimed = chosen.reduce((sum, pool) => {
        const inPool = rangeSet(pool.ranges)
        return (
          sum +
          slotsTaken(
            pool,
            blocks.filter(({ cidr }) => holds(inPool, { family: cidr.family, value: cidr.base })),
          )
        )
      }, 0n)
      const owners = new Set(blocks.map(({ node }) => node))
      return [
        {
          family,
          pools: chosen,
          nodes: members,
          total,
          claimed,
          free: total > claimed ? total - claimed : 0n,
          without: members.filter(({ name }) => !owners.has(name)),
          blocks,
          strict: chosen.some(({ claims }) => claims.strict),
        },
      ]
    })
  })
}

/** Addresses that a node took from another node's block. A pod that really runs where the block is at home has merely an old node name in its record (calico #13538). */
export const borrowed = (inventory: Inventory): readonly Allocation[] =>
  inventory.allocations.filter(
    ({ borrowedFrom, owner, node, address }) =>
      borrowedFrom !== undefined &&
      (owner.kind === 'pod' || owner.kind === 'node') &&
      inventory.nodeOf.has(node ?? '') &&
      // The blocks of a node that is gone are LEAK-203's.
      inventory.nodeOf.has(borrowedFrom) &&
      !inventory.holders(address).some((pod) => pod.node === borrowedFrom),
  )

export interface LimitedNode {
  readonly node: Node
  readonly family: Family
  readonly blocks: number
  readonly room: bigint
  readonly used: number
}

/** Nodes at their limit of blocks for which the limit is too small: all addresses in use, or more pods allowed than addresses. */
export function limitedNodes(inventory: Inventory, group: BlockGroup): readonly LimitedNode[] {
  const limit = group.pools.reduce<number | undefined>((least, { claims }) => claims.perNode ?? least, undefined)
  if (limit === undefined) return []
  const used = groupBy(
    inventory.allocations.filter(({ system, address }) => system === group.pools[0]?.system && address.family === group.family),
    ({ borrowedFrom, node }) => borrowedFrom ?? node,
  )
  const blocks = groupBy(group.blocks, ({ node }) => node)
  return group.nodes.flatMap((node): LimitedNode[] => {
    const own = blocks.get(node.name) ?? []
    if (own.length < limit) return []
    const room = own.reduce((sum, { cidr }) => sum + blockSize(cidr.family, cidr.prefix), 0n)
    const taken = used.get(node.name)?.length ?? 0
    const onHost = (inventory.podsOfNode.get(node.name) ?? []).filter((pod) => pod.hostNetwork).length
    const wanted = node.maxPods === undefined ? 0n : BigInt(Math.max(0, node.maxPods - onHost))
    return BigInt(taken) >= room || wanted > room ? [{ node, family: group.family, blocks: own.length, room, used: taken }] : []
  })
}
