// Pools, blocks and other ranges that hold an address or touch a range, the largest first, with how much of each is given out.
import { cidrIndex } from '../model/cidr-index.ts'
import type { Block } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeUsage } from '../model/node-usage.ts'
import { isLive } from '../model/pod-state.ts'
import { cniInternalUses, specialUses } from '../model/special-use.ts'
import { type Address, addressKey, cidrSize, formatRange, type Range, rangeOf, rangeSize, rangesOverlap } from '../net/index.ts'
import type { RangeRow } from './explanation.ts'

type Counts = ReadonlyMap<Block, number>

/** Addresses of each block that its system records, or that live pods of its network show; one pass, for there may be thousands of both. */
function countsOf(blocks: readonly Block[], inventory: Inventory): Counts {
  const index = cidrIndex(blocks, ({ cidr }) => [cidr])
  const taken = new Map<Block, Set<number | bigint>>(blocks.map((block) => [block, new Set()]))
  const note = (address: Address, domain: string, system: string | undefined): void => {
    for (const block of index.find(address))
      if (block.domain === domain && (system === undefined || block.system === system)) taken.get(block)?.add(addressKey(address))
  }
  for (const { system, domain, address } of inventory.allocations) note(address, domain, system)
  for (const pod of inventory.pods) if (isLive(pod)) for (const address of pod.addresses) note(address, 'default', undefined)
  return new Map([...taken].map(([block, keys]) => [block, keys.size]))
}

/** A node's range is counted where the report counts it: with its files, and without what host-local never hands out. */
function usageOf(block: Block, counts: Counts, nodes: readonly NodeUsage[]): RangeRow['usage'] {
  const own = nodes.find(({ name }) => name === block.node)
  const set = own?.sets.find(
    ({ ranges }) => ranges.length === 1 && ranges.some(({ subnet }) => formatRange(rangeOf(subnet)) === formatRange(rangeOf(block.cidr))),
  )
  const capacity = set?.usable ?? cidrSize(block.cidr)
  const allocated = BigInt(set?.used ?? counts.get(block) ?? 0)
  return { capacity, allocated, available: capacity > allocated ? capacity - allocated : 0n }
}

function* blockRows(inventory: Inventory, nodes: readonly NodeUsage[], touches: (range: Range) => boolean): Generator<RangeRow> {
  const touched = inventory.blocks.filter((block) => touches(rangeOf(block.cidr)))
  const counts = touched.length === 0 ? new Map<Block, number>() : countsOf(touched, inventory)
  for (const block of touched) {
    const { system, pool, node, state = '', cidr, origin } = block
    const owner = node === '' ? undefined : node
    yield { kind: 'block', system, name: pool, node: owner, range: rangeOf(cidr), usage: usageOf(block, counts, nodes), note: state, origin }
  }
}

function* poolRows(inventory: Inventory, touches: (range: Range) => boolean): Generator<RangeRow> {
  const usages = new Map(inventory.usage().map((usage) => [usage.pool, usage]))
  for (const pool of inventory.pools) {
    const touched = pool.ranges.filter(touches)
    const usage = usages.get(pool)
    const notes = [
      ...(pool.domain === 'default' || pool.domain === 'services' ? [] : [`domain ${pool.domain}`]),
      ...(pool.use === undefined ? [] : [`for ${pool.use}`]),
      ...(pool.certainty === 'inferred' ? ['a guess'] : []),
      ...(pool.disabled === true ? ['disabled'] : []),
    ]
    for (const range of touched)
      yield { kind: 'pool', system: pool.system, name: pool.name, node: pool.node, range, usage, note: notes.join(', '), origin: pool.origin }
  }
}

function* statedRows(inventory: Inventory, touches: (range: Range) => boolean): Generator<RangeRow> {
  const plain = { node: undefined, usage: undefined }
  for (const { role, cidr, by, origin } of inventory.declared)
    if (touches(rangeOf(cidr))) yield { ...plain, kind: 'declared', system: by, name: role, range: rangeOf(cidr), note: '', origin }
  for (const { id, ranges, ipam, plugin, origin } of inventory.attachments)
    for (const range of ranges.filter(touches)) yield { ...plain, kind: 'attachment', system: ipam, name: id, range, note: plugin, origin }
  for (const { provider, id, cidr, free, origin } of inventory.subnets)
    if (touches(rangeOf(cidr)))
      yield {
        ...plain,
        kind: 'subnet',
        system: provider,
        name: id,
        range: rangeOf(cidr),
        note: free === undefined ? '' : `${free} free by the cloud`,
        origin,
      }
  for (const { name, cidr, kind, node, reachable, origin } of inventory.outside)
    if (touches(rangeOf(cidr)))
      yield { ...plain, kind: 'outside', system: kind, name, node, range: rangeOf(cidr), note: reachable ? '' : 'not routed to', origin }
  for (const { system, range, why, origin } of inventory.reservations)
    if (touches(range)) yield { ...plain, kind: 'reservation', system, name: why, range, note: '', origin }
}

const bySize = (a: RangeRow, b: RangeRow): number => {
  const [x, y] = [rangeSize(a.range), rangeSize(b.range)]
  return x === y ? 0 : x > y ? -1 : 1
}

export const rangesAround = (inventory: Inventory, nodes: readonly NodeUsage[], range: Range): readonly RangeRow[] => {
  const touches = (other: Range) => rangesOverlap(range, other)
  const special = [...specialUses(range, 'pods'), ...cniInternalUses(range, inventory.mode)].map(
    ({ cidr, use, kind }): RangeRow => ({
      ...{ kind: 'special use', system: '', name: use, node: undefined, range: rangeOf(cidr), usage: undefined, note: kind },
      origin: kind === 'cni-internal' ? inventory.mode : 'IANA',
    }),
  )
  return [...poolRows(inventory, touches), ...blockRows(inventory, nodes, touches), ...statedRows(inventory, touches), ...special].sort(bySize)
}
