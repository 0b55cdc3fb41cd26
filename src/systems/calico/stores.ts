// Calico's records -> pools, blocks, allocations and records of nodes.
import type { Allocation, Block, NodeRecord, Pool, Reservation, Time } from '../../model/inventory.ts'
import { type Cidr, cidrCovers, compareCidrs, formatCidr, type Range, rangeOf, rangeOfAddress, rangesOverlap } from '../../net/index.ts'
import { defined } from '../kubernetes/fields.ts'
import { addressAt } from './check-block.ts'
import { ownerOf } from './owner.ts'
import type { BlockRecord } from './read-block.ts'
import type { AffinityRecord } from './read-claim.ts'
import type { PoolRecord } from './read-pool.ts'
import type { HostRecord, Settings } from './records.ts'
import { type Labels, parseSelector } from './selector.ts'

const SYSTEM = { system: 'calico', domain: 'default' } as const

export const poolOf = (pools: readonly PoolRecord[], cidr: Cidr): string =>
  pools.filter((pool) => cidrCovers(pool.cidr, cidr)).sort((a, b) => b.cidr.prefix - a.cidr.prefix)[0]?.name ?? ''

/** Addresses that were given back and wait for their cool-down: neither allocated nor free. */
function* coolingDown(blocks: readonly BlockRecord[]): Generator<Range> {
  for (const block of blocks) {
    for (const [ordinal, slot] of block.slots.entries())
      if (slot !== null && block.attributes[slot]?.releasedAt !== undefined) yield rangeOfAddress(addressAt(block, ordinal))
  }
}

function nodesFor(selector: string, nodes: ReadonlyMap<string, Labels>): readonly string[] | 'unknown' | undefined {
  if (selector === '' || selector === 'all()') return undefined
  const selects = parseSelector(selector)
  return selects === undefined ? 'unknown' : [...nodes].filter(([, labels]) => selects(labels)).map(([name]) => name)
}

export function poolsFrom(
  pools: readonly PoolRecord[],
  blocks: readonly BlockRecord[],
  reservations: readonly Reservation[],
  settings: Settings | undefined,
  nodes: ReadonlyMap<string, Labels>,
): Pool[] {
  const withheld = [...reservations.map(({ range }) => range), ...coolingDown(blocks)]
  const strict = settings?.strict === true
  const perNode = settings === undefined || settings.maxBlocksPerHost === 0 ? undefined : settings.maxBlocksPerHost
  return pools.map((pool): Pool => {
    const { cidr, blockPrefix: prefix } = pool
    const inPool = withheld.filter((range) => rangesOverlap(range, rangeOf(cidr)))
    return defined({
      ...SYSTEM,
      name: pool.name,
      family: cidr.family,
      ranges: [rangeOf(cidr)],
      claims:
        prefix === undefined
          ? undefined
          : defined({ prefix, strict, perNode, nodes: nodesFor(pool.nodeSelector, nodes), manual: pool.manual ? true : undefined }),
      withheld: inPool.length === 0 ? undefined : inPool,
      disabled: pool.disabled ? true : undefined,
      use: pool.loadBalancersOnly ? 'load-balancers' : undefined,
      certainty: 'declared',
      origin: pool.origin,
    }) as Pool
  })
}

/** IPAMBlocks; where only affinities can be read (an aggregated API server serves no blocks), what these claim. */
export function blocksFrom(pools: readonly PoolRecord[], blocks: readonly BlockRecord[], affinities: readonly AffinityRecord[]): Block[] {
  const stateOf = new Map(affinities.map(({ cidr, host, state }) => [`${formatCidr(cidr)} ${host}`, state]))
  const releasing = (cidr: Cidr, host: string) =>
    stateOf.get(`${formatCidr(cidr)} ${host}`) === 'pendingDeletion' ? { state: 'releasing' as const } : {}
  if (blocks.length === 0)
    return affinities.map(({ cidr, host, virtual, origin }) => ({
      ...SYSTEM,
      pool: poolOf(pools, cidr),
      cidr,
      node: virtual ? '' : host,
      ...releasing(cidr, host),
      origin,
    }))
  return blocks.map(({ cidr, host = '', origin }) => ({ ...SYSTEM, pool: poolOf(pools, cidr), cidr, node: host, ...releasing(cidr, host), origin }))
}

export function* allocationsFrom(pools: readonly PoolRecord[], blocks: readonly BlockRecord[]): Generator<Allocation> {
  for (const block of blocks) {
    const pool = poolOf(pools, block.cidr)
    const named = block.attributes.map((attribute) => ownerOf(attribute, block))
    for (const [ordinal, slot] of block.slots.entries()) {
      const attribute = slot === null ? undefined : block.attributes[slot]
      const who = slot === null ? undefined : named[slot]
      // An index that points nowhere is DRF-508's; whose address it is cannot be known.
      if (attribute === undefined || who === undefined || attribute.releasedAt !== undefined) continue
      // One shape for all: there may be a million.
      yield {
        system: SYSTEM.system,
        pool,
        domain: SYSTEM.domain,
        address: addressAt(block, ordinal),
        node: who.node,
        owner: who.owner,
        attachment: who.sandbox === undefined ? undefined : { sandbox: who.sandbox },
        recordedAt: who.recordedAt,
        purpose: who.purpose,
        borrowedFrom: who.node === undefined || who.node === block.host ? undefined : block.host,
        handle: attribute.handle,
        unsettled: block.unsettled ? true : undefined,
        origin: block.origin,
      }
    }
  }
}

/** One record for each host: what blocks and affinities keep for it. */
export function nodeRecordsFrom(blocks: readonly BlockRecord[], affinities: readonly AffinityRecord[], hosts: readonly HostRecord[]): NodeRecord[] {
  const nodeOf = new Map(hosts.map(({ name, node }) => [name, node]))
  const records = new Map<string, { cidrs: Map<string, Cidr>; newest: Time | undefined; origin: string }>()
  const add = (host: string, cidr: Cidr, time: Time | undefined, origin: string) => {
    const record = records.get(host) ?? { cidrs: new Map(), newest: undefined, origin }
    records.set(host, record)
    record.cidrs.set(formatCidr(cidr), cidr)
    if (time !== undefined) record.newest = Math.max(record.newest ?? time, time)
  }
  for (const { host, cidr, claimedAt, createdAt, origin } of blocks) if (host !== undefined) add(host, cidr, claimedAt ?? createdAt, origin)
  for (const { host, cidr, virtual, createdAt, origin } of affinities) if (!virtual) add(host, cidr, createdAt, origin)
  return [...records].map(([host, { cidrs, newest, origin }]): NodeRecord => {
    const foreign = nodeOf.has(host) && nodeOf.get(host) === undefined
    return {
      system: 'calico',
      node: nodeOf.get(host) ?? host,
      what: 'Calico host',
      ranges: [...cidrs.values()].sort(compareCidrs).map(rangeOf),
      ...(newest === undefined ? {} : { recordedAt: newest }),
      ...(foreign ? { foreign: true as const } : {}),
      origin,
    }
  })
}
