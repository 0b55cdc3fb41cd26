// host-local's `ipam` object to ranges: sets in the plugin's own order and the checks between ranges (`config.go`, `range_set.go`).
import type { HostLocalRange } from '../../model/node-state.ts'
import { formatRange, overlappingPairs } from '../../net/index.ts'
import type { Complain } from './configuration-reading.ts'
import { field, isObject, type JsonObject, quote } from './go-object.ts'
import { isPodCidrLiteral, readRange } from './read-range.ts'

/** Who fills the ranges in when a pod starts. */
export type Supplier = 'nobody' | 'calico' | 'daemon'

export interface HostLocalReading {
  readonly ranges: readonly HostLocalRange[]
  readonly rangesFromNode: boolean
}

// Enough to see what is wrong; a hostile file can make billions of pairs.
const MOST_OVERLAPS = 20

/** The legacy single range comes first, as set 0, then `ranges`; both may be there. */
function setsOf(ipam: JsonObject, withRanges: boolean, complain: Complain): unknown[][] {
  const sets: unknown[][] = field(ipam, 'subnet') === undefined ? [] : [[ipam]]
  const ranges = withRanges ? field(ipam, 'ranges') : undefined
  if (ranges === undefined) return sets
  if (!Array.isArray(ranges)) {
    complain('wrong-range', `ranges is ${quote(ranges)}, not a list of lists of ranges`)
    return sets
  }
  for (const set of ranges as unknown[]) {
    if (Array.isArray(set)) sets.push(set)
    else if (isObject(set)) {
      complain('wrong-range', 'ranges holds an object where a list of ranges is needed; put it in one more pair of brackets')
      sets.push([set])
    } else if (set === null) sets.push([])
    else complain('wrong-range', `ranges holds ${quote(set)} where a list of ranges is needed`)
  }
  return sets
}

function checkOverlaps(ranges: readonly HostLocalRange[], complain: Complain): void {
  let count = 0
  for (const [a, b] of overlappingPairs(ranges, (range) => range.range)) {
    const where = a.set === b.set ? `in range set ${a.set}` : `of range sets ${Math.min(a.set, b.set)} and ${Math.max(a.set, b.set)}`
    const [first, second] = [formatRange(a.range), formatRange(b.range)]
    complain('wrong-range', `the ranges ${first} and ${second} ${where} overlap`, [first, second])
    if (++count === MOST_OVERLAPS) return
  }
}

function checkFamilies(ranges: readonly HostLocalRange[], cniVersion: string | undefined, complain: Complain): void {
  const families = new Map<number, 4 | 6>()
  const mixed = new Set<number>()
  for (const { set, range } of ranges)
    if ((families.get(set) ?? range.family) === range.family) families.set(set, range.family)
    else mixed.add(set)
  for (const set of mixed) complain('wrong-range', `range set ${set} mixes IPv4 and IPv6; give each family a set of its own`)
  const list = [...families.values()]
  const several = list.filter((family) => family === 4).length > 1 || list.filter((family) => family === 6).length > 1
  if (several && /^0\.[012]\./.test(cniVersion ?? '0.1.0'))
    complain(
      'wrong-range',
      `${cniVersion === undefined ? 'no CNI version (read as 0.1.0)' : `CNI version "${cniVersion}"`} allows one range set per family only; use 0.3.1 or newer`,
    )
}

/** `complain` names file and network already. */
export function readHostLocal(ipam: JsonObject, supplier: Supplier, cniVersion: string | undefined, complain: Complain): HostLocalReading {
  // flannel overwrites `ranges`, and keeps a legacy subnet.
  const sets = setsOf(ipam, supplier !== 'daemon', complain)
  const ranges: HostLocalRange[] = []
  let rangesFromNode = supplier === 'daemon'
  for (const [index, set] of sets.entries()) {
    if (set.length === 0) complain('wrong-range', `range set ${index} is empty`)
    for (const [position, entry] of set.entries()) {
      const label = set.length > 1 ? `range set ${index}, range ${position}` : `range set ${index}`
      if (isObject(entry) && isPodCidrLiteral(field(entry, 'subnet'))) {
        rangesFromNode = true
        if (supplier === 'nobody') complain('wrong-range', `${label}: only Calico replaces ${quote(field(entry, 'subnet'))}; write the subnet`)
        continue
      }
      const range = readRange(entry, index, (kind, message, addresses) => complain(kind, `${label}: ${message}`, addresses))
      if (range !== undefined) ranges.push(range)
    }
  }
  if (sets.length === 0 && !rangesFromNode) complain('wrong-range', 'has no ranges, so host-local refuses every pod')
  if (field(ipam, 'exclude') !== undefined) complain('note', 'host-local ignores "exclude"; use rangeStart and rangeEnd or several ranges in one set')
  checkFamilies(ranges, cniVersion, complain)
  checkOverlaps(ranges, complain)
  return { ranges, rangesFromNode }
}
