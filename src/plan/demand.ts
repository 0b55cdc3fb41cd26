// How many nodes a pool must hold: now, at most, during upgrades, and when the horizon is reached.
import type { PoolPlan } from './address-plan.ts'
import { leastOf } from './capacity.ts'
import { type NodePool, nodeCount } from './plan-request.ts'
import { surgeNodes } from './read-values.ts'

export interface Demand {
  readonly nodes: number
  /** The autoscaler's maximum where one is given, else the nodes of now. */
  readonly maximum: number
  /** Extra nodes during upgrades. */
  readonly surge: number
  readonly atHorizon: number
}

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

/** Nodes that the pool can hold: those that have blocks, and as many more as the scarcer family has blocks left. */
export function roomOf({ placed, families }: PoolPlan): bigint {
  return BigInt(placed) + leastOf(families.map(({ available }) => available))
}
