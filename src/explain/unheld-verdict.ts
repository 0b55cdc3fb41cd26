// What an address is that nobody holds and nobody wrote down: kept free, free, not known to be free, of a network outside, or nobody's.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Finding } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { type Address, formatRange, holds, rangeSet } from '../net/index.ts'
import type { Mention, RangeRow, State, Verdict } from './explanation.ts'
import { nameOf } from './mentions.ts'
import { distinct, listed, pointer } from './wording.ts'

export interface AddressFacts {
  readonly inventory: Inventory
  readonly address: Address
  readonly mentions: readonly Mention[]
  readonly ranges: readonly RangeRow[]
  /** Those that concern it and make a run fail. */
  readonly failing: readonly Finding[]
  /** Lists that were not read whole. */
  readonly unread: readonly string[]
}

export const verdict = (state: State, text: string): Verdict => ({ state, text })

const RESERVED_WHY = /gateway/i

export function unheldVerdict(facts: AddressFacts, past: readonly Mention[], text: string): Verdict {
  const { ranges, inventory, address, unread, failing } = facts
  const reservation = ranges.find(({ kind }) => kind === 'reservation')
  if (reservation !== undefined)
    return verdict(
      'reserved',
      `${text} is kept free: ${reservation.name}${RESERVED_WHY.test(reservation.name) ? '' : ` (${reservation.system})`}${pointer(failing)}`,
    )
  const gateway = gatewayOf(inventory, address)
  if (gateway !== undefined) return verdict('reserved', `${text} is the gateway of network ${gateway}, which is never handed out${pointer(failing)}`)
  const givers = ranges.filter((row) => row.kind === 'pool' || row.kind === 'block')
  if (givers.length === 0) return nobodyVerdict(facts, text)
  const withheld = inventory.pools.find((pool) => holds(rangeSet(pool.withheld ?? []), address))
  if (withheld !== undefined)
    return verdict('reserved', `${text} is withheld by pool ${withheld.name} (${withheld.system}) at present${pointer(failing)}`)
  const narrow = inventory.pools.find((pool) => pool.handedOut !== undefined && holds(rangeSet(pool.ranges), address))
  if (narrow !== undefined && !holds(rangeSet(narrow.handedOut ?? []), address))
    return verdict('reserved', `${text} lies in pool ${narrow.name} (${narrow.system}), outside of what it hands out${pointer(failing)}`)
  const outsider = ranges.slice(ranges.indexOf(givers.at(-1) as RangeRow)).find(({ kind }) => kind === 'outside')
  if (outsider !== undefined) {
    const words = `${outsider.name} (${formatRange(outsider.range)}), outside of the cluster, and a pool of the cluster may hand it out too`
    return verdict('outside', `${text} belongs to network ${words}${pointer(failing)}`)
  }
  const before = past.length === 0 ? '' : `; ${listed(distinct(past.flatMap(({ holder }) => holder ?? [])).map(nameOf))} had it and has finished`
  const place = `in ${listed(innermost(givers).map((row) => placeOf(row, usesNodeRanges(inventory.mode))))}`
  if (unread.length > 0)
    return verdict('unknown', `${text} is held by nobody as far as could be read, ${place}; ${listed(unread, 3)} could not be read whole`)
  const nodes = givers.flatMap(({ node }) => node ?? [])
  const unseen = usesNodeRanges(inventory.mode) ? [...new Set(nodes)].filter((node) => !hasFiles(inventory, node)) : []
  if (unseen.length > 0)
    return verdict(
      'unknown',
      `${text} is shown by no pod, ${place}; whether a file on ${listed(unseen)} holds it is not known, for none was read${before}${pointer(failing)}`,
    )
  const blind = inventory.coverage.some(({ source, read }) => source === 'pods' && read > 0) ? '' : '; pods were not given'
  return verdict('free', `${text} is free ${place}${before}${blind}${pointer(failing)}`)
}

const hasFiles = ({ stateOf }: Inventory, node: string): boolean => (stateOf.get(node)?.directories.length ?? 0) > 0

/** Ranges come the largest first; of equal ones each is told. */
function innermost(rows: readonly RangeRow[]): readonly RangeRow[] {
  const last = rows.at(-1)
  const smallest = rows.filter(({ range }) => last !== undefined && range.first === last.range.first && range.last === last.range.last)
  const blocks = smallest.filter(({ kind }) => kind === 'block')
  return blocks.length > 0 ? blocks : smallest
}

function placeOf({ kind, system, name, node, range }: RangeRow, ofNodes: boolean): string {
  const text = formatRange(range)
  if (node !== undefined && (ofNodes || kind === 'pool')) return `the range of node ${node}, ${text}`
  return kind === 'block' ? `block ${text}${node === undefined ? '' : ` of node ${node}`} (${system})` : `pool ${name} (${system}, ${text})`
}

function gatewayOf({ nodeStates }: Inventory, { family, value }: Address): string | undefined {
  for (const { node, networks } of nodeStates)
    for (const { name, ranges } of networks)
      if (ranges.some(({ gateway }) => gateway.family === family && gateway.value === value)) return `${name} on ${node}`
  return undefined
}

function nobodyVerdict({ ranges, unread, failing, inventory }: AddressFacts, text: string): Verdict {
  const tail = unread.length === 0 ? '' : `; ${listed(unread, 3)} could not be read whole`
  const outside = ranges.filter(({ kind }) => kind === 'outside' || kind === 'subnet')
  if (outside.length > 0) {
    const names = listed(outside.map(({ kind, name, range }) => `${kind === 'subnet' ? 'cloud subnet' : 'network'} ${name} (${formatRange(range)})`))
    return verdict('outside', `${text} belongs to ${names}, outside of what the cluster hands out${tail}${pointer(failing)}`)
  }
  const stated = ranges.filter(({ kind }) => kind === 'declared' || kind === 'attachment')
  if (stated.length > 0) {
    const names = listed(stated.map(({ kind, name, range }) => `${kind === 'declared' ? `the range for ${name}` : name}, ${formatRange(range)}`))
    return verdict('unknown', `${text} lies in ${names}, and no pool or node range that was read holds it${tail}${pointer(failing)}`)
  }
  const special = ranges.find(({ kind, name }) => kind === 'special use' && name !== 'public address space')
  const use = special === undefined ? '' : `; ${formatRange(special.range)} is ${special.name}`
  const known = inventory.pools.length + inventory.blocks.length > 0
  return verdict(
    'nobody',
    `nobody hands out ${text}: it is in no known range${known ? '' : ', for the input holds none'}${use}${tail}${pointer(failing)}`,
  )
}
