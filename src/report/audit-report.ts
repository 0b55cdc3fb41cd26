// What an audit found -> the report: the machine envelope of docs/report.md, and tables and sentences for people.
import type { GateResult } from '../gate/gate.ts'
import type { Finding, Severity } from '../model/finding.ts'
import type { Coverage } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeUsage } from '../model/node-usage.ts'
import type { PoolUsage } from '../model/pool-usage.ts'
import { showTime } from '../model/show-time.ts'
import { formatRange } from '../net/index.ts'
import type { NotEvaluated } from '../rules/run-rules.ts'
import { auditJudgement } from './audit-judgement.ts'
import { coverageNotes, notEvaluatedNotes } from './audit-notes.ts'
import { countOf, countText } from './count-text.ts'
import { findingData } from './finding-data.ts'
import { acceptedCounts, gateData, gateNotes, outcomeInWords } from './gate-data.ts'
import type { Cell, Column, Json, Report, Table } from './report.ts'
import type { DescribedRule } from './rule-report.ts'

export interface AuditResult {
  readonly inventory: Inventory
  /** Those that were asked for. */
  readonly rules: readonly DescribedRule[]
  readonly findings: readonly Finding[]
  readonly notEvaluated: readonly NotEvaluated[]
  readonly evaluated: readonly string[]
  readonly pools: readonly PoolUsage[]
  readonly nodes: readonly NodeUsage[]
  readonly complete: boolean
  /** Findings at or above the threshold that are at least likely, not waived and not in the baseline. */
  readonly failing: number
  readonly failOn: Severity | 'never'
  /** Milliseconds. */
  readonly grace: number
  readonly gate: GateResult
  readonly generatedAt: number
  readonly version: string
}

const left = (title: string, rest: Partial<Column> = {}): Column => ({ title, align: 'left', ...rest })
const right = (title: string, rest: Partial<Column> = {}): Column => ({ title, align: 'right', ...rest })
const percent = (share: number): string => `${Math.round(share * 100)} %`

const poolData = ({ pool, ...usage }: PoolUsage) => ({
  system: pool.system,
  name: pool.name,
  node: pool.node ?? null,
  domain: pool.domain,
  family: pool.family,
  ranges: pool.ranges.map(formatRange),
  capacity: usage.capacity.toString(),
  reserved: usage.reserved.toString(),
  allocated: usage.allocated.toString(),
  available: usage.available.toString(),
  utilization: usage.utilization,
  certainty: pool.certainty,
  source: pool.origin,
})

const nodeData = (node: NodeUsage) => ({
  name: node.name,
  ranges: node.ranges.map(formatRange),
  capacity: node.capacity.toString(),
  allocated: node.allocated.toString(),
  available: node.available.toString(),
  utilization: share(node),
  maxPods: node.maxPods ?? null,
  pods: node.pods,
})

/** Four decimals, as everywhere in the report. */
const share = ({ allocated, capacity }: NodeUsage): number => (capacity === 0n ? 0 : Number((allocated * 10_000n) / capacity) / 10_000)

const coverageData = ({ source, status, read, error }: Coverage): Json => ({ source, status, read, error })

function summaryOf(result: AuditResult): { readonly [key: string]: Json } {
  return {
    ...acceptedCounts(result.findings),
    failOn: result.failOn,
    failing: result.failing,
    rulesEvaluated: result.evaluated.length,
  }
}

/** Rows that somebody may still read; the fullest come first, and the machine formats have all. */
const MOST_ROWS = 1000

function cutTable(title: string, columns: readonly Column[], rows: readonly Cell[][]): Table {
  const shown = rows.slice(0, MOST_ROWS)
  return {
    title: shown.length < rows.length ? `${title} (the fullest ${MOST_ROWS} of ${rows.length}; -o json has all)` : title,
    columns,
    rows: shown,
    rowCount: shown.length,
  }
}

function poolTable(pools: readonly PoolUsage[]): Table {
  // A node's own host-local pools repeat the table of nodes; they are in `wide` order there and in the JSON.
  const shown = pools.filter(({ pool }) => pool.node === undefined)
  const rows = shown
    .toSorted((a, b) => b.utilization - a.utilization)
    .map(({ pool, ...usage }): Cell[] => [
      pool.system,
      pool.certainty === 'inferred' ? `${pool.name} (guess)` : pool.name,
      pool.ranges.map(formatRange).join(','),
      { bar: usage.utilization, label: percent(usage.utilization) },
      countText(usage.allocated),
      countText(usage.available),
      countText(usage.capacity),
      pool.domain,
      pool.origin,
    ])
  const columns = [
    left('SYSTEM'),
    left('POOL'),
    left('RANGES', { flexible: true }),
    left('USED'),
    right('ALLOCATED'),
    right('FREE'),
    right('SIZE'),
    left('DOMAIN', { wide: true }),
    left('SOURCE', { wide: true, flexible: true }),
  ]
  return cutTable('Pools', columns, rows)
}

function nodeTable(nodes: readonly NodeUsage[]): Table {
  const rows = nodes
    .toSorted((a, b) => share(b) - share(a))
    .map((node): Cell[] => [
      node.name,
      node.ranges.map(formatRange).join(',') || '-',
      { bar: share(node), label: percent(share(node)) },
      countText(node.allocated),
      countText(node.available),
      countText(node.capacity),
      node.pods.toString(),
      node.maxPods?.toString() ?? '-',
    ])
  const columns = [
    left('NODE'),
    left('RANGES', { flexible: true }),
    left('USED'),
    right('ALLOCATED'),
    right('FREE'),
    right('SIZE'),
    right('PODS', { wide: true }),
    right('MAX PODS', { wide: true }),
  ]
  return cutTable('Nodes', columns, rows)
}

function headlineOf(result: AuditResult): string {
  const { inventory } = result
  const { cluster, mode } = inventory
  const counts = [countOf(inventory.nodes.length, 'node'), countOf(inventory.pods.length, 'pod'), countOf(inventory.services.length, 'Service')]
  // A node's own directory holds neither pods nor nodes and is a whole input all the same.
  const by = mode === 'unknown' ? 'who hands out addresses is not known' : `addresses by ${mode}`
  const looked = `${cluster}: ${counts.join(', ')}; ${by}`
  return `${looked}; ${outcomeInWords(result.findings, result)}`
}

const notesOf = (result: AuditResult, cluster: string): string[] => [
  ...gateNotes(result, cluster),
  ...notEvaluatedNotes(result.notEvaluated, result.evaluated),
  ...coverageNotes(result.inventory.coverage),
  ...(result.complete ? [] : ['INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing']),
]

export const nameOf = (finding: Finding): string => `finding/${finding.rule}/${finding.addresses[0] ?? finding.nodes[0] ?? finding.fingerprint}`

/** @param cluster what the run calls it */
export function auditReport(result: AuditResult, cluster = result.inventory.cluster): Report {
  const { inventory } = result
  return {
    kind: 'AuditReport',
    data: {
      apiVersion: 'ipam/v1',
      kind: 'AuditReport',
      metadata: {
        tool: { name: 'ipam', version: result.version },
        generatedAt: showTime(result.generatedAt),
        observedAt: showTime(inventory.observedAt),
        graceSeconds: result.grace / 1000,
        cluster: inventory.cluster,
        systems: [...inventory.systems],
        mode: inventory.mode,
        modeSignals: inventory.signals.map(({ mode, fact, origin }) => ({ mode, fact, source: origin })),
      },
      complete: result.complete,
      coverage: inventory.coverage.map(coverageData),
      notEvaluated: result.notEvaluated.map(({ rule, reason }) => ({ rule, reason })),
      evaluated: result.evaluated.map((rule) => ({ rule })),
      summary: summaryOf(result),
      ...gateData(result.gate),
      pools: result.pools.map(poolData),
      nodes: () => result.nodes.map(nodeData),
      findings: () => result.findings.map(findingData),
    },
    headline: headlineOf(result),
    tables: [poolTable(result.pools), nodeTable(result.nodes)].filter((table) => table.rowCount > 0),
    findings: result.findings,
    notes: notesOf(result, cluster),
    names: result.findings.filter(({ waived }) => waived === null).map(nameOf),
    judgement: () => auditJudgement(result, { pools: result.pools.map(poolData), nodes: result.nodes.map(nodeData) }),
  }
}
