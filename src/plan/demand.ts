// How many nodes a pool must hold: now, at most, during upgrades, and when the horizon is reached.
import type { FamilyPool, PoolPlan } from './address-plan.ts'
import { blocksPerNode } from './block-prefix.ts'
import { leastOf } from './capacity.ts'
import { type NodePool, nodeCount, type PlanRequest } from './plan-request.ts'
import { surgeNodes } from './read-values.ts'

export interface Demand {
  readonly nodes: number
  /** The autoscaler's maximum where one is given, else the nodes of now. */
  readonly maximum: number
  /** Extra nodes during upgrades. */
  readonly surge: number
  readonly atHorizon: number
}

/** What a pool is held against: its maximum, its maximum during an upgrade, or what it grows to. */
export type Goal = 'maximum' | 'upgrade' | 'horizon'

/** `count` after `years` at `percent` a year, rounded up; the tolerance keeps 100 at 10% for 2 years at 121. */
export function grown(count: number, percent: number, years: number): number {
  const exact = count * (1 + percent / 100) ** years
  return Math.ceil(exact * (1 - 1e-12))
}

export function demandOfNodePool(nodePool: NodePool, horizon: number): Demand {
  const nodes = nodeCount(nodePool.nodes)
  const maximum = Math.max(nodes, nodePool.maxNodes ?? 0)
  const surge = nodePool.surge === undefined ? 0 : surgeNodes(nodePool.surge, maximum)
  return { nodes, maximum, surge, atHorizon: grown(nodes, nodePool.growth, horizon) }
}

/** Of all node pools that draw from the pool together. */
export function demandOf({ nodePools }: Pick<PoolPlan, 'nodePools'>, horizon: number): Demand {
  const parts = nodePools.map((nodePool) => demandOfNodePool(nodePool, horizon))
  const sum = (key: keyof Demand) => parts.reduce((total, part) => total + part[key], 0)
  return { nodes: sum('nodes'), maximum: sum('maximum'), surge: sum('surge'), atHorizon: sum('atHorizon') }
}

function goalOf(nodePool: NodePool, horizon: number, goal: Goal): { readonly nodes: number; readonly surge: number } {
  const { maximum, surge, atHorizon } = demandOfNodePool(nodePool, horizon)
  if (goal === 'horizon') return { nodes: atHorizon, surge: 0 }
  return { nodes: maximum, surge: goal === 'upgrade' ? surge : 0 }
}

/** Blocks of `prefix` that the goal takes. Where nodes claim blocks as pods come, the extra nodes of an upgrade get theirs with the pods of others. */
export function blocksFor(request: PlanRequest, nodePools: readonly NodePool[], { cidr }: FamilyPool, prefix: number, goal: Goal): bigint {
  const { profile, horizon } = request
  return nodePools.reduce((sum, nodePool) => {
    const each = BigInt(blocksPerNode(profile, nodePool, cidr.family, prefix))
    const { nodes, surge } = goalOf(nodePool, horizon, goal)
    return sum + BigInt(nodes) * each + BigInt(surge) * (profile.claimsAtOnce ? each : 1n)
  }, 0n)
}

/** True when every family has blocks for the goal. Blocks that are used count for the nodes that have them, whatever their size. */
export function holdsGoal(request: PlanRequest, pool: PoolPlan, goal: Goal): boolean {
  return pool.families.every((family, index) => {
    const given = pool.placedBlocks[index] ?? 0n
    return blocksFor(request, pool.nodePools, family, family.nodePrefix, goal) - given <= family.available
  })
}

/** Nodes that the pool can hold: those that have blocks, and as many more of the most demanding kind as the scarcer family has blocks left. */
export function roomOf({ profile }: PlanRequest, { placed, families, nodePools }: PoolPlan): bigint {
  const more = families.map(({ cidr, nodePrefix, available }) => {
    const most = Math.max(...nodePools.map((nodePool) => blocksPerNode(profile, nodePool, cidr.family, nodePrefix)))
    return available / BigInt(most)
  })
  return BigInt(placed) + leastOf(more)
}
