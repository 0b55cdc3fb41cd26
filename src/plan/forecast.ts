// How long a pool lasts at the stated growth.
import type { PoolPlan } from './address-plan.ts'
import { nodeCount } from './plan-request.ts'

/** Beyond this nobody's growth rate means anything. */
const longestForecast = 100

/** Nodes after `years`, not rounded. */
function nodesAfter({ nodePools }: Pick<PoolPlan, 'nodePools'>, years: number): number {
  return nodePools.reduce((sum, { nodes, growth }) => sum + nodeCount(nodes) * (1 + growth / 100) ** years, 0)
}

/** Years until the nodes are more than `room`; undefined when that is not within a hundred years. */
export function yearsUntil(pool: Pick<PoolPlan, 'nodePools'>, room: bigint): number | undefined {
  const limit = Number(room)
  if (nodesAfter(pool, 0) > limit) return 0
  if (nodesAfter(pool, longestForecast) <= limit) return undefined
  let early = 0
  let late = longestForecast
  // 40 halvings of a century are less than a second.
  for (let step = 0; step < 40; step++) {
    const middle = (early + late) / 2
    if (nodesAfter(pool, middle) > limit) late = middle
    else early = middle
  }
  return late
}
