// A finished plan: pools split into blocks, blocks given to nodes, and what is left. Nodes are iterated, never held: there may be millions.
import type { Cidr, RangeSet } from '../net/index.ts'
import type { NodePool, PlanRequest } from './plan-request.ts'

/** A pool's part in one address family. Counts are in blocks: slots = withheld + used + available. */
export interface FamilyPool {
  readonly cidr: Cidr
  /** Prefix length of the block that each node gets. */
  readonly nodePrefix: number
  /** Blocks that the pool divides into. */
  readonly slots: bigint
  /** Blocks that no node may get, because a reservation or the Service range touches them. */
  readonly withheld: bigint
  readonly used: bigint
  readonly available: bigint
  /** Addresses of the available blocks. */
  readonly free: RangeSet
}

export interface PoolPlan {
  readonly name: string
  /** Node pools whose nodes draw from it. */
  readonly nodePools: readonly NodePool[]
  /** In the order of the cluster CIDRs; none when there is no place for the pool. */
  readonly families: readonly FamilyPool[]
  /** Nodes that got blocks of each family. */
  readonly placed: number
  /** Nodes that got none, because the pool is full or has no place. */
  readonly unplaced: number
  /** Blocks of the placed nodes by family, each node counted with as many as its kind takes. */
  readonly placedBlocks: readonly bigint[]
}

/** One node as the report shows it. */
export interface NodePlan {
  readonly name: string
  readonly pool: string
  /** Canonical text, one CIDR of each family. */
  readonly subnets: readonly string[]
  /** Addresses for pods, the smaller of the two families, as a decimal string. */
  readonly usable: string
  readonly maxPods: number | null
}

export interface AddressPlan {
  readonly request: PlanRequest
  readonly pools: readonly PoolPlan[]
  /** True where node pools have parts of the cluster CIDRs; a pool may lie outside of them all the same. */
  readonly divided: boolean
  readonly nodeCount: number
  /** In stable order, again and again. */
  readonly nodes: () => Iterable<NodePlan>
  /** Names of the same nodes in the same order. */
  readonly names: () => Iterable<string>
  /** The fewest CIDRs that make up the blocks that are left. */
  readonly free: readonly Cidr[]
}
