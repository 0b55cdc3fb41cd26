// One row for each source that could know: what it says, that it says nothing, or that nobody could look.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Coverage, Pool } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { formatAddress } from '../net/index.ts'
import type { Mention, SourceRow } from './explanation.ts'

const none = { holder: undefined, address: undefined, origin: undefined, recordedAt: undefined }

/** Rows of a pod or node say which of its addresses they mean. */
export const mentionRow = ({ source, says, holder, address, origin, recordedAt }: Mention, withAddress: boolean): SourceRow => ({
  ...{ source, status: 'says', holder, address, origin, recordedAt },
  says: withAddress ? `${formatAddress(address)}: ${says}` : says,
})

/** A source that says something of the subject as a whole. */
export const factRow = (source: string, says: string, origin: string | undefined, recordedAt?: number): SourceRow => ({
  ...none,
  ...{ source, status: 'says', says, origin, recordedAt },
})

export const isBroken = ({ status }: Coverage): boolean => status !== 'complete' && status !== 'absent'

/** Lists that every cluster has, and what they are called where they say something. */
const LISTS = [
  { source: 'pod status', list: 'pods' },
  { source: 'nodes', list: 'nodes' },
  { source: 'Services', list: 'services' },
] as const

const records = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'} read`

/** What was read and knows nothing of the subject, and what the input does not hold; `heard` has the sources that did say something. */
export function* silentRows(inventory: Inventory, heard: ReadonlySet<string>): Generator<SourceRow> {
  for (const { source, list } of LISTS) {
    if (heard.has(source)) continue
    const entries = inventory.coverage.filter((coverage) => coverage.source === list)
    if (entries.some(isBroken)) continue // said by brokenRows
    const read = entries.reduce((sum, entry) => sum + entry.read, 0)
    if (entries.some(({ status }) => status === 'complete')) yield { ...none, source, status: 'nothing', says: `nothing (${records(read)})` }
    else yield { ...none, source, status: 'absent', says: `not in the input: it holds no ${list}` }
  }
  const systems = new Map<string, number>()
  for (const pool of inventory.pools) if (recordsAddresses(pool)) systems.set(pool.system, 0)
  for (const { system, domain } of inventory.allocations) if (domain !== 'services') systems.set(system, (systems.get(system) ?? 0) + 1)
  for (const [system, count] of [...systems].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (!heard.has(system)) yield { ...none, source: system, status: 'nothing', says: `nothing (${records(count)})` }
}

/** What a pool of another kind gives out stands in rows of their own: Services, files of a node, blocks of nodes. */
const recordsAddresses = ({ node, domain, use, blockPrefix, blockSize }: Pool): boolean =>
  node === undefined && domain !== 'services' && use !== 'load-balancers' && blockPrefix === undefined && blockSize === undefined

/** Allocation files, node by node: only the nodes that could have one. */
export function* fileRows(inventory: Inventory, nodes: Iterable<string>, heard: ReadonlySet<string>): Generator<SourceRow> {
  for (const node of new Set(nodes)) {
    const source = `host-local on ${node}`
    if (heard.has(source)) continue
    const state = inventory.stateOf.get(node)
    // Where another system gives out the addresses, nobody misses the files.
    if (state === undefined && inventory.mode !== 'unknown' && !usesNodeRanges(inventory.mode)) continue
    const files = (state?.directories ?? []).reduce((sum, { files: own }) => sum + own.length, 0)
    if (state === undefined || state.directories.length === 0)
      yield { ...none, source, status: 'absent', says: `not in the input: it holds no allocation files of ${node}` }
    else yield { ...none, source, status: 'nothing', says: `nothing (${records(files)})`, origin: state.origin, recordedAt: state.collectedAt }
  }
}

const WORDS = { partial: 'was read in part', forbidden: 'could not be read: not allowed', failed: 'could not be read' } as const

/** What is there and could not be read whole: it may know more. */
export function* brokenRows({ coverage }: Inventory): Generator<SourceRow> {
  for (const { source, status, error } of coverage) {
    if (status === 'complete' || status === 'absent') continue
    yield { ...none, source, status: 'not-read', says: `could not look: it ${WORDS[status]}${error === null ? '' : ` (${error})`}` }
  }
}
