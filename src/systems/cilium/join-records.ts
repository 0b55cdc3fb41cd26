// Joins Cilium's objects into blocks, allocations, records of nodes and shortages.
import type { Allocation, Block, InventoryPart, NodeRecord, Pool, Shortage } from '../../model/inventory.ts'
import { type Address, addressKey, formatAddress, holds, rangeOf, rangeOfAddress, rangeSet } from '../../net/index.ts'
import { defined } from '../kubernetes/fields.ts'
import type { CiliumConfig } from './read-config.ts'
import type { CiliumEndpointRecord } from './read-endpoint.ts'
import type { CiliumNodeRecord } from './read-node.ts'

const SYSTEM = 'cilium'
/** Pool name of cluster-pool mode, whose ranges have none. */
export const CLUSTER_POOL = 'cluster-pool'

export interface Joined extends InventoryPart {
  readonly blocks: readonly Block[]
  readonly allocations: readonly Allocation[]
}

export function clusterPools(config: CiliumConfig | undefined): Pool[] {
  return (config?.clusterPools ?? []).map(({ family, cidrs, prefix, stated }) => ({
    system: SYSTEM,
    name: CLUSTER_POOL,
    domain: 'default',
    family,
    ranges: cidrs.map(rangeOf),
    blockPrefix: prefix,
    certainty: stated ? 'declared' : 'inferred',
    origin: config?.origin ?? 'cilium-config',
  }))
}

/** In mode kubernetes the podCIDRs repeat those of the Nodes, which are blocks already. */
export function blocksOf(nodes: readonly CiliumNodeRecord[], ipam: string): Block[] {
  const block = (node: CiliumNodeRecord, pool: string, cidr: Block['cidr']): Block => {
    return { system: SYSTEM, pool, domain: 'default', cidr, node: node.name, origin: node.origin }
  }
  return nodes.flatMap((node) => [
    ...(ipam === 'kubernetes' ? [] : node.podCidrs.map((cidr) => block(node, CLUSTER_POOL, cidr))),
    ...node.allocated.map(({ pool, cidr }) => block(node, pool, cidr)),
  ])
}

const rangesOf = (node: CiliumNodeRecord) => [...node.podCidrs, ...node.allocated.map(({ cidr }) => cidr)].map(rangeOf)

function nodeRecord(node: CiliumNodeRecord): NodeRecord {
  return defined({
    system: SYSTEM,
    node: node.name,
    what: 'CiliumNode',
    ranges: rangesOf(node),
    requested: node.allocated.length > 0 || node.requested.length > 0 ? node.requested : undefined,
    attached: node.prefixes.length > 0 && node.allocated.length > 0 ? node.prefixes : undefined,
    recordedAt: node.createdAt,
    origin: node.origin,
  }) as NodeRecord
}

/** `pool "default": pool empty`, `from pool default`. */
const poolIn = (error: string): string | undefined => /\bpool "?([A-Za-z0-9.-]+)"?/.exec(error)?.[1]

/** A node's blocks that belong to no pool any more are a fault of the pool (DRF-505), not a want of addresses. */
function shortageOf(node: CiliumNodeRecord, ipam: string): Shortage[] {
  if (node.error === '' || /not part of the requested pool/.test(node.error)) return []
  const pool = ipam === 'multi-pool' ? (poolIn(node.error) ?? '') : ipam === CLUSTER_POOL ? CLUSTER_POOL : node.name
  return [{ system: SYSTEM, pool, node: node.name, error: node.error, origin: node.origin }]
}

/** Modes in which the cloud gives each node its addresses: every node is a pool of its own. */
function cloudPools(node: CiliumNodeRecord): Pool[] {
  return ([4, 6] as const).flatMap((family): Pool[] => {
    const own = node.available.filter((address) => address.family === family)
    if (own.length === 0) return []
    const { ranges } = rangeSet(own.map(rangeOfAddress))
    return [{ system: SYSTEM, name: node.name, domain: 'default', family, ranges, node: node.name, certainty: 'declared', origin: node.origin }]
  })
}

/** status.ipam.used lags behind the agents by up to 15 s (docs.cilium.io, CRD-backed IPAM), so a pod that is not there proves nothing. */
const cloudAllocations = (node: CiliumNodeRecord): Allocation[] =>
  node.used.map(({ address, owner }) => ({
    system: SYSTEM,
    pool: node.name,
    domain: 'default',
    address,
    node: node.name,
    owner: { kind: owner.includes('/') ? 'pod' : 'node', id: owner.includes('/') ? owner : node.name },
    ...(owner.includes('/') ? {} : { purpose: owner || 'reserved' }),
    unsettled: true,
    origin: node.origin,
  }))

export function joinRecords(nodes: readonly CiliumNodeRecord[], endpoints: readonly CiliumEndpointRecord[], ipam: string): Joined {
  const blocks = blocksOf(nodes, ipam)
  const byHost = new Map(nodes.flatMap((node) => node.hostAddresses.map((address) => [formatAddress(address), node.name] as const)))
  const sets = nodes.map((node) => ({ node, set: rangeSet(rangesOf(node)) }))
  const poolOfBlocks = [...new Set(blocks.map(({ pool }) => pool))].map((pool) => ({
    pool,
    set: rangeSet(blocks.filter((block) => block.pool === pool).map(({ cidr }) => rangeOf(cidr))),
  }))
  const poolOf = (address: Address): string =>
    poolOfBlocks.find(({ set }) => holds(set, address))?.pool ?? (ipam === 'kubernetes' ? 'kubernetes' : '')

  const own = nodes.flatMap((node) =>
    node.own.map(
      ({ purpose, address }) =>
        defined({
          system: SYSTEM,
          pool: poolOf(address),
          domain: 'default',
          address,
          node: node.name,
          owner: { kind: 'node' as const, id: node.name },
          purpose,
          unsettled: node.unsettled,
          origin: node.origin,
        }) as Allocation,
    ),
  )
  const used = new Set(nodes.flatMap((node) => node.used.map(({ address }) => addressKey(address))))
  const seen = new Set<string>()
  const ofPods = endpoints.flatMap((endpoint) =>
    endpoint.addresses.flatMap((address): Allocation[] => {
      const key = `${endpoint.pod}\0${formatAddress(address)}`
      // Slices repeat the endpoints, and clouds the addresses.
      if (seen.has(key) || used.has(addressKey(address))) return []
      seen.add(key)
      const [sandbox, port] = endpoint.attachment?.split(':') ?? []
      return [
        defined({
          system: SYSTEM,
          pool: poolOf(address),
          domain: 'default',
          address,
          node: byHost.get(endpoint.host ?? '') ?? sets.find(({ set }) => holds(set, address))?.node.name,
          owner: { kind: endpoint.ofNode ? ('node' as const) : ('pod' as const), id: endpoint.pod },
          attachment: sandbox === undefined ? undefined : defined({ sandbox, interface: port }),
          purpose: endpoint.ofNode ? 'node endpoint' : undefined,
          recordedAt: endpoint.createdAt,
          unsettled: endpoint.unsettled,
          origin: endpoint.origin,
        }) as Allocation,
      ]
    }),
  )
  return {
    blocks,
    allocations: [...own, ...nodes.flatMap(cloudAllocations), ...ofPods],
    pools: nodes.flatMap(cloudPools),
    nodeRecords: nodes.map(nodeRecord),
    shortages: nodes.flatMap((node) => shortageOf(node, ipam)),
  }
}
