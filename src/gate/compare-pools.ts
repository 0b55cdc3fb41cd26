// Pools that are not as full, or not as large, as they were.
import { groupBy } from '../model/group-by.ts'
import { clusterKey } from './same-finding.ts'
import type { SavedPool, SavedReport } from './saved-report.ts'

/** Share of a pool by which its usage must have moved to be worth a line: 5 of 100. */
export const NOTABLE = 0.05

export interface ChangedPool {
  /** Undefined: it was, or is, not there. */
  readonly before: SavedPool | undefined
  readonly after: SavedPool | undefined
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((text, index) => text === b[index])

const isNotable = (before: SavedPool, after: SavedPool): boolean =>
  Math.abs(after.utilization - before.utilization) >= NOTABLE || after.capacity !== before.capacity || !same(before.ranges, after.ranges)

export function comparePools(older: SavedReport, newer: SavedReport, byCluster: boolean): readonly ChangedPool[] {
  const keyIn = (report: SavedReport) => (pool: SavedPool) =>
    JSON.stringify([clusterKey(pool, report, byCluster), pool.system, pool.name, pool.node ?? '', pool.domain, pool.family])
  const left = groupBy(older.pools, keyIn(older))
  const present = newer.pools.map((after): ChangedPool => ({ before: left.get(keyIn(newer)(after))?.shift(), after }))
  const gone = [...left.values()].flat().map((before): ChangedPool => ({ before, after: undefined }))
  return [...present, ...gone].filter(({ before, after }) => before === undefined || after === undefined || isNotable(before, after))
}
