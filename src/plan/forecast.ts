// How long a plan lasts: each limit that it will run into, and when, at the stated growth.
import type { AddressPlan, FamilyPool, PoolPlan } from './address-plan.ts'
import { blocksPerNode } from './block-prefix.ts'
import { serviceCapacity, usableOf } from './capacity.ts'
import { type NodePool, nodeCount, type PlanRequest } from './plan-request.ts'

/** Beyond this nobody's growth rate means anything. */
const longestForecast = 100

export interface Limit {
  /** What runs out: blocks of a pool, addresses for nodes, routes, nodes that the vendor takes, ClusterIPs. */
  readonly what: 'blocks' | 'node-network' | 'routes' | 'vendor' | 'services'
  /** Pool or range. */
  readonly subject: string
  readonly unit: 'nodes' | 'services'
  readonly now: bigint
  readonly most: bigint
  /** Pods that fit onto the nodes that are left, where their number is known. */
  readonly podsLeft: bigint | undefined
  /** Years until it is full; undefined without growth, or beyond a hundred years. */
  readonly years: number | undefined
}

interface Growing {
  readonly count: number
  readonly growth: number
}

const amountAfter = (parts: readonly Growing[], years: number): number =>
  parts.reduce((sum, { count, growth }) => sum + count * (1 + growth / 100) ** years, 0)

/** Years until the parts together are more than `most`. */
function yearsOf(parts: readonly Growing[], most: bigint): number | undefined {
  const limit = Number(most)
  if (amountAfter(parts, 0) > limit) return 0
  if (amountAfter(parts, longestForecast) <= limit) return undefined
  let early = 0
  let late = longestForecast
  // 40 halvings of a century are less than a second.
  for (let step = 0; step < 40; step++) {
    const middle = (early + late) / 2
    if (amountAfter(parts, middle) > limit) late = middle
    else early = middle
  }
  return late
}

const growing = (nodePools: readonly NodePool[]): readonly Growing[] => nodePools.map(({ nodes, growth }) => ({ count: nodeCount(nodes), growth }))

const totalOf = (parts: readonly Growing[]): bigint => parts.reduce((sum, { count }) => sum + BigInt(count), 0n)

/** Years until the nodes of a pool are more than `room`; undefined when that is not within a hundred years. */
export const yearsUntil = ({ nodePools }: Pick<PoolPlan, 'nodePools'>, room: bigint): number | undefined => yearsOf(growing(nodePools), room)

function nodeLimit(what: Limit['what'], subject: string, nodePools: readonly NodePool[], most: bigint): Limit {
  const parts = growing(nodePools)
  const now = totalOf(parts)
  const pods = Math.min(...nodePools.map(({ maxPods }) => maxPods ?? Number.POSITIVE_INFINITY))
  const podsLeft = Number.isFinite(pods) ? (most > now ? most - now : 0n) * BigInt(pods) : undefined
  return { what, subject, unit: 'nodes', now, most, podsLeft, years: yearsOf(parts, most) }
}

function blockLimit({ profile }: PlanRequest, { name, nodePools, placed }: PoolPlan, { cidr, nodePrefix, available }: FamilyPool): Limit {
  const most = Math.max(...nodePools.map((nodePool) => blocksPerNode(profile, nodePool, cidr.family, nodePrefix)))
  return nodeLimit('blocks', `${name} IPv${cidr.family}`, nodePools, BigInt(placed) + available / BigInt(most))
}

function* sharedLimits({ profile, nodePools, nodeNetworks, serviceCidrs, serviceCount }: PlanRequest): Generator<Limit> {
  if (profile.mostNodes !== undefined) yield nodeLimit('vendor', profile.id, nodePools, BigInt(profile.mostNodes.most))
  if (profile.mostRoutes !== undefined) yield nodeLimit('routes', profile.id, nodePools, BigInt(profile.mostRoutes.most))
  const networks = nodeNetworks.filter(({ family }) => family === 4)
  if (networks.length > 0 && !profile.podsInNodeNetwork) {
    const addresses = networks.reduce((sum, { prefix }) => sum + usableOf(4, prefix, profile.lostPerNodeNetwork), 0n)
    yield nodeLimit('node-network', 'IPv4', nodePools, addresses)
  }
  if (serviceCount === undefined) return
  const parts = [{ count: serviceCount, growth: Math.max(...nodePools.map(({ growth }) => growth)) }]
  for (const cidr of serviceCidrs) {
    const most = serviceCapacity(cidr)
    yield {
      what: 'services',
      subject: `IPv${cidr.family}`,
      unit: 'services',
      now: BigInt(serviceCount),
      most,
      podsLeft: undefined,
      years: yearsOf(parts, most),
    }
  }
}

/** Share of a limit that is used, for the order of those that nobody grows into. */
const fullness = ({ now, most }: Limit): number => (most === 0n ? 1 : Number(now) / Number(most))

/** The limit that bites first comes first. Nothing for a calculation without nodes. */
export function limitsOf({ request, pools, nodeCount: placed }: AddressPlan): readonly Limit[] {
  if (placed === 0) return []
  const blocks = pools.flatMap((pool) => pool.families.map((family) => blockLimit(request, pool, family)))
  return [...blocks, ...sharedLimits(request)].sort((a, b) => (a.years ?? Infinity) - (b.years ?? Infinity) || fullness(b) - fullness(a))
}
