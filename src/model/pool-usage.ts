// How much of each pool is given out, by the pool's own records.
import {
  type Address,
  addressKey,
  cidrSize,
  coversRange,
  holds,
  intersect,
  type Range,
  rangeOf,
  rangeOfAddress,
  rangeSet,
  sizeOf,
  subtract,
} from '../net/index.ts'
import { groupBy } from './group-by.ts'
import type { Allocation, Pool } from './inventory.ts'
import type { Inventory } from './merge-inventory.ts'

export interface PoolUsage {
  readonly pool: Pool
  /** All counts are addresses. */
  readonly capacity: bigint
  readonly reserved: bigint
  readonly allocated: bigint
  /** capacity - reserved - allocated, never below zero. */
  readonly available: bigint
  /** allocated / capacity, four decimals; 0 for an empty pool. */
  readonly utilization: number
}

/** Blocks are given to nodes whole; kube-controller-manager's cidrset never gives parts of the pool under a Service range, other allocators do. */
function nodeRangeUsage(pool: Pool, inventory: Inventory): { allocated: bigint; reserved: bigint } {
  const ranges = rangeSet(pool.ranges)
  const blocks = new Set(
    inventory.blocks
      .filter((block) => block.system === pool.system && block.domain === pool.domain && coversRange(ranges, rangeOf(block.cidr)))
      .map((block) => `${block.cidr.base}/${block.cidr.prefix}`),
  )
  const sizes = new Map(inventory.blocks.map((block) => [`${block.cidr.base}/${block.cidr.prefix}`, cidrSize(block.cidr)]))
  const skips = pool.system === 'node-cidr'
  const services = rangeSet(inventory.declared.filter((range) => skips && range.role === 'services').map((range) => rangeOf(range.cidr)))
  return { allocated: [...blocks].reduce((sum, key) => sum + (sizes.get(key) ?? 0n), 0n), reserved: sizeOf(intersect(ranges, services)) }
}

/** What is withheld and not allocated either: an address that was taken before it was reserved counts once, as allocated. */
function withheldFree(pool: Pool, recorded: Iterable<Address>): bigint {
  if (pool.withheld === undefined || pool.withheld.length === 0) return 0n
  const withheld = intersect(rangeSet(pool.ranges), rangeSet(pool.withheld))
  const taken: Range[] = []
  for (const address of recorded) if (holds(withheld, address)) taken.push(rangeOfAddress(address))
  return sizeOf(subtract(withheld, rangeSet(taken)))
}

function countDistinct(addresses: Iterable<Address>, pool: Pool): bigint {
  const ranges = rangeSet(pool.ranges)
  const seen = new Set<number | bigint>()
  for (const address of addresses) if (address.family === pool.family && holds(ranges, address)) seen.add(addressKey(address))
  return BigInt(seen.size)
}

function* serviceAddresses(inventory: Inventory): Generator<Address> {
  for (const service of inventory.services) yield* service.clusterIps
  for (const allocation of inventory.allocations) if (allocation.domain === 'services') yield allocation.address
}

type Recorded = ReadonlyMap<string, readonly Allocation[]>

const keyOf = (system: string, pool: string): string => `${system}\0${pool}`

function* recordedAddresses(pool: Pool, inventory: Inventory, recorded: Recorded): Generator<Address> {
  if (pool.system === 'services') yield* serviceAddresses(inventory)
  else if (pool.use === 'load-balancers') for (const service of inventory.services) yield* service.loadBalancerIps
  else if (pool.system === 'host-local') {
    for (const directory of inventory.stateOf.get(pool.node ?? '')?.directories ?? []) {
      if (directory.network === pool.name) for (const file of directory.files) if (file.address !== undefined) yield file.address
    }
  } else for (const { address } of recorded.get(keyOf(pool.system, pool.name)) ?? []) yield address
}

/** Where what was given out stands in another kind of object than the pool itself. */
const RECORDS: Readonly<Record<string, string>> = { 'node-cidr': 'nodes', services: 'services', calico: 'ipamblocks', cilium: 'ciliumnodes' }

/** A pool whose records are not in the input has no usage to speak of: nought would look like an empty pool. */
function hasRecords(pool: Pool, inventory: Inventory): boolean {
  if (pool.unrecorded === true) return false
  const source = RECORDS[pool.use === 'load-balancers' ? 'services' : pool.system]
  if (source === undefined) return true
  return inventory.coverage.some((coverage) => (coverage.source === source || coverage.source.startsWith(`${source}.`)) && coverage.read > 0)
}

export function poolUsage(inventory: Inventory): PoolUsage[] {
  // Once for all pools: a cluster may have thousands of both.
  const recorded = groupBy(inventory.allocations, ({ system, pool }) => keyOf(system, pool))
  return inventory.pools
    .filter((pool) => hasRecords(pool, inventory))
    .map((pool) => {
      const capacity = pool.capacity ?? sizeOf(rangeSet(pool.ranges))
      const { allocated, reserved } =
        pool.blockPrefix === undefined && pool.blockSize === undefined
          ? {
              allocated: countDistinct(recordedAddresses(pool, inventory, recorded), pool),
              reserved: withheldFree(pool, recordedAddresses(pool, inventory, recorded)),
            }
          : nodeRangeUsage(pool, inventory)
      const left = capacity - reserved - allocated
      return {
        pool,
        capacity,
        reserved,
        allocated,
        available: left > 0n ? left : 0n,
        utilization: capacity === 0n ? 0 : Number((allocated * 10_000n) / capacity) / 10_000,
      }
    })
}
