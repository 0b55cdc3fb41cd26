// Several peers' views of one ring: where they cannot all be right.
import type { Inconsistency } from '../../model/inventory.ts'
import { formatRange, intersect, overlappingPairs, type Range, rangeSet, rangeSize, sizeOf } from '../../net/index.ts'
import type { RingEntry, WeaveReport } from './read-report.ts'

const SYSTEM = 'weave'

/** What two peers both call their own. */
interface Claim {
  readonly range: Range
  readonly report: WeaveReport
  readonly entry: RingEntry
}

const shared = (a: Range, b: Range): Range => intersect(rangeSet([a]), rangeSet([b])).ranges[0] as Range

const named = ({ peer, nickname }: { readonly peer: string; readonly nickname: string }): string => (nickname === '' ? peer : `${nickname} (${peer})`)

/** One view that contradicts itself: it must fill its universe, once. */
function* holes({ entries, universe, folder, origin }: WeaveReport): Generator<Inconsistency> {
  if (entries.length === 0) return
  const covered = sizeOf(rangeSet(entries.map(({ range }) => range)))
  const counted = entries.reduce((sum, { range }) => sum + rangeSize(range), 0n)
  if (covered === rangeSize(universe) && counted === covered) return
  yield {
    system: SYSTEM,
    subject: `ring of ${folder}`,
    cause: 'ring-size',
    message: `the ring that ${folder} sees covers ${covered} of the ${rangeSize(universe)} addresses of ${formatRange(universe)}, with ${counted} in its entries`,
    addresses: [formatRange(universe)],
    node: folder,
    origin,
  }
}

/**
 * Ranges that two peers both own by their own account, each for one of the two. A claim of the peer itself is what it gives addresses from.
 * `settled`: equal versions leave no order between the claims; otherwise a hand-over may lie between the two reports.
 */
export function doubleClaims(
  reports: readonly WeaveReport[],
): readonly { readonly range: Range; readonly claims: readonly [Claim, Claim]; readonly settled: boolean }[] {
  const claims = reports.flatMap((report) =>
    report.entries.filter(({ peer }) => peer === report.peer).map((entry): Claim => ({ range: entry.range, report, entry })),
  )
  return [...overlappingPairs(claims, ({ range }) => range)]
    .filter(([a, b]) => a.report.peer !== b.report.peer)
    .map(([a, b]) => ({
      range: shared(a.range, b.range),
      claims: a.report.folder < b.report.folder ? [a, b] : [b, a],
      settled: a.entry.version === b.entry.version,
    }))
}

/** Settled ones are no contradiction of a store but two nodes with one range (DUP-102). */
function* handOvers(reports: readonly WeaveReport[]): Generator<Inconsistency> {
  for (const { range, claims, settled } of doubleClaims(reports)) {
    if (settled) continue
    const [first, second] = claims.map(({ report }) => report) as [WeaveReport, WeaveReport]
    const text = formatRange(range)
    yield {
      system: SYSTEM,
      subject: `${text} of ${first.peer} and ${second.peer}`,
      cause: 'handed-over',
      message: `${named(first)} and ${named(second)} both own ${text} by their own account; one report may have been taken before a hand-over (the versions differ)`,
      minor: true,
      addresses: [text],
      owners: [first.folder, second.folder],
      origin: first.origin,
    }
  }
}

function* oneNameTwice(reports: readonly WeaveReport[]): Generator<Inconsistency> {
  const seen = new Map<string, WeaveReport>()
  for (const report of reports) {
    const other = seen.get(report.peer)
    if (other === undefined) seen.set(report.peer, report)
    else
      yield {
        system: SYSTEM,
        subject: `peer ${report.peer}`,
        cause: 'one-name-twice',
        message: `${other.folder} and ${report.folder} are both peer ${report.peer}: a cloned machine, or a copied database, so both give out the same ranges`,
        addresses: report.entries.filter(({ peer }) => peer === report.peer).map(({ range }) => formatRange(range)),
        owners: [other.folder, report.folder],
        origin: report.origin,
      }
  }
}

function* universes(reports: readonly WeaveReport[]): Generator<Inconsistency> {
  const [first, ...others] = reports
  const different = others.find((report) => formatRange(report.universe) !== formatRange((first as WeaveReport).universe))
  if (first === undefined || different === undefined) return
  const texts = [first, different].map(({ universe }) => formatRange(universe))
  yield {
    system: SYSTEM,
    subject: 'universe',
    cause: 'two-universes',
    message: `${first.folder} allocates from ${texts[0]} and ${different.folder} from ${texts[1]}: the peers form two rings`,
    addresses: texts,
    owners: [first.folder, different.folder],
    origin: different.origin,
  }
}

/** @param reports in the order of their folders */
export const compareRings = (reports: readonly WeaveReport[]): readonly Inconsistency[] => [
  ...reports.flatMap((report) => [...holes(report)]),
  ...handOvers(reports),
  ...oneNameTwice(reports),
  ...universes(reports),
]
