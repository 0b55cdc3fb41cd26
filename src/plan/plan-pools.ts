// Turns a request into a plan: splits each pool into blocks, leaves out what is reserved, and gives every node its block.
import { aggregate, blockCount, type Cidr, type Range, type RangeSet, rangeOf, rangeSet, subtract } from '../net/index.ts'
import type { AddressPlan, FamilyPool, NodePlan, PoolPlan } from './address-plan.ts'
import { blockPrefix } from './block-prefix.ts'
import { blocksIn, blocksTouched, splitSet } from './block-space.ts'
import { leastOf, usableOf } from './capacity.ts'
import { layoutPools, type PoolLayout } from './layout-pools.ts'
import { iterateNodes, type NewBlocks, ownSubnet, placeNodes } from './place-nodes.ts'
import type { PlanRequest } from './plan-request.ts'

/** One family of a pool before any new node has a block. */
interface Space {
  readonly cidr: Cidr
  readonly nodePrefix: number
  readonly withheld: bigint
  readonly pinned: bigint
  readonly free: RangeSet
  readonly freeBlocks: bigint
}

/** What no node may get: reservations, and the Service ranges, which kube-controller-manager never hands out either. */
export function withheldRanges({ reservations, serviceCidrs }: PlanRequest): readonly Range[] {
  return [...reservations.map(({ range }) => range), ...serviceCidrs.map(rangeOf)]
}

function openSpace(request: PlanRequest, { nodePools }: PoolLayout, cidr: Cidr): Space {
  const nodePrefix = blockPrefix(request.profile, cidr, nodePools)
  const pins = request.nodePools.flatMap(({ nodes }) => ('named' in nodes ? nodes.named : [])).flatMap((node) => ownSubnet(node, cidr.family) ?? [])
  const pinned = blocksTouched(cidr, nodePrefix, pins.map(rangeOf))
  const withheld = subtract(blocksTouched(cidr, nodePrefix, withheldRanges(request)), pinned)
  const free = subtract(rangeSet([rangeOf(cidr)]), rangeSet([...pinned.ranges, ...withheld.ranges]))
  const count = (set: RangeSet) => blocksIn(set, cidr, nodePrefix)
  return { cidr, nodePrefix, withheld: count(withheld), pinned: count(pinned), free, freeBlocks: count(free) }
}

interface FilledPool {
  readonly pool: PoolPlan
  readonly nodes: () => Iterable<NodePlan>
}

function fillPool(request: PlanRequest, layout: PoolLayout): FilledPool {
  const spaces = layout.cidrs.map((cidr) => openSpace(request, layout, cidr))
  const placement = placeNodes(
    layout.nodePools,
    spaces.map(({ cidr }) => cidr.family),
    spaces.map(({ freeBlocks }) => freeBlocks),
  )
  const families: FamilyPool[] = []
  const blocks: NewBlocks[] = []
  for (const [index, { cidr, nodePrefix, withheld, pinned, free, freeBlocks }] of spaces.entries()) {
    const taken = BigInt(placement.taken[index] ?? 0)
    const { head, tail } = splitSet(free, taken << BigInt((cidr.family === 4 ? 32 : 128) - nodePrefix))
    families.push({
      cidr,
      nodePrefix,
      slots: blockCount(cidr, nodePrefix),
      withheld,
      used: pinned + taken,
      available: freeBlocks - taken,
      free: tail,
    })
    blocks.push({ family: cidr.family, prefix: nodePrefix, ranges: head })
  }
  const { name, nodePools } = layout
  const pool = { name, nodePools, families, placed: placement.placedCount, unplaced: placement.unplacedCount }
  const usable = String(usableInPool(request, pool))
  return { pool, nodes: () => iterateNodes(name, usable, placement.placed, blocks) }
}

/** Addresses for pods on each node; with two families the smaller number, because a dual-stack pod needs one of each. */
export function usableInPool({ profile }: PlanRequest, { families }: Pick<PoolPlan, 'families'>): bigint {
  return leastOf(families.map(({ cidr, nodePrefix }) => usableOf(cidr.family, nodePrefix, profile.lost[cidr.family])))
}

function* everyNode(filled: readonly FilledPool[]): Generator<NodePlan> {
  for (const { nodes } of filled) yield* nodes()
}

export function planPools(request: PlanRequest): AddressPlan {
  const filled = layoutPools(request).map((layout) => fillPool(request, layout))
  const pools = filled.map(({ pool }) => pool)
  const [first] = filled
  return {
    request,
    pools,
    nodeCount: pools.reduce((sum, { placed }) => sum + placed, 0),
    nodes: first !== undefined && filled.length === 1 ? first.nodes : () => everyNode(filled),
    free: pools.flatMap(({ families }) => families.flatMap(({ free }) => [...aggregate(free)])),
  }
}
