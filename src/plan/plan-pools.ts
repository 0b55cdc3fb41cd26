// Turns a request into a plan: splits each pool into blocks, leaves out what is reserved, and gives every node its block.
import { aggregate, blockCount, blockSize, type Cidr, emptyRangeSet, type RangeSet, rangeOf, rangeSet, subtract } from '../net/index.ts'
import type { AddressPlan, FamilyPool, NodePlan, PoolPlan } from './address-plan.ts'
import { blockPrefix, blocksPerNode, shapeOf } from './block-prefix.ts'
import { blocksIn, blocksTouched, rangesIn, splitSet } from './block-space.ts'
import { layoutPools, type PoolLayout } from './layout-pools.ts'
import { iterateNames, iterateNodes, type NewBlocks, type PlacedNodes, type Placement, placeNodes } from './place-nodes.ts'
import { type NodePool, nodeCount, type PlanRequest } from './plan-request.ts'
import { usableInAll } from './usable.ts'
import { keptByCloud, reservedRanges } from './withheld.ts'

/** One family of a pool before any new node has a block. */
interface Space {
  readonly cidr: Cidr
  readonly nodePrefix: number
  readonly withheld: bigint
  readonly pinned: bigint
  readonly free: RangeSet
  readonly freeBlocks: bigint
}

/** What is taken before any node is placed: found once, and looked up for each of perhaps thousands of pools. */
interface Taken {
  readonly pinned: RangeSet
  readonly reserved: RangeSet
}

function takenBefore(request: PlanRequest): Taken {
  const named = request.nodePools.flatMap(({ nodes }) => ('named' in nodes ? nodes.named : []))
  return { pinned: rangeSet(named.flatMap(({ subnets }) => subnets).map(rangeOf)), reserved: rangeSet(reservedRanges(request)) }
}

function openSpace({ profile }: PlanRequest, taken: Taken, { nodePools }: PoolLayout, cidr: Cidr): Space {
  const nodePrefix = blockPrefix(profile, cidr, nodePools)
  const pinned = blocksTouched(cidr, nodePrefix, rangesIn(taken.pinned, cidr))
  const withheld = subtract(blocksTouched(cidr, nodePrefix, [...rangesIn(taken.reserved, cidr), ...keptByCloud(profile, cidr)]), pinned)
  const free = subtract(rangeSet([rangeOf(cidr)]), rangeSet([...pinned.ranges, ...withheld.ranges]))
  const count = (set: RangeSet) => blocksIn(set, cidr, nodePrefix)
  return { cidr, nodePrefix, withheld: count(withheld), pinned: count(pinned), free, freeBlocks: count(free) }
}

interface FilledPool {
  readonly pool: PoolPlan
  readonly nodes: () => Iterable<NodePlan>
  readonly placed: readonly PlacedNodes[]
}

/** Where the system itself chooses the blocks, their number is known and their places are not. */
function fillFamily(request: PlanRequest, { cidr, nodePrefix, withheld, pinned, free, freeBlocks }: Space, taken: bigint) {
  const { head, tail } = splitSet(free, taken * blockSize(cidr.family, nodePrefix))
  const family: FamilyPool = {
    cidr,
    nodePrefix,
    slots: blockCount(cidr, nodePrefix),
    withheld,
    used: pinned + taken,
    available: freeBlocks - taken,
    free: request.profile.handout === 'fixed' ? tail : emptyRangeSet,
  }
  const blocks: NewBlocks = { family: cidr.family, prefix: nodePrefix, ranges: head }
  return { family, blocks }
}

/** Blocks of the nodes that were placed, counted as if all were of the pool's size. */
function placedBlocks({ profile }: PlanRequest, { placed }: Placement, { cidr, nodePrefix }: Space): bigint {
  return placed.reduce((sum, { nodePool, nodes }) => {
    const each = BigInt(blocksPerNode(profile, nodePool, cidr.family, nodePrefix))
    return sum + each * BigInt('count' in nodes ? nodes.count : nodes.named.length)
  }, 0n)
}

function fillPool(request: PlanRequest, taken: Taken, layout: PoolLayout): FilledPool {
  const { profile } = request
  const { name, nodePools } = layout
  const spaces = layout.cidrs.map((cidr) => openSpace(request, taken, layout, cidr))
  const lists = nodePools.map((nodePool) => ({
    nodePool,
    each: spaces.map(({ cidr, nodePrefix }) => blocksPerNode(profile, nodePool, cidr.family, nodePrefix)),
  }))
  const placement = placeNodes(
    lists,
    spaces.map(({ cidr }) => cidr.family),
    spaces.map(({ freeBlocks }) => freeBlocks),
  )
  const filled = spaces.map((space, index) => fillFamily(request, space, BigInt(placement.taken[index] ?? 0)))
  const pool: PoolPlan = {
    name,
    nodePools,
    families: filled.map(({ family }) => family),
    placed: placement.placedCount,
    unplaced: placement.unplacedCount,
    placedBlocks: spaces.map((space) => placedBlocks(request, placement, space)),
  }
  const blocks = profile.handout === 'fixed' ? filled.map((each) => each.blocks) : []
  const usable = (nodePool: NodePool) => String(usableInPool(request, pool, nodePool))
  return { pool, nodes: () => iterateNodes(name, usable, placement.placed, blocks), placed: placement.placed }
}

/** A node pool for which no place was found. */
function withoutPlace({ name, nodePools }: PoolLayout): FilledPool {
  const unplaced = nodePools.reduce((sum, { nodes }) => sum + nodeCount(nodes), 0)
  return { pool: { name, nodePools, families: [], placed: 0, unplaced, placedBlocks: [] }, nodes: () => [], placed: [] }
}

/** Addresses for pods on each node of a node pool. */
function usableInPool({ profile }: PlanRequest, { families }: Pick<PoolPlan, 'families'>, nodePool: NodePool): bigint {
  return usableInAll(
    profile,
    families.map(({ cidr, nodePrefix }) => shapeOf(profile, nodePool, cidr.family, nodePrefix)),
  )
}

function* everyNode(filled: readonly FilledPool[]): Generator<NodePlan> {
  for (const { nodes } of filled) yield* nodes()
}

export function planPools(request: PlanRequest): AddressPlan {
  const { layouts, divided } = layoutPools(request)
  const taken = takenBefore(request)
  const filled = layouts.map((layout) => (layout.cidrs.length === 0 ? withoutPlace(layout) : fillPool(request, taken, layout)))
  const pools = filled.map(({ pool }) => pool)
  const [first] = filled
  return {
    request,
    pools,
    divided,
    nodeCount: pools.reduce((sum, { placed }) => sum + placed, 0),
    nodes: first !== undefined && filled.length === 1 ? first.nodes : () => everyNode(filled),
    names: () => iterateNames(filled.flatMap(({ placed }) => placed)),
    free: pools.flatMap(({ families }) => families.flatMap(({ free }) => [...aggregate(free)])),
  }
}
