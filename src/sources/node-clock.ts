// Decides what is known about time on a node: when it was looked at, when it booted, and whether the times of its files are the files' own.
import { closeSync } from 'node:fs'
import type { Time } from '../model/inventory.ts'
import { chunksOf, openRegularFile } from './regular-file.ts'
import type { FileDocument, NodeDocument, StateDocument } from './source.ts'
import type { StatTable } from './stat-table.ts'
import { looksLikeAddress } from './state-names.ts'

/** What a root is: `live`, the running machine's own; `mounted`, another machine's disk; `copy`, files that somebody collected. */
export type RootKind = 'live' | 'mounted' | 'copy'

/** A copy is made within a minute, a node takes hours to come by its allocations. */
const COPY_SPAN = 60_000
/** Nodes do start thirty pods within seconds after a boot, so that on a disk only times that are as good as equal prove a copy. */
const DISK_SPAN = 2000

/** Boot time of the machine whose `/proc` lies below `root` (a node's root seen from a debug pod, too); undefined where there is none. */
export function bootTimeBelow(root: string): Time | undefined {
  try {
    const { fd } = openRegularFile(`${root}/proc/stat`)
    try {
      let text = ''
      for (const piece of chunksOf(fd, 65_536)) text += piece.toString('latin1')
      const seconds = /^btime (\d+)$/m.exec(text)?.[1]
      return seconds === undefined ? undefined : Number(seconds) * 1000
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined // another system than Linux, or a disk whose /proc is empty
  }
}

export type NodeTimes = Pick<NodeDocument, 'collectedAt' | 'collectedAtKnown' | 'bootTime' | 'timesKnown'>

/**
 * - `collectedAt`: stat.json's; on a live root the present; else the newest time of the node's files (`collectedAtKnown` false).
 * - `timesKnown` on a live root: true. With a stat.json that lists at least one allocation file: true. Else, over the times of the
 *   allocation files: a copy needs two of them more than 60 s apart; a mounted disk is believed unless two or more lie within 2 s.
 */
export function nodeTimes(
  kind: RootKind,
  stat: StatTable,
  documents: { readonly files: readonly FileDocument[]; readonly states: readonly StateDocument[] },
  fallback: { readonly now: Time; readonly bootTime: Time | undefined; readonly rootTime: Time },
): NodeTimes {
  const { newest, oldestAllocation, newestAllocation, allocations, listed } = survey(stat, documents)
  const bootTime = stat.bootTime ?? fallback.bootTime
  const known = kind === 'live' ? fallback.now : undefined
  const span = newestAllocation - oldestAllocation
  return {
    collectedAt: stat.collectedAt ?? known ?? newest ?? fallback.rootTime,
    collectedAtKnown: (stat.collectedAt ?? known) !== undefined,
    bootTime,
    timesKnown: kind === 'live' || listed || (kind === 'copy' ? allocations > 1 && span > COPY_SPAN : allocations < 2 || span > DISK_SPAN),
  }
}

function survey(stat: StatTable, { files, states }: { readonly files: readonly FileDocument[]; readonly states: readonly StateDocument[] }) {
  let newest: Time | undefined
  let oldestAllocation = Number.POSITIVE_INFINITY
  let newestAllocation = Number.NEGATIVE_INFINITY
  let allocations = 0
  let listed = false
  const see = (time: Time): void => {
    if (newest === undefined || time > newest) newest = time
  }
  for (const { mtime } of files) see(mtime)
  for (const { path, entries } of states) {
    for (const { name, kind, mtime } of entries) {
      see(mtime)
      if (kind !== 'file' || !looksLikeAddress(name)) continue
      allocations++
      oldestAllocation = Math.min(oldestAllocation, mtime)
      newestAllocation = Math.max(newestAllocation, mtime)
      listed ||= stat.times.has(`${path}/${name}`)
    }
  }
  return { newest, oldestAllocation, newestAllocation, allocations, listed }
}
