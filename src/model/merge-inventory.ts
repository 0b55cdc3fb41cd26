// Joins the parts of all systems into one inventory and builds the indexes that rules share.
import { asCidr, compareCidrs, formatCidr, rangeOf } from '../net/index.ts'
import type { Time } from './base.ts'
import { attributed, detectMode, liveAddressSignal } from './detect-mode.ts'
import { groupBy } from './group-by.ts'
import { hostLocalPools } from './host-local-ranges.ts'
import type { Allocation, Coverage, DeclaredRange, InventoryPart, Mode, Node, Pool } from './inventory.ts'
import type { NodeState } from './node-state.ts'
import { type NodeUsage, nodeUsage } from './node-usage.ts'
import { podsInDomains } from './pod-domains.ts'
import { comparePods, type PodIndex, podIndex } from './pod-index.ts'
import { type PoolUsage, poolUsage } from './pool-usage.ts'
import { saneMasks } from './sane-masks.ts'
import { serviceCapacity } from './service-range.ts'

type Lists = { readonly [K in keyof InventoryPart]-?: NonNullable<InventoryPart[K]> }

export interface Inventory extends Lists, PodIndex {
  readonly observedAt: Time
  /** When the cluster's objects were read, where the source says so; undefined is taken for the time of the node state. */
  readonly podsReadAt: Time | undefined
  readonly cluster: string
  readonly systems: readonly string[]
  readonly mode: Mode
  readonly nodeOf: ReadonlyMap<string, Node>
  readonly stateOf: ReadonlyMap<string, NodeState>
  /** How much of each pool is given out; counted when it is first asked for. */
  usage(): readonly PoolUsage[]
  /** How full each node is; counted when it is first asked for. */
  nodeUsage(): readonly NodeUsage[]
}

export interface InventoryFacts {
  readonly cluster: string
  /** Overrides the time of observation. */
  readonly now?: Time | undefined
  readonly collectedAt: Time | undefined
  readonly newestFile: Time | undefined
  /** What the source itself could not read. */
  readonly coverage: readonly Coverage[]
}

function join<K extends keyof InventoryPart>(parts: readonly InventoryPart[], key: K): Lists[K] {
  const [first = [], ...others] = parts.flatMap((part): (readonly unknown[])[] =>
    (part[key]?.length ?? 0) > 0 ? [part[key] as readonly unknown[]] : [],
  )
  // Most lists come from one system, and half a million entries need no copy.
  return (others.length === 0 ? first : [first, ...others].flat()) as unknown as Lists[K]
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** The order of input files and items must not show in the report. */
const byName =
  <T>(name: (item: T) => string) =>
  (a: T, b: T) =>
    name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0

/** A list that is in order already stays what it is: API servers list pods by name. */
const inOrder = <T>(items: readonly T[], compare: (a: T, b: T) => number): readonly T[] =>
  items.every((item, i) => i === 0 || compare(items[i - 1] as T, item) <= 0) ? items : [...items].sort(compare)

/** One statement may come several times: three control planes have the same flags, and one object can lie in two files. */
function distinctRanges(declared: readonly DeclaredRange[]): DeclaredRange[] {
  const keyOf = ({ role, cidr, nodePrefix, by, certainty }: DeclaredRange) => [role, formatCidr(cidr), nodePrefix, by, certainty].join('\0')
  const ordered = [...declared].sort(byName((range) => `${keyOf(range)}\0${range.origin}`))
  return [...new Map(ordered.toReversed().map((range) => [keyOf(range), range])).values()].toReversed()
}

/** Service ranges known from flags only; with ServiceCIDR objects the services system has made the pools. */
function servicePools(pools: readonly Pool[], declared: readonly DeclaredRange[]): Pool[] {
  if (pools.some((pool) => pool.system === 'services')) return []
  const stated = new Map(declared.filter((range) => range.role === 'services').map((range) => [formatCidr(range.cidr), range]))
  return [...stated.values()].map((range) => ({
    system: 'services',
    name: 'services',
    domain: 'services',
    family: range.cidr.family,
    ranges: [rangeOf(range.cidr)],
    capacity: serviceCapacity(range.cidr),
    certainty: range.certainty,
    origin: `${range.by} (${range.origin})`,
  }))
}

function comparePools(a: Pool, b: Pool): number {
  const order = (pool: Pool) => `${pool.system}\0${pool.node ?? ''}\0${pool.name}\0${pool.family}`
  const [x, y] = [a.ranges[0], b.ranges[0]].map((range) => (range === undefined ? undefined : asCidr(range)))
  return order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : x !== undefined && y !== undefined ? compareCidrs(x, y) : 0
}

/** All with the same keys in the same order: there may be a million, and reading one costs twenty times less where V8 knows their shape. */
const shaped = (one: Allocation): Allocation => ({
  system: one.system,
  pool: one.pool,
  domain: one.domain,
  address: one.address,
  node: one.node,
  owner: one.owner,
  attachment: one.attachment,
  recordedAt: one.recordedAt,
  purpose: one.purpose,
  half: one.half,
  borrowedFrom: one.borrowedFrom,
  handle: one.handle,
  unsettled: one.unsettled,
  origin: one.origin,
})

export function mergeInventory(parts: readonly InventoryPart[], facts: InventoryFacts): Inventory {
  const allocations = join(parts, 'allocations').map(shaped)
  const pods = inOrder(podsInDomains(join(parts, 'pods'), allocations), comparePods)
  const nodes = [...join(parts, 'nodes')].sort(byName((node) => node.name))
  const nodeStates = join(parts, 'nodeStates')
  const sane = saneMasks(join(parts, 'pools'), join(parts, 'declared'))
  const declared = distinctRanges(sane.declared)
  const live = liveAddressSignal(pods, nodes)
  const signals = attributed(live, join(parts, 'signals'))
  const own = sane.pools
  const pools = [...own, ...servicePools(own, declared), ...hostLocalPools(nodeStates, nodes)].sort(comparePools)
  const latest = nodeStates.reduce<Time | undefined>((a, state) => (a === undefined || state.collectedAt > a ? state.collectedAt : a), undefined)
  const usage = once(() => poolUsage(inventory))
  const inventory: Inventory = {
    pods,
    nodes,
    nodeStates,
    declared,
    signals,
    pools,
    blocks: [...join(parts, 'blocks')].sort((a, b) => compareCidrs(a.cidr, b.cidr) || (a.node < b.node ? -1 : 1)),
    allocations,
    reservations: join(parts, 'reservations'),
    services: [...join(parts, 'services')].sort(byName((service) => `${service.namespace}/${service.name}`)),
    events: join(parts, 'events'),
    endpoints: join(parts, 'endpoints'),
    clusterDns: join(parts, 'clusterDns'),
    outside: [...join(parts, 'outside')].sort(byName((network) => `${network.name}\0${network.origin}`)),
    clusters: [...join(parts, 'clusters')].sort(byName((cluster) => `${cluster.name ?? ''}\0${cluster.origin}`)),
    subnets: [...join(parts, 'subnets')].sort((a, b) => compareCidrs(a.cidr, b.cidr) || (a.id < b.id ? -1 : 1)),
    attachments: [...join(parts, 'attachments')].sort(byName((attachment) => attachment.id)),
    nodeRecords: [...join(parts, 'nodeRecords')].sort(byName((record) => `${record.system}\0${record.node}\0${record.origin}`)),
    inconsistencies: [...join(parts, 'inconsistencies')].sort(byName((fault) => `${fault.system}\0${fault.cause}\0${fault.subject}`)),
    shortages: [...join(parts, 'shortages')].sort(byName((shortage) => `${shortage.system}\0${shortage.pool}\0${shortage.node ?? ''}`)),
    collectors: [...join(parts, 'collectors')].sort(byName((collector) => collector.system)),
    problems: [...join(parts, 'problems'), ...sane.problems].sort(byName((problem) => `${problem.origin}\0${problem.message}`)),
    coverage: mergeCoverage([...facts.coverage, ...join(parts, 'coverage')]),
    observedAt: facts.now ?? facts.collectedAt ?? latest ?? facts.newestFile ?? 0,
    podsReadAt: facts.collectedAt,
    cluster: facts.cluster,
    systems: systemsIn(pools, parts),
    mode: detectMode(signals),
    nodeOf: new Map(nodes.map((node) => [node.name, node])),
    stateOf: new Map(nodeStates.map((state) => [state.node, state])),
    ...podIndex(pods),
    usage,
    nodeUsage: once(() => nodeUsage(inventory)),
  }
  return inventory
}

/**
 * One source may be spoken of twice, by what fetched it and by what read its objects. A list read in part stays partial, whatever else says
 * complete, and one that came whole without objects is not absent.
 */
function mergeCoverage(all: readonly Coverage[]): Coverage[] {
  const kept = [...groupBy(all, ({ source }) => source).values()].flatMap((entries) => {
    const broken = entries.filter(({ status }) => status !== 'complete' && status !== 'absent')
    if (broken.length > 0) return broken
    return (
      entries.find(({ status, read }) => status === 'complete' && read > 0) ?? entries.find(({ status }) => status === 'complete') ?? entries[0] ?? []
    )
  })
  return kept.sort(byName((coverage) => `${coverage.source}\0${coverage.status}`))
}

function systemsIn(pools: readonly Pool[], parts: readonly InventoryPart[]): string[] {
  const found = new Set(pools.map((pool) => pool.system))
  if (parts.some((part) => (part.nodeStates ?? []).length > 0)) found.add('host-local')
  if (parts.some((part) => (part.blocks ?? []).some((block) => block.system === 'node-cidr'))) found.add('node-cidr')
  return [...found].sort()
}
