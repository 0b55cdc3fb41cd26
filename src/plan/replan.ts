// Re-planning with an answer for every node: what stays, what is new, and what must be renumbered and why.
import { type Cidr, cidrCovers, formatCidr, overlappingPairs, rangeOf, rangeSet, subtract } from '../net/index.ts'
import type { AddressPlan, NodePlan } from './address-plan.ts'
import { usableOf } from './capacity.ts'
import { type KeptNode, type KeptPlaces, planWithKept } from './keep-nodes.ts'
import { planPools } from './plan-pools.ts'
import type { PlanRequest } from './plan-request.ts'

export interface NodeChange {
  readonly node: string
  readonly change: 'kept' | 'new' | 'renumber'
  /** Canonical text: what the node has, and what the plan gives it; nothing where that is open. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** '' where there is nothing to say. */
  readonly why: string
}

export interface Replan {
  readonly plan: AddressPlan
  readonly kept: number
  readonly added: number
  readonly renumbered: number
  /** Every node, in the order of the plan. */
  readonly changes: () => Iterable<NodeChange>
  /** Ranges that pods had before and have no more, and the other way round. */
  readonly retired: readonly Cidr[]
  readonly gained: readonly Cidr[]
}

/** Controllers refuse to start while a node has a block that is not theirs. */
const refusesForeign = ({ profile }: PlanRequest): boolean => profile.handout === 'fixed' && profile.masks === 'one'

const rangesOf = ({ clusterCidrs, nodePools }: PlanRequest, places: KeptPlaces): readonly Cidr[] => [
  ...clusterCidrs,
  ...nodePools.flatMap(({ name, cidrs }) => (cidrs.length > 0 ? cidrs : (places.pools.get(name) ?? []))),
]

const most = (numbers: readonly number[]): number | undefined => (numbers.length === 0 ? undefined : Math.max(...numbers))

/** Pods that a node of the request may run; undefined where nobody said. */
const podsOf = ({ nodePools }: PlanRequest): number | undefined => most(nodePools.flatMap(({ maxPods }) => maxPods ?? []))

/** Why a node cannot stay where it is; undefined when it can. */
function faultOf(request: PlanRequest, ranges: readonly Cidr[], { subnets }: KeptNode, before: number | undefined): string | undefined {
  const outside = subnets.find((subnet) => !ranges.some((range) => cidrCovers(range, subnet)))
  if (outside !== undefined) {
    const family = ranges.filter((range) => range.family === outside.family).map(formatCidr)
    if (family.length === 0) return `${formatCidr(outside)}: the plan has no IPv${outside.family} range`
    const stop = refusesForeign(request) ? '; kube-controller-manager does not start while a node has such a block' : ''
    return `${formatCidr(outside)} lies outside ${family.join(' and ')}${stop}`
  }
  const asked = podsOf(request)
  const pods = asked !== undefined && (before === undefined || asked > before) ? asked : undefined
  const small =
    pods === undefined ? undefined : subnets.find(({ family, prefix }) => usableOf(family, prefix, request.profile.lost[family]) < BigInt(pods))
  if (small === undefined) return undefined
  return `${formatCidr(small)} has ${usableOf(small.family, small.prefix, request.profile.lost[small.family])} addresses for ${pods} pods`
}

/** Of two nodes with the same addresses the one that is named first stays. */
function sharedBlocks(nodes: readonly KeptNode[]): ReadonlyMap<string, string> {
  const places = new Map(nodes.map(({ name }, index) => [name, index]))
  const items = nodes.flatMap(({ name, subnets }) => subnets.map((subnet) => ({ name, subnet })))
  const found = new Map<string, string>()
  for (const pair of overlappingPairs(items, ({ subnet }) => rangeOf(subnet))) {
    const [one, other] = (places.get(pair[0].name) ?? 0) <= (places.get(pair[1].name) ?? 0) ? pair : [pair[1], pair[0]]
    if (one.name !== other.name) found.set(other.name, `${formatCidr(other.subnet)} is shared with ${one.name}`)
  }
  return found
}

/** Sizes that the system gives to all nodes: an older block of another size is none of its own. */
function otherSize({ profile }: PlanRequest, { subnets }: KeptNode, { pool }: NodePlan, { pools }: AddressPlan): string | undefined {
  const home = pools.find(({ name }) => name === pool)
  for (const subnet of subnets) {
    const family = home?.families.find(({ cidr }) => cidr.family === subnet.family)
    if (profile.masks === 'one' && family !== undefined && family.nodePrefix !== subnet.prefix)
      return `${formatCidr(subnet)}: nodes get a /${family.nodePrefix} now; it stays until the node is registered again`
  }
  return undefined
}

/** A second family that the plan gives to a node which has one. */
function gained({ subnets }: KeptNode, planned: NodePlan): string | undefined {
  const own = new Set(subnets.map(formatCidr))
  const more = planned.subnets.filter((subnet) => !own.has(subnet))
  return more.length === 0 ? undefined : `gets ${more.join(', ')} too, but only when it is registered again: podCIDRs of a Node cannot be changed`
}

/** Of a shared block the part that nobody keeps stays out of the plan until its node has left. */
function withOldBlocks(request: PlanRequest, leaving: readonly KeptNode[], staying: readonly KeptNode[]): PlanRequest {
  const kept = rangeSet(staying.flatMap(({ subnets }) => subnets.map(rangeOf)))
  const held = leaving.flatMap(({ name, subnets }) =>
    subtract(rangeSet(subnets.map(rangeOf)), kept).ranges.map((range) => ({ range, why: `${name} has it until it is registered again` })),
  )
  return held.length === 0 ? request : { ...request, reservations: [...request.reservations, ...held] }
}

/** The old nodes that the request does not name stay in the plan under their names, placed anew. */
function withLeaving(request: PlanRequest, leaving: readonly KeptNode[]): PlanRequest {
  const named = new Set(request.nodePools.flatMap(({ nodes }) => ('named' in nodes ? nodes.named.map(({ name }) => name) : [])))
  const counted = request.nodePools.flatMap(({ nodes }) => ('count' in nodes ? [nodes] : []))
  const isCounted = (name: string): boolean =>
    counted.some(({ base, count }) => name.startsWith(`${base}-`) && Number(name.slice(base.length + 1)) <= count)
  const missing = leaving.filter(({ name }) => !named.has(name) && !isCounted(name))
  if (missing.length === 0) return request
  const nodePools = request.nodePools.map((pool, index) => {
    if (index > 0) return pool
    const old = missing.map(({ name }) => ({ name, subnets: [] }))
    const asked =
      'named' in pool.nodes
        ? pool.nodes.named
        : Array.from({ length: pool.nodes.count }, (_, at) => ({ name: `${(pool.nodes as { base: string }).base}-${at + 1}`, subnets: [] }))
    return { ...pool, nodes: { named: [...old, ...asked] } }
  })
  return { ...request, nodePools }
}

const without = (from: readonly Cidr[], others: readonly Cidr[]): readonly Cidr[] => {
  const texts = new Set(others.map(formatCidr))
  return from.filter((cidr) => !texts.has(formatCidr(cidr)))
}

/**
 * @throws RequestFault when kept nodes clash with blocks that the request asks for
 */
export function replan(asked: PlanRequest, places: KeptPlaces): Replan {
  const ranges = rangesOf(asked, places)
  const isFixed = asked.profile.handout === 'fixed'
  const shared = isFixed ? sharedBlocks(places.nodes) : new Map<string, string>()
  const leaving = places.nodes.filter(({ name }) => shared.has(name))
  const staying = places.nodes.filter(({ name }) => !shared.has(name))
  const request = withLeaving(withOldBlocks(asked, leaving, staying), leaving)
  const plan = isFixed ? planWithKept(request, { ...places, nodes: staying }) : planPools(request)
  const before = new Map(places.nodes.map((node) => [node.name, node]))
  const changeOf = (node: NodePlan): NodeChange => {
    const old = before.get(node.name)
    const change = { node: node.name, from: old?.subnets.map(formatCidr) ?? [], to: node.subnets, why: '' }
    if (old === undefined) return { ...change, change: 'new' }
    if (!isFixed) return { ...change, change: 'kept' }
    if (old.subnets.length === 0) return { ...change, change: 'new', why: 'has no block yet' }
    const moved = shared.get(node.name) ?? gained(old, node)
    if (moved !== undefined) return { ...change, change: 'renumber', why: moved }
    // It stays in the plan where it is, and nobody can say which block it gets when it comes back.
    const misfit = faultOf(asked, ranges, old, places.maxPods) ?? otherSize(asked, old, node, plan)
    return misfit === undefined ? { ...change, change: 'kept' } : { ...change, change: 'renumber', to: [], why: misfit }
  }
  /** Nodes that are there do not go away because the plan has no room for them. */
  const unplaced = (node: string, from: readonly string[]): NodeChange => {
    if (!isFixed) return { node, change: 'kept', from, to: from, why: 'there is no room for all that it may need' }
    if (from.length === 0) return { node, change: 'new', from, to: [], why: 'has no block yet, and none is free' }
    return { node, change: 'renumber', from, to: [], why: `${shared.get(node) ?? 'its block fits nowhere'}, and none is free` }
  }
  function* changes(): Generator<NodeChange> {
    const seen = new Set<string>()
    for (const node of plan.nodes()) {
      seen.add(node.name)
      yield changeOf(node)
    }
    for (const { name, subnets } of places.nodes) if (!seen.has(name)) yield unplaced(name, subnets.map(formatCidr))
  }
  const counts = { kept: 0, new: 0, renumber: 0 }
  for (const { change } of changes()) counts[change]++
  const had = places.ranges ?? []
  return {
    plan,
    kept: counts.kept,
    added: counts.new,
    renumbered: counts.renumber,
    changes,
    retired: had.length === 0 ? [] : without(had, asked.clusterCidrs),
    gained: had.length === 0 ? [] : without(asked.clusterCidrs, had),
  }
}
