// What waivers and the baseline did to an audit: counts, records and sentences, for one cluster and for several.
import type { WaiverUse } from '../gate/apply-waivers.ts'
import type { GateResult } from '../gate/gate.ts'
import type { SavedReport } from '../gate/saved-report.ts'
import { type Finding, isOpen, type Severity, severities } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import { countOf } from './count-text.ts'
import type { Json } from './report.ts'

/** Sentences of one kind that anybody reads. */
const MOST = 20

export function acceptedCounts(findings: readonly Finding[]): { readonly [key: string]: Json } {
  const active = findings.filter(({ waived }) => waived === null)
  return {
    findings: Object.fromEntries(severities.map((severity) => [severity, active.filter((finding) => finding.severity === severity).length])),
    waived: findings.length - active.length,
    known: active.filter(({ known }) => known === true).length,
  }
}

const useData = ({ waiver, status, findings }: WaiverUse): Json => ({
  source: waiver.source,
  rule: waiver.rule,
  reason: waiver.reason,
  until: waiver.until ?? null,
  approvedBy: waiver.approvedBy ?? null,
  status,
  findings,
})

const baselineData = ({ source, metadata, complete }: SavedReport): Json => ({
  source,
  generatedAt: metadata.generatedAt,
  observedAt: metadata.observedAt,
  cluster: metadata.cluster,
  complete,
})

/** Keys that are there only where such files were given. */
export const gateData = ({ waivers, baseline }: GateResult): { readonly [key: string]: Json } => ({
  ...(waivers === undefined ? {} : { waivers: waivers.map(useData) }),
  ...(baseline === undefined ? {} : { baseline: baselineData(baseline) }),
})

interface Outcome {
  readonly complete: boolean
  readonly failing: number
  readonly failOn: Severity | 'never'
  readonly gate: GateResult
}

function foundInWords(findings: readonly Finding[], { complete, failing, failOn, gate }: Outcome): string {
  const active = findings.filter(({ waived }) => waived === null)
  // "no problems found" is said for exit code 0 alone.
  if (active.length === 0) return complete ? 'no problems found' : 'nothing found in what could be read, and not all could be read'
  const found = countOf(active.length, 'finding')
  if (gate.baseline === undefined) return `${found}, ${failing} at or above ${failOn}`
  const known = active.length - active.filter(isOpen).length
  return `${found}, ${known === active.length ? 'all' : known} known; ${failing} new at or above ${failOn}`
}

export function outcomeInWords(findings: readonly Finding[], outcome: Outcome): string {
  const waived = findings.filter((finding) => finding.waived !== null).length
  return `${foundInWords(findings, outcome)}${waived === 0 ? '' : `; ${waived} waived`}`
}

function cut(sentences: readonly string[], what: string): readonly string[] {
  return sentences.length <= MOST ? sentences : [...sentences.slice(0, MOST), `${what}: ${sentences.length - MOST} more; -o json has all`]
}

export function waiverNotes(uses: readonly WaiverUse[]): readonly string[] {
  const expired = uses.filter(({ status }) => status === 'expired')
  const stale = uses.filter(({ status }) => status === 'stale')
  const became = (findings: number): string =>
    findings === 0 ? 'nothing matches it; remove it' : `${countOf(findings, 'finding')} count${findings === 1 ? 's' : ''} again`
  return [
    ...cut(
      expired.map(
        ({ waiver, findings }) => `expired: ${waiver.source}: the waiver of ${waiver.rule} ended with ${waiver.until}; ${became(findings)}`,
      ),
      'expired',
    ),
    ...cut(
      stale.map(({ waiver }) => `stale: ${waiver.source}: the waiver of ${waiver.rule} matches nothing; remove it`),
      'stale',
    ),
  ]
}

/** Why a finding that somebody may take for known counts as new. */
function* baselineNotes(findings: readonly Finding[], baseline: SavedReport, cluster: string): Generator<string> {
  const { source, metadata, isFleet, evaluated, complete } = baseline
  const names = isFleet ? baseline.metadata.clusters?.map(({ name }) => name) : undefined
  if (names !== undefined && !names.includes(cluster))
    yield `baseline: ${source} is of the clusters ${names.join(', ')} and not of ${cluster}: all its findings count as new`
  if (!isFleet && metadata.cluster !== cluster) yield `baseline: ${source} is of ${metadata.cluster}, this report of ${cluster}`
  if (!complete) yield `baseline: ${source} is incomplete: what it lacks counts as new`
  const worse = findings.flatMap(({ rule, addresses, nodes, severity, confidence, before }) =>
    before === undefined
      ? []
      : [`${rule} ${addresses[0] ?? nodes[0] ?? ''} (${before.severity}, ${before.confidence}; now ${severity}, ${confidence})`],
  )
  yield* cut(
    worse.map((text) => `worse than in the baseline: ${text}`),
    'worse than in the baseline',
  )
  const looked = evaluated && new Set(evaluated.filter((one) => !isFleet || one.cluster === cluster).map(({ rule }) => rule))
  const unseen = looked === undefined ? [] : findings.filter(({ rule, waived, known }) => waived === null && known !== true && !looked.has(rule))
  for (const [rule, group] of groupBy(unseen, ({ rule }) => rule))
    yield `baseline: ${source} did not look for ${rule}: ${countOf(group.length, 'finding')} of it may be old and count${group.length === 1 ? 's' : ''} as new`
}

interface Gated extends Outcome {
  readonly findings: readonly Finding[]
}

/** @param cluster what the run calls it */
export const gateNotes = ({ gate, findings }: Gated, cluster: string): readonly string[] => [
  ...waiverNotes(gate.waivers ?? []),
  ...(gate.baseline === undefined ? [] : baselineNotes(findings, gate.baseline, cluster)),
]
