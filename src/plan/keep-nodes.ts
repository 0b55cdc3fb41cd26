// Re-planning: what an earlier plan has given stays where it is.
import { type Cidr, formatCidr } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'
import { planPools } from './plan-pools.ts'
import { type NamedNode, type NodeList, type NodePool, nodeCount, type PlanRequest } from './plan-request.ts'
import { refuseClashes } from './read-node-list.ts'
import { RequestFault } from './request-fault.ts'

/** What an earlier plan has given. */
export interface KeptPlaces {
  readonly nodes: readonly KeptNode[]
  /** Ranges of the pools that node pools had for themselves, by name. */
  readonly pools: ReadonlyMap<string, readonly Cidr[]>
  /** Cluster CIDRs of then; undefined where nobody knows. */
  readonly ranges?: readonly Cidr[]
  /** Most pods on a node of then: a block that was too small for them already is no reason to move. */
  readonly maxPods?: number
}

/** A node of an earlier plan. */
export interface KeptNode {
  readonly name: string
  /** Pool that it drew from. */
  readonly pool: string
  readonly subnets: readonly Cidr[]
}

/** Names are compared one by one here, so there is an end to how many there may be. */
const mostNodes = 4_000_000

function* namesOf(nodes: NodeList): Generator<string> {
  if ('named' in nodes) for (const { name } of nodes.named) yield name
  else for (let number = 1; number <= nodes.count; number++) yield `${nodes.base}-${number}`
}

const namedIn = ({ nodePools }: PlanRequest): Map<string, number> =>
  new Map(nodePools.flatMap(({ nodes }, index) => [...namesOf(nodes)].map((name) => [name, index] as const)))

/** Names as a count again where they are just the counted ones, so that a plan of a million nodes keeps a short request. */
function compact(names: readonly string[], asked: NodeList): NodeList {
  const counted = 'count' in asked && names.every((name, index) => name === `${asked.base}-${index + 1}`)
  return counted ? { count: names.length, base: asked.base } : { named: names.map((name) => ({ name, subnets: [] })) }
}

/** Kept nodes first, in their old order, with their blocks; then those that are new. */
function merge({ nodes }: NodePool, kept: readonly KeptNode[], keptByName: ReadonlyMap<string, KeptNode>): readonly NamedNode[] {
  const added: NamedNode[] = []
  for (const node of 'named' in nodes ? nodes.named : [...namesOf(nodes)].map((name) => ({ name, subnets: [] }))) {
    const old = keptByName.get(node.name)
    if (old === undefined) added.push(node)
    else refuseOtherPlace(node, old)
  }
  return [...kept.map(({ name, subnets }) => ({ name, subnets })), ...added]
}

function refuseOtherPlace({ name, subnets }: NamedNode, kept: KeptNode): void {
  const places = new Set(kept.subnets.map(formatCidr))
  const other = subnets.map(formatCidr).find((subnet) => !places.has(subnet))
  if (other === undefined) return
  throw new RequestFault(
    ['nodes'],
    `${name} has ${[...places].join(', ')} in the plan that is kept, and ${other} is asked for; leave one of them out`,
  )
}

const rangesOf = ({ pools }: AddressPlan): string =>
  pools.map(({ name, families }) => [name, ...families.map(({ cidr }) => formatCidr(cidr))].join(' ')).join()

function samePlaces(one: AddressPlan, other: AddressPlan): boolean {
  if (one.nodeCount !== other.nodeCount || rangesOf(one) !== rangesOf(other)) return false
  const others = other.nodes()[Symbol.iterator]()
  for (const { name, subnets } of one.nodes()) {
    const next = others.next()
    if (next.done === true || next.value.name !== name || next.value.subnets.join() !== subnets.join()) return false
  }
  return true
}

/**
 * The plan in which every kept node has its old blocks. Kept nodes that the request no longer names stay as well: giving up a range is a decision.
 * Where the request alone leads to the same places, the result is that plan, with no block pinned.
 *
 * @throws RequestFault when kept nodes clash with each other or with blocks that the request asks for
 */
export function planWithKept(request: PlanRequest, { nodes: kept, pools }: KeptPlaces): AddressPlan {
  const { nodePools } = request
  if (nodePools.some(({ nodes }) => nodeCount(nodes) > mostNodes))
    throw new RequestFault(['nodes'], `are more than the ${mostNodes} that can be re-planned`)
  const homeByName = namedIn(request)
  const keptByName = new Map(kept.map((node) => [node.name, node]))
  // A kept node belongs to the node pool that names it, else to that of its pool's name, else to the first.
  const poolByName = new Map(nodePools.map(({ name }, index) => [name, index]))
  const homes: KeptNode[][] = nodePools.map(() => [])
  for (const node of kept) homes[homeByName.get(node.name) ?? poolByName.get(node.pool) ?? 0]?.push(node)
  const merged = nodePools.map((pool, index) => merge(pool, homes[index] ?? [], keptByName))
  refuseClashes(merged.map((nodes) => ({ nodes: { named: nodes }, path: ['nodes'] })))
  const withNodes = (lists: readonly NodeList[]): PlanRequest => ({
    ...request,
    nodePools: nodePools.map((pool, index) => ({ ...pool, nodes: lists[index] ?? pool.nodes })),
  })
  const inPlace = (pool: NodePool): NodePool => (pool.cidrs.length > 0 ? pool : { ...pool, cidrs: pools.get(pool.name) ?? [] })
  const named = withNodes(merged.map((nodes) => ({ named: nodes })))
  const pinned = planPools({ ...named, nodePools: named.nodePools.map(inPlace) })
  const unpinned = planPools(
    withNodes(
      nodePools.map(({ nodes }, index) =>
        compact(
          (merged[index] ?? []).map(({ name }) => name),
          nodes,
        ),
      ),
    ),
  )
  return samePlaces(unpinned, pinned) ? unpinned : pinned
}

/** Kept nodes that the request does not name any more. */
export function unnamedKept(request: PlanRequest, kept: readonly KeptNode[]): readonly string[] {
  if (kept.length === 0) return []
  const named = namedIn(request)
  return named.size === 0 ? [] : kept.map(({ name }) => name).filter((name) => !named.has(name))
}
