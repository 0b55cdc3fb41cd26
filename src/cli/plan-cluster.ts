// What a cluster holds already, as the base of a plan: its ranges, its nodes and their blocks. Loaded only when a cluster or bundle is given.
import { SourceError } from '../model/errors.ts'
import type { Mode, Pool } from '../model/inventory.ts'
import { type Inventory, mergeInventory } from '../model/merge-inventory.ts'
import { asCidr, type Cidr, cidrCovers, type Family, formatCidr } from '../net/index.ts'
import type { KeptPlaces } from '../plan/keep-nodes.ts'
import { onlyPool } from '../plan/plan-request.ts'
import type { RequestInput } from '../plan/request-schema.ts'
import type { Source } from '../sources/source.ts'
import { documentSink } from '../systems/document-sink.ts'
import { systems } from '../systems/index.ts'
import { needsOf } from '../systems/needs.ts'

export interface ClusterBase {
  readonly input: RequestInput
  readonly places: KeptPlaces
  readonly names: readonly string[]
  /** What the user should know about how it was read. */
  readonly notices: readonly string[]
  /** The same of ranges that nobody declared; nothing to say where the request gives its own. */
  readonly guesses: readonly string[]
  /** False when something that is there could not be read: nodes may be missing. */
  readonly complete: boolean
}

/** Which system's pools are the pods', and what plans them. */
const systemOf: Readonly<Partial<Record<Mode, readonly [system: string, profile: string]>>> = {
  calico: ['calico', 'calico'],
  'cilium-cluster-pool': ['cilium', 'cilium'],
  'cilium-multi-pool': ['cilium', 'cilium-multi-pool'],
  'kube-ovn': ['kube-ovn', 'kube-ovn'],
  gke: ['node-cidr', 'gke'],
}

interface PodRange {
  readonly cidr: Cidr
  readonly prefix: number | undefined
  readonly certainty: Pool['certainty']
}

const cidrsOf = ({ ranges }: Pool): readonly Cidr[] => ranges.flatMap((range) => asCidr(range) ?? [])

/** Where the pool does not tell the size of its blocks, a block of it does. */
const sizeOfBlocks = ({ blocks }: Inventory, system: string, range: Cidr): number | undefined =>
  blocks.find((block) => block.system === system && cidrCovers(range, block.cidr))?.cidr.prefix

/** The largest range of each family: a request has one, and a second one of a cluster is told of. */
function podRanges(inventory: Inventory, system: string): { readonly chosen: readonly PodRange[]; readonly others: readonly Cidr[] } {
  const pools = inventory.pools.filter(
    (pool) => pool.system === system && pool.node === undefined && pool.use === undefined && pool.disabled !== true,
  )
  const found = pools.flatMap((pool) =>
    cidrsOf(pool).map((cidr): PodRange => ({ cidr, prefix: pool.blockPrefix ?? sizeOfBlocks(inventory, system, cidr), certainty: pool.certainty })),
  )
  const first = inventory.nodes[0]?.podCidrs[0]?.family ?? 4
  const order: readonly Family[] = first === 6 ? [6, 4] : [4, 6]
  const chosen = order.flatMap((family) => found.filter(({ cidr }) => cidr.family === family).sort((a, b) => a.cidr.prefix - b.cidr.prefix)[0] ?? [])
  return { chosen, others: found.filter((range) => !chosen.includes(range)).map(({ cidr }) => cidr) }
}

/** Nodes count in the order of their age, so that of two with one block the older keeps it. */
const nodesByAge = ({ nodes }: Inventory) =>
  nodes.filter(({ virtual }) => !virtual).toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.name < b.name ? -1 : 1))

/** In node ranges Node.spec.podCIDRs; elsewhere the system's own blocks, where a node has one of each family. */
function subnetsOf(inventory: Inventory, system: string): (name: string) => readonly Cidr[] {
  if (system === 'node-cidr') return (name) => inventory.nodeOf.get(name)?.podCidrs ?? []
  const blocks = new Map<string, Cidr[]>()
  for (const block of inventory.blocks) {
    if (block.system !== system || block.node === '' || block.state === 'releasing') continue
    blocks.set(block.node, [...(blocks.get(block.node) ?? []), block.cidr])
  }
  return (name) => {
    const own = blocks.get(name) ?? []
    return new Set(own.map(({ family }) => family)).size === own.length ? own : []
  }
}

function inputOf(inventory: Inventory, chosen: readonly PodRange[], profile: string, names: readonly string[]): RequestInput {
  const services = inventory.pools.filter(({ system }) => system === 'services').flatMap(cidrsOf)
  const pair = ([4, 6] as const).flatMap((family) => services.find((cidr) => cidr.family === family) ?? [])
  const pods = inventory.nodes.flatMap(({ maxPods }) => maxPods ?? [])
  const prefixes = chosen.flatMap(({ prefix }) => prefix ?? [])
  return {
    profile,
    nodes: [...names],
    ...(chosen.length === 0 ? {} : { clusterCidrs: chosen.map(({ cidr }) => formatCidr(cidr)) }),
    ...(prefixes.length === 0 || prefixes.length < chosen.length ? {} : { nodePrefixes: prefixes }),
    ...(pair.length === 0 ? {} : { serviceCidrs: pair.map(formatCidr) }),
    ...(pods.length === 0 ? {} : { maxPods: Math.max(...pods) }),
    ...(inventory.services.length === 0 ? {} : { serviceCount: inventory.services.filter(({ clusterIps }) => clusterIps.length > 0).length }),
  }
}

/** @throws SourceError when there are no nodes to plan around */
export async function readClusterBase(source: Source): Promise<ClusterBase> {
  const sink = documentSink(systems)
  const summary = await source.read(sink.accept, needsOf(systems))
  const { name: cluster, coverage, collectedAt, newestFile } = summary
  const inventory = mergeInventory(sink.finish().parts, { cluster, coverage, collectedAt, newestFile })
  const nodes = nodesByAge(inventory)
  if (nodes.length === 0)
    throw new SourceError(`${cluster}: there are no Node objects, so nothing is known of what nodes have (kubectl get nodes -o json)`)
  const [system, profile] = systemOf[inventory.mode] ?? ['node-cidr', 'kube-controller-manager']
  const { chosen, others } = podRanges(inventory, system)
  const blocksOf = subnetsOf(inventory, system)
  const isFurther = (name: string): boolean => blocksOf(name).some((subnet) => others.some((range) => cidrCovers(range, subnet)))
  const names = nodes.map(({ name }) => name).filter((name) => !isFurther(name))
  const pods = nodes.flatMap(({ maxPods }) => maxPods ?? [])
  const broken = inventory.coverage.filter(({ status }) => status !== 'complete' && status !== 'absent')
  return {
    input: inputOf(inventory, chosen, profile, names),
    places: {
      nodes: names.map((name) => ({ name, pool: onlyPool, subnets: blocksOf(name) })),
      ...(pods.length === 0 ? {} : { maxPods: Math.max(...pods) }),
      pools: new Map(),
      ranges: chosen.filter(({ certainty }) => certainty === 'declared').map(({ cidr }) => cidr),
    },
    names,
    notices: [
      ...(summary.warnings ?? []),
      ...(others.length === 0
        ? []
        : [`further pod ranges and their ${nodes.length - names.length} nodes are not planned: ${others.map(formatCidr).join(', ')}`]),
      ...broken.map(({ source: from, status, error }) => `${from} is ${status}${error === null ? '' : `: ${error}`}; nodes may be missing`),
    ],
    guesses: chosen
      .filter(({ certainty }) => certainty === 'inferred')
      .map(({ cidr }) => `the pod range ${formatCidr(cidr)} is a guess from the nodes' blocks; give --cluster-cidr if you know it`),
    complete: broken.length === 0,
  }
}
