// Gives nodes their blocks in stable order: the i-th node that has none gets the i-th free block of each family.
import type { Cidr, Family, RangeSet } from '../net/index.ts'
import { formatCidr } from '../net/index.ts'
import type { NodePlan } from './address-plan.ts'
import { blockTexts } from './block-text.ts'
import type { NamedNode, NodePool } from './plan-request.ts'

/** Nodes of one node pool that got blocks. */
export interface PlacedNodes {
  readonly nodePool: NodePool
  readonly nodes: { readonly count: number; readonly base: string } | { readonly named: readonly NamedNode[] }
}

/** The blocks that new nodes get in one family, in order. */
export interface NewBlocks {
  readonly family: Family
  readonly prefix: number
  readonly ranges: RangeSet
}

export interface Placement {
  readonly placed: readonly PlacedNodes[]
  readonly placedCount: number
  readonly unplacedCount: number
  /** Blocks taken from the free ones, by family in the given order. */
  readonly taken: readonly number[]
}

const ownSubnet = ({ subnets }: NamedNode, family: Family): Cidr | undefined => subnets.find((subnet) => subnet.family === family)

const asNumber = (count: bigint): number => (count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count))

/** A node pool, and the blocks that each of its nodes takes, by family. */
export interface NodesToPlace {
  readonly nodePool: NodePool
  readonly each: readonly number[]
}

/** `free` is the number of free blocks by family. A node that cannot get blocks of every family gets none, so that no family is used up by halves. */
export function placeNodes(lists: readonly NodesToPlace[], families: readonly Family[], free: readonly bigint[]): Placement {
  const left = free.map(asNumber)
  const placed: PlacedNodes[] = []
  let placedCount = 0
  let unplacedCount = 0
  for (const { nodePool, each } of lists) {
    if ('count' in nodePool.nodes) {
      const { count, base } = nodePool.nodes
      const fitting = Math.min(count, ...left.map((blocks, index) => Math.floor(blocks / (each[index] ?? 1))))
      for (const index of left.keys()) left[index] = (left[index] ?? 0) - fitting * (each[index] ?? 1)
      placed.push({ nodePool, nodes: { count: fitting, base } })
      placedCount += fitting
      unplacedCount += count - fitting
      continue
    }
    const named = nodePool.nodes.named.filter((node) => takeBlocks(node, families, each, left))
    placed.push({ nodePool, nodes: { named } })
    placedCount += named.length
    unplacedCount += nodePool.nodes.named.length - named.length
  }
  return { placed, placedCount, unplacedCount, taken: free.map((count, index) => asNumber(count) - (left[index] ?? 0)) }
}

function takeBlocks(node: NamedNode, families: readonly Family[], each: readonly number[], left: number[]): boolean {
  const missing = [...families.entries()].filter(([, family]) => ownSubnet(node, family) === undefined)
  if (missing.some(([index]) => (left[index] ?? 0) < (each[index] ?? 1))) return false
  for (const [index] of missing) left[index] = (left[index] ?? 0) - (each[index] ?? 1)
  return true
}

/** Their names alone, which takes a third of the time. */
export function* iterateNames(placed: readonly PlacedNodes[]): Generator<string> {
  for (const { nodes } of placed) {
    if ('named' in nodes) for (const { name } of nodes.named) yield name
    else for (let number = 1; number <= nodes.count; number++) yield `${nodes.base}-${number}`
  }
}

/** The nodes of one pool; `blocks` is empty where the system itself chooses them. */
export function* iterateNodes(
  pool: string,
  usable: (nodePool: NodePool) => string,
  placed: readonly PlacedNodes[],
  blocks: readonly NewBlocks[],
): Generator<NodePlan> {
  const cursors = blocks.map(({ family, prefix, ranges }) => blockTexts(family, ranges.ranges, prefix))
  const [first, second] = cursors
  for (const { nodePool, nodes } of placed) {
    const maxPods = nodePool.maxPods ?? null
    const forPods = usable(nodePool)
    if ('named' in nodes) {
      for (const node of nodes.named) {
        const subnets = blocks.map(({ family }, index) => {
          const own = ownSubnet(node, family)
          return own === undefined ? (cursors[index]?.() ?? '') : formatCidr(own)
        })
        yield { name: node.name, pool, subnets, usable: forPods, maxPods }
      }
      continue
    }
    const base = `${nodes.base}-`
    for (let number = 1; number <= nodes.count; number++) {
      const subnets = first === undefined ? [] : second === undefined ? [first()] : [first(), second()]
      yield { name: base + number, pool, subnets, usable: forPods, maxPods }
    }
  }
}
