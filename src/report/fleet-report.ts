// What an audit of several clusters found: one envelope in which every record carries the name of its cluster.
import type { GateResult } from '../gate/gate.ts'
import type { Finding, Severity } from '../model/finding.ts'
import { showTime } from '../model/show-time.ts'
import { fleetJudgement } from './audit-judgement.ts'
import { type AuditResult, auditReport } from './audit-report.ts'
import { acceptedCounts, gateData, outcomeInWords, waiverNotes } from './gate-data.ts'
import type { Json, Report, ReportData, Table } from './report.ts'

/** Either its audit, or why there is none. */
export interface FleetMember {
  readonly name: string
  readonly result?: AuditResult
  readonly failure?: string
}

export interface FleetResult {
  readonly members: readonly FleetMember[]
  readonly complete: boolean
  readonly failing: number
  readonly failOn: Severity | 'never'
  readonly gate: GateResult
  readonly generatedAt: number
  readonly version: string
}

interface Part {
  readonly name: string
  readonly result: AuditResult
  readonly report: Report
}

const INCOMPLETE = /^INCOMPLETE\b/

export function fleetReport(fleet: FleetResult): Report {
  const parts = fleet.members.flatMap(({ name, result }): Part[] => (result === undefined ? [] : [{ name, result, report: reportOf(name, result) }]))
  const lost = fleet.members.flatMap(({ name, failure }) => (failure === undefined ? [] : [{ name, failure }]))
  const findings = parts.flatMap(({ report }) => report.findings)
  return {
    kind: 'AuditReport',
    data: {
      apiVersion: 'ipam/v1',
      kind: 'AuditReport',
      metadata: metadataOf(fleet, parts),
      complete: fleet.complete,
      coverage: [
        ...parts.flatMap((part) => records(part, 'coverage')),
        ...lost.map(({ name, failure }): Json => ({ cluster: name, source: 'cluster', status: 'failed', read: 0, error: failure })),
      ],
      notEvaluated: parts.flatMap((part) => records(part, 'notEvaluated')),
      evaluated: parts.flatMap((part) => records(part, 'evaluated')),
      summary: summaryOf(fleet, parts),
      ...gateData(fleet.gate),
      pools: parts.flatMap((part) => records(part, 'pools')),
      nodes: () => parts.flatMap((part) => records(part, 'nodes')),
      findings: () => parts.flatMap((part) => records(part, 'findings')),
    },
    headline: headlineOf(fleet, findings),
    tables: parts.flatMap(({ name, report }) => report.tables.map((table): Table => ({ ...table, title: `${table.title} of ${name}` }))),
    findings,
    notes: [
      ...waiverNotes(fleet.gate.waivers ?? []),
      ...parts.flatMap(({ name, report }) => [
        `${name}: ${outcomeOf(report)}`,
        ...report.notes.filter((note) => !INCOMPLETE.test(note)).map((note) => `${name}: ${note}`),
      ]),
      ...lost.map(({ name, failure }) => `failed: ${name}: ${failure}`),
      ...(fleet.complete ? [] : ['INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing']),
    ],
    names: parts.flatMap(({ report }) => [...report.names]),
    judgement: () => fleetJudgement(fleet, new Map(parts.flatMap(({ name, report: { judgement } }) => (judgement ? [[name, judgement()]] : [])))),
  }
}

/** Waivers speak of all clusters and are told of once. */
const reportOf = (name: string, result: AuditResult): Report => auditReport({ ...result, gate: { ...result.gate, waivers: undefined } }, name)

/** Without the words that are kept for a run in which everything is well. */
const outcomeOf = ({ headline }: Report): string =>
  headline.slice(headline.indexOf(': ') + 2).replace(/; no problems found(?=$|;)/, '; nothing found')

/** Of one key of a cluster's own report, each with the cluster's name. */
function records({ name, report }: Part, key: string): Json[] {
  const value: ReportData[string] | undefined = report.data[key]
  const list = typeof value === 'function' ? [...value()] : Array.isArray(value) ? (value as readonly Json[]) : []
  return list.map((record) => ({ cluster: name, ...(record as { readonly [key: string]: Json }) }))
}

function metadataOf(fleet: FleetResult, parts: readonly Part[]): { readonly [key: string]: Json } {
  const results = parts.map(({ result }) => result)
  const modes = new Set(results.map(({ inventory }) => inventory.mode))
  return {
    tool: { name: 'ipam', version: fleet.version },
    generatedAt: showTime(fleet.generatedAt),
    observedAt: showTime(Math.min(...results.map(({ inventory }) => inventory.observedAt))),
    graceSeconds: Math.max(...results.map(({ grace }) => grace)) / 1000,
    cluster: fleet.members.map(({ name }) => name).join(', '),
    systems: [...new Set(results.flatMap(({ inventory }) => inventory.systems))].sort(),
    mode: modes.size === 1 ? ([...modes][0] ?? 'unknown') : 'several',
    modeSignals: parts.flatMap(({ name, result }) =>
      result.inventory.signals.map(({ mode, fact, origin }) => ({ cluster: name, mode, fact, source: origin })),
    ),
    clusters: fleet.members.map(({ name, result }) => ({
      name,
      observedAt: result === undefined ? null : showTime(result.inventory.observedAt),
      systems: result === undefined ? [] : [...result.inventory.systems],
      mode: result?.inventory.mode ?? null,
      complete: result?.complete ?? false,
    })),
  }
}

function summaryOf(fleet: FleetResult, parts: readonly Part[]): { readonly [key: string]: Json } {
  return {
    ...acceptedCounts(parts.flatMap(({ result }) => result.findings)),
    failOn: fleet.failOn,
    failing: fleet.failing,
    rulesEvaluated: new Set(parts.flatMap(({ result }) => result.evaluated)).size,
  }
}

function headlineOf(fleet: FleetResult, findings: readonly Finding[]): string {
  const unread = fleet.members.filter(({ result }) => result === undefined).length
  const looked = `${fleet.members.length} clusters${unread === 0 ? '' : `, ${unread} of them could not be read`}`
  return `${looked}; ${outcomeInWords(findings, fleet)}`
}
