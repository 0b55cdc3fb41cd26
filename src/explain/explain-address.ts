// What is known of one address.
import type { Finding } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { nodeUsage } from '../model/node-usage.ts'
import { type Address, rangeOfAddress, sameAddress } from '../net/index.ts'
import { addressVerdict } from './address-verdict.ts'
import type { Account, RangeRow } from './explanation.ts'
import { findingsAboutRange } from './findings-about.ts'
import { mentionsOf, subnetMentions } from './mentions.ts'
import { rangesAround } from './ranges-around.ts'
import { brokenRows, factRow, fileRows, isBroken, mentionRow, silentRows } from './source-rows.ts'

/** What was judged, and what of it makes a run fail. */
export interface Judged {
  readonly findings: readonly Finding[]
  readonly fails: (finding: Finding) => boolean
}

/** Lists whose holes hide no address: events alone. */
export const unreadLists = ({ coverage }: Inventory): string[] =>
  coverage.flatMap((entry) => (isBroken(entry) && entry.source !== 'events' ? [entry.source] : []))

/** Nodes whose files could hold the address: those whose range holds it. */
export const nodesOf = (ranges: readonly RangeRow[]): string[] =>
  ranges.flatMap(({ kind, node }) => (kind !== 'outside' && node !== undefined ? [node] : []))

export function explainAddress(inventory: Inventory, address: Address, judged: Judged): Account {
  const range = rangeOfAddress(address)
  const mentions = [...mentionsOf(inventory, (other) => sameAddress(other, address))]
  const ranges = rangesAround(inventory, nodeUsage(inventory), range)
  const { findings, around } = findingsAboutRange(judged.findings, range)
  const heard = new Set(mentions.map(({ source }) => source))
  return {
    verdict: addressVerdict({ inventory, address, mentions, ranges, failing: findings.filter(judged.fails), unread: unreadLists(inventory) }),
    sources: [
      ...mentions.map((mention) => mentionRow(mention, false)),
      ...subnetMentions(inventory, range).map((says) => factRow('cloud subnets', says, undefined)),
      ...brokenRows(inventory),
      ...silentRows(inventory, heard),
      ...fileRows(inventory, nodesOf(ranges), heard),
    ],
    why: [],
    ranges,
    addresses: [],
    findings,
    around,
  }
}
