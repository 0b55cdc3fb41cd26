// An explanation -> the report: the verdict first, then source by source, ranges, findings, and what could not be looked at.
import type { Explanation, Holder, RangeRow } from '../explain/explanation.ts'
import { type Finding, severities } from '../model/finding.ts'
import type { Time } from '../model/inventory.ts'
import { showTime } from '../model/show-time.ts'
import { formatAddress, formatRange } from '../net/index.ts'
import { notEvaluatedNotes } from './audit-notes.ts'
import type { AuditResult } from './audit-report.ts'
import { explanationTables } from './explanation-tables.ts'
import { findingData } from './finding-data.ts'
import type { Json, Report } from './report.ts'

/** Classes of rules whose silence would say something of the subject. */
const CLASSES = {
  address: /^(?:DUP|LEAK|DRF)-/,
  range: /^(?:DUP|LEAK|OVL|DRF)-/,
  pod: /^(?:DUP|LEAK|DRF|CAP-402)/,
  node: /^(?:DUP|LEAK|DRF|CAP|CFG)-/,
} as const

const time = (at: Time | undefined): string | null => (at === undefined ? null : showTime(at))

const holderData = (holder: Holder | undefined): Json =>
  holder === undefined ? null : { kind: holder.kind, id: holder.id, node: holder.node ?? null }

/** Four decimals, as everywhere in the report. */
const shareOf = ({ capacity, allocated }: { readonly capacity: bigint; readonly allocated: bigint }): number =>
  capacity === 0n ? 0 : Number((allocated * 10_000n) / capacity) / 10_000

const rangeData = ({ kind, system, name, node, range, usage, note, origin }: RangeRow): Json => ({
  ...{ kind, system, name, node: node ?? null, range: formatRange(range) },
  capacity: usage?.capacity.toString() ?? null,
  allocated: usage?.allocated.toString() ?? null,
  available: usage?.available.toString() ?? null,
  utilization: usage === undefined ? null : shareOf(usage),
  ...{ note, source: origin },
})

function dataOf(explanation: Explanation, result: AuditResult, failing: number): Report['data'] {
  const { subject, name, note, verdict, findings } = explanation
  const { inventory } = result
  const open = findings.filter(({ waived }) => waived === null)
  return {
    apiVersion: 'ipam/v1',
    kind: 'Explanation',
    metadata: {
      tool: { name: 'ipam', version: result.version },
      generatedAt: showTime(result.generatedAt),
      observedAt: showTime(inventory.observedAt),
      cluster: inventory.cluster,
      systems: [...inventory.systems],
      mode: inventory.mode,
    },
    subject: { kind: subject.kind, name, note: note ?? null },
    verdict: { ...verdict },
    complete: result.complete,
    summary: {
      findings: Object.fromEntries(severities.map((severity) => [severity, open.filter((finding) => finding.severity === severity).length])),
      ...{ waived: findings.length - open.length, failOn: result.failOn, failing },
    },
    sources: explanation.sources.map(({ source, status, says, holder, address, origin, recordedAt }) => ({
      ...{ source, status, says, holder: holderData(holder), address: address === undefined ? null : formatAddress(address) },
      ...{ origin: origin ?? null, recordedAt: time(recordedAt) },
    })),
    why: explanation.why.map(({ what, origin }) => ({ what, source: origin ?? null })),
    ranges: explanation.ranges.map(rangeData),
    addresses: () =>
      explanation.addresses.map(({ address, state, holder, node, since, origin }) => ({
        ...{ address: formatAddress(address), state, holder, node: node ?? null, since: time(since), source: origin },
      })),
    findings: () => findings.map(findingData),
    around: () => explanation.around.map(findingData),
    coverage: inventory.coverage.map(({ source, status, read, error }) => ({ source, status, read, error })),
    notEvaluated: result.notEvaluated.map(({ rule, reason }) => ({ rule, reason })),
  }
}

const MOST_AROUND = 10

function* notesOf({ note, subject, findings, around }: Explanation, result: AuditResult): Generator<string> {
  if (note !== undefined) yield note
  if (findings.length === 0) yield `no finding concerns it${result.complete ? '' : ' in what could be read'}`
  for (const { severity, rule, name, message } of around.slice(0, MOST_AROUND)) yield `of a range around it: ${severity} ${rule} ${name}: ${message}`
  if (around.length > MOST_AROUND) yield `of ranges around it: ${around.length - MOST_AROUND} more findings; -o json has all`
  const relevant = result.notEvaluated.filter(({ rule }) => CLASSES[subject.kind].test(rule))
  yield* [...notEvaluatedNotes(relevant, result.evaluated)].filter((line) => !line.startsWith('does not apply'))
  if (!result.complete) yield 'INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing'
}

/** @param failing which of its findings make the run fail */
export function explanationReport(explanation: Explanation, result: AuditResult, failing: readonly Finding[]): Report {
  const { name, findings, sources } = explanation
  const holders = sources.flatMap(({ holder }) => (holder === undefined || holder.kind === 'unknown' ? [] : [`${holder.kind}/${holder.id}`]))
  return {
    kind: 'Explanation',
    data: dataOf(explanation, result, failing.length),
    headline: explanation.verdict.text,
    tables: explanationTables(explanation),
    findings,
    notes: [...notesOf(explanation, result)],
    names: [
      ...new Set([
        name.includes('/') && !/^[\d:]/.test(name) ? name : `address/${name}`,
        ...holders,
        ...findings.map(({ rule }) => `finding/${rule}/${name}`),
      ]),
    ],
  }
}
