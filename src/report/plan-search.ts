// Free ranges that were found for the pods, and what to say where none is large enough.
import { formatCidr } from '../net/index.ts'
import type { Search } from '../plan/find-space.ts'
import type { Table } from './report.ts'

export function searchTables(searches: readonly Search[]): readonly Table[] {
  const rows = searches.flatMap(({ proposals }) =>
    proposals.map(({ cidr, doublings, why }, index) => [index === 0 ? 'taken' : '', formatCidr(cidr), String(doublings), why]),
  )
  if (rows.length === 0) return []
  const columns = [
    { title: '', align: 'left' },
    { title: 'RANGE', align: 'left' },
    { title: 'CAN DOUBLE', align: 'right' },
    { title: 'WHY', align: 'left', flexible: true },
  ] as const
  return [{ title: 'Free ranges', columns, rows, rowCount: rows.length }]
}

export function* searchNotes(searches: readonly Search[]): Generator<string> {
  for (const { within, prefix, proposals, free } of searches) {
    const [largest] = free
    if (proposals.length === 0 && largest !== undefined)
      yield `No /${prefix} is free in ${formatCidr(within)}, and the request needs one; the largest free network, ${formatCidr(largest)}, was taken instead.`
  }
}
