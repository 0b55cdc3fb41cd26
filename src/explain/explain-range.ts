// What is known of a CIDR or range: whose it is, what lies in it, who has addresses of it.

import { groupBy } from '../model/group-by.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { nodeUsage } from '../model/node-usage.ts'
import { addressKey, compareAddresses, formatRange, type Range, rangeHolds } from '../net/index.ts'
import { type Judged, nodesOf, unreadLists } from './explain-address.ts'
import type { Account, AddressRow, Mention, RangeRow, SourceRow, Verdict } from './explanation.ts'
import { findingsAboutRange } from './findings-about.ts'
import { mentionsOf, subnetMentions } from './mentions.ts'
import { rangesAround } from './ranges-around.ts'
import { brokenRows, factRow, fileRows, silentRows } from './source-rows.ts'
import { counted, distinct, listed, placed, pointer } from './wording.ts'

const WEIGHTS = ['shown', 'recorded', 'named', 'past'] as const
const STATES = { shown: 'in use', recorded: 'recorded', named: 'named', past: 'past' } as const

/** What is known best of one address: in use beats written down beats pointed to. */
export function addressRow(mentions: readonly [Mention, ...Mention[]]): AddressRow {
  const weight = WEIGHTS.find((one) => mentions.some((mention) => mention.weight === one)) ?? 'past'
  const best = mentions.filter((mention) => mention.weight === weight)
  const [first = mentions[0]] = best
  const holders = distinct(best.flatMap(({ holder }) => holder ?? []))
  return {
    address: first.address,
    state: STATES[weight],
    holder: listed(holders.map(placed)),
    node: holders.find(({ node }) => node !== undefined)?.node,
    since: best.find(({ recordedAt }) => recordedAt !== undefined)?.recordedAt,
    origin: first.origin,
  }
}

export function addressRows(mentions: readonly Mention[]): AddressRow[] {
  const rows = [...groupBy(mentions, ({ address }) => addressKey(address)).values()].map((own) => addressRow(own as [Mention, ...Mention[]]))
  return rows.sort((a, b) => compareAddresses(a.address, b.address))
}

const same = (a: Range, b: Range): boolean => a.first === b.first && a.last === b.last && a.family === b.family

const usageText = ({ usage }: RangeRow): string => (usage === undefined ? '' : `: ${usage.allocated} of ${usage.capacity} addresses taken`)

const isGiver = ({ kind }: RangeRow): boolean => kind === 'pool' || kind === 'block'

function rangeVerdict(inventory: Inventory, range: Range, ranges: readonly RangeRow[], rows: readonly AddressRow[], tail: string): Verdict {
  const text = formatRange(range)
  const exact = ranges.filter((row) => same(row.range, range))
  const nodes = [...new Set(exact.flatMap(({ kind, node }) => (kind === 'block' && node !== undefined ? [node] : [])))]
  const used = rows.filter(({ state }) => state === 'in use' || state === 'recorded').length
  if (nodes.length > 1) return { state: 'duplicate', text: `${text} is the range of ${nodes.length} nodes: ${listed(nodes)}${tail}` }
  const block = exact.find(({ kind, node }) => kind === 'block' && node !== undefined)
  if (block !== undefined) return { state: 'in-use', text: `${text} is the range of node ${block.node} (${block.system})${usageText(block)}${tail}` }
  const pool = exact.find(({ kind }) => kind === 'pool')
  if (pool !== undefined) return { state: 'in-use', text: `${text} is pool ${pool.name} (${pool.system})${usageText(pool)}${tail}` }
  const stated = exact.find(({ kind }) => kind !== 'special use')
  const unread = unreadLists(inventory)
  const doubt = unread.length === 0 ? '' : `; ${listed(unread, 3)} could not be read whole`
  if (stated !== undefined)
    return {
      state: 'outside',
      text: `${text} is ${stated.kind === 'declared' ? 'the range for ' : ''}${stated.name}, ${counted(used, 'address', 'addresses')} of it in use${doubt}${tail}`,
    }
  const around = ranges.filter((row) => isGiver(row) && row.range.first <= range.first && row.range.last >= range.last).at(-1)
  const inside = ranges.filter((row) => isGiver(row) && row.range.first >= range.first && row.range.last <= range.last).length
  const place =
    around === undefined
      ? ''
      : `, in ${around.node === undefined ? `${around.kind} ${around.name === '' ? formatRange(around.range) : around.name} (${around.system})` : `the range of node ${around.node}`}`
  const holding = inside === 0 ? '' : ` and ${counted(inside, 'pool or block', 'pools and blocks')}`
  if (used > 0 || inside > 0)
    return { state: 'in-use', text: `${text} holds ${counted(used, 'address', 'addresses')} in use${holding}${place}${doubt}${tail}` }
  if (around !== undefined) return { state: unread.length > 0 ? 'unknown' : 'empty', text: `${text} has no address in use${place}${doubt}${tail}` }
  return { state: 'nobody', text: `nobody hands out anything of ${text}: it touches no known pool or node range${doubt}${tail}` }
}

/** Mentions by the hundred are no answer: each source says how many it knows. */
function summed(mentions: readonly Mention[]): SourceRow[] {
  return [...groupBy(mentions, ({ source }) => source)].map(([source, own]) => {
    const count = new Set(own.map(({ address }) => addressKey(address))).size
    const past = own.filter(({ weight }) => weight === 'past').length
    return factRow(source, `${counted(count, 'address', 'addresses')} of it${past === 0 ? '' : `, ${past} of them of finished pods`}`, own[0]?.origin)
  })
}

export function explainRange(inventory: Inventory, range: Range, judged: Judged): Account {
  const mentions = [...mentionsOf(inventory, (address) => rangeHolds(range, address))]
  const ranges = rangesAround(inventory, nodeUsage(inventory), range)
  const rows = addressRows(mentions)
  const { findings, around } = findingsAboutRange(judged.findings, range)
  const heard = new Set(mentions.map(({ source }) => source))
  return {
    verdict: rangeVerdict(inventory, range, ranges, rows, pointer(findings.filter(judged.fails))),
    sources: [
      ...summed(mentions),
      ...subnetMentions(inventory, range).map((says) => factRow('cloud subnets', says, undefined)),
      ...brokenRows(inventory),
      ...silentRows(inventory, heard),
      ...fileRows(inventory, nodesOf(ranges), heard),
    ],
    why: [],
    ranges,
    addresses: rows,
    findings,
    around,
  }
}
