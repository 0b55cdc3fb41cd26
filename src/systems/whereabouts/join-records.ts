// Joins pools, reservations, slices and attachment definitions: each says a part of what whereabouts knows.
import type { Allocation, Inconsistency, InventoryPart, Pool } from '../../model/inventory.ts'
import {
  type Address,
  cidrCovers,
  formatAddress,
  formatCidr,
  intersect,
  type Range,
  type RangeSet,
  rangeOf,
  rangeSet,
  sizeOf,
} from '../../net/index.ts'
import { defined } from '../kubernetes/fields.ts'
import { prefixOfPool, readReservationName } from './names.ts'
import { domainOfNetwork, type WhereaboutsConfig } from './read-config.ts'
import type { PoolRecord } from './read-pool.ts'
import type { SliceRecord } from './read-slices.ts'
import { sliceParts } from './slice-parts.ts'
import { withheld } from './withheld.ts'

const SYSTEM = 'whereabouts'

export interface AttachedConfig extends WhereaboutsConfig {
  readonly id: string
  /** CNI network name. */
  readonly name: string
  readonly origin: string
}

export interface ReservationRecord {
  readonly name: string
  readonly podref: string
  readonly interface: string | undefined
  readonly createdAt: number | undefined
  readonly unsettled: true | undefined
  readonly origin: string
}

export interface Records {
  readonly pools: readonly PoolRecord[]
  readonly reservations: readonly ReservationRecord[]
  readonly slices: readonly SliceRecord[]
  readonly configs: readonly AttachedConfig[]
}

interface Placed {
  readonly record: PoolRecord
  readonly network: string
  readonly node: string | undefined
}

/** The part of a pool's name before its range is a network, a node that holds the slice, or both. */
function placeOf(record: PoolRecord, { slices }: Records): Placed {
  const prefix = prefixOfPool(record.name, record.text) ?? ''
  const holders = slices.flatMap((pool) => pool.slices.filter((slice) => formatCidr(slice.cidr) === formatCidr(record.cidr)).map(({ node }) => node))
  for (const node of holders) {
    if (prefix === node) return { record, network: '', node }
    if (prefix.endsWith(`-${node}`)) return { record, network: prefix.slice(0, -node.length - 1), node }
  }
  return { record, network: prefix, node: undefined }
}

/** Definitions that allocate from this pool. */
const configsOf = ({ record, network, node }: Placed, configs: readonly AttachedConfig[]): AttachedConfig[] =>
  configs.filter(
    (config) =>
      config.networkName === network &&
      config.ranges.some(({ cidr }) => (node === undefined ? formatCidr(cidr) === formatCidr(record.cidr) : cidrCovers(cidr, record.cidr))),
  )

/** Without a definition at hand: all but the network's first and last address. */
function handedOut({ record }: Placed, configs: readonly AttachedConfig[]): RangeSet {
  const whole = rangeOf(record.cidr)
  const hosts: Range = whole.last - whole.first < 2n ? whole : { ...whole, first: whole.first + 1n, last: whole.last - 1n }
  const stated = configs.flatMap(({ ranges }) => ranges.flatMap((range) => range.handedOut.ranges))
  return stated.length === 0 ? rangeSet([hosts]) : intersect(rangeSet(stated), rangeSet([hosts]))
}

const keyOf = (network: string, address: Address): string => `${network}\0${formatAddress(address)}`

export function joinRecords(records: Records): InventoryPart {
  const { configs } = records
  const placed = records.pools.map((record) => placeOf(record, records))
  const networks = [...new Set([...configs.map(({ networkName }) => networkName), ...placed.map(({ network }) => network)])]
  const unnamed: ReservationRecord[] = []
  const reserved = new Map<string, ReservationRecord & { network: string; address: Address }>()
  for (const record of records.reservations) {
    const read = readReservationName(record.name, networks)
    if (read === undefined) unnamed.push(record)
    else reserved.set(keyOf(read.network, read.address), { ...record, ...read })
  }
  const inconsistencies: Inconsistency[] = placed.flatMap(({ record }) => record.faults)
  const allocations: Allocation[] = []
  const pools: Pool[] = []
  const found = new Set<string>()

  for (const place of placed) {
    const { record, network, node } = place
    const own = configsOf(place, configs)
    const usable = handedOut(place, own)
    const doubled = record.entries.filter(({ address }) => reserved.has(keyOf(network, address)))
    const guarded = own.length > 0 ? own.every((config) => config.guarded) : record.entries.length > 0 && doubled.length === record.entries.length
    const domain = domainOfNetwork(network)
    pools.push(
      defined({
        system: SYSTEM,
        name: record.name,
        domain,
        family: record.cidr.family,
        ranges: [rangeOf(record.cidr)],
        handedOut: usable.ranges,
        node,
        capacity: sizeOf(usable),
        use: 'attachments' as const,
        guarded: guarded ? true : undefined,
        certainty: 'declared' as const,
        origin: record.origin,
      }) as Pool,
    )
    for (const entry of record.entries) {
      const key = keyOf(network, entry.address)
      const twin = reserved.get(key)
      found.add(key)
      if (twin !== undefined && twin.podref !== entry.podref && entry.podref !== '') {
        inconsistencies.push({
          system: SYSTEM,
          subject: key,
          cause: 'owners-differ',
          message: `${formatAddress(entry.address)} belongs to ${entry.podref} in IPPool ${record.id} and to ${twin.podref} in OverlappingRangeIPReservation ${twin.name}`,
          addresses: [formatAddress(entry.address)],
          owners: [entry.podref, twin.podref],
          origin: record.origin,
        })
      }
      allocations.push(
        defined({
          system: SYSTEM,
          pool: record.name,
          domain,
          address: entry.address,
          node,
          owner: entry.podref === '' ? { kind: 'unknown' as const, id: entry.containerId } : { kind: 'pod' as const, id: entry.podref },
          attachment: defined({ sandbox: entry.containerId, interface: entry.interface }),
          handle: entry.containerId || undefined,
          recordedAt: twin?.createdAt,
          // With no reservation at all the list was not given, or a file on the nodes turned them off.
          half: guarded && twin === undefined && reserved.size > 0 ? 'the OverlappingRangeIPReservation' : undefined,
          unsettled: record.unsettled,
          origin: record.origin,
        }) as Allocation,
      )
    }
  }
  for (const [key, record] of reserved) {
    if (found.has(key) || placed.length === 0) continue
    allocations.push(
      defined({
        system: SYSTEM,
        pool: 'overlapping reservations',
        domain: domainOfNetwork(record.network),
        address: record.address,
        owner: { kind: 'pod' as const, id: record.podref },
        attachment: defined({ sandbox: '', interface: record.interface }),
        handle: record.name,
        recordedAt: record.createdAt,
        half: 'the entry in an IPPool',
        unsettled: record.unsettled,
        origin: record.origin,
      }) as Allocation,
    )
  }
  const parts = sliceParts(records)
  return {
    pools: [...pools, ...parts.pools],
    allocations,
    inconsistencies,
    blocks: parts.blocks,
    nodeRecords: parts.nodeRecords,
    reservations: withheld(configs),
    problems: unnamed.map(({ name, origin }) => ({
      kind: 'unreadable' as const,
      source: 'overlappingrangeipreservations',
      subject: name,
      message: `OverlappingRangeIPReservation ${name}: the name holds no address`,
      origin,
    })),
  }
}
