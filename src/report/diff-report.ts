// Two reports held against each other: what is new and what to do about it, what is fixed, and what nobody looked at again.

import type { ChangedPool } from '../gate/compare-pools.ts'
import { type ChangedFinding, type ComparedReports, changes, needsReading } from '../gate/compare-reports.ts'
import type { SavedPool, SavedReport } from '../gate/saved-report.ts'
import type { Finding } from '../model/finding.ts'
import { showTime } from '../model/show-time.ts'
import { countText } from './count-text.ts'
import { diffNotes } from './diff-notes.ts'
import { findingData } from './finding-data.ts'
import type { Cell, Column, Json, Report, Table } from './report.ts'

export interface DiffResult {
  readonly compared: ComparedReports
  readonly pools: readonly ChangedPool[]
  readonly generatedAt: number
  readonly version: string
}

const left = (title: string, rest: Partial<Column> = {}): Column => ({ title, align: 'left', ...rest })
const right = (title: string): Column => ({ title, align: 'right' })

const words = { 'not-looked-at': 'not looked at' } as const
const wordFor = (change: string): string => (words as Readonly<Record<string, string>>)[change] ?? change

const subjectOf = ({ addresses, nodes, owners, fingerprint }: Finding): string =>
  [addresses, nodes, owners].find((list) => list.length > 0)?.join(', ') ?? fingerprint

const sideData = ({ source, metadata, complete }: SavedReport): Json => ({
  ...{ source, cluster: metadata.cluster, generatedAt: metadata.generatedAt, observedAt: metadata.observedAt },
  ...{ version: metadata.tool.version, complete },
})

const changeData = ({ change, finding, before, reason }: ChangedFinding): Json => ({
  change,
  before: before === undefined ? null : { severity: before.severity, confidence: before.confidence },
  reason: reason ?? null,
  finding: findingData(finding),
})

const poolSide = (pool: SavedPool | undefined): Json =>
  pool === undefined ? null : { ranges: [...pool.ranges], capacity: pool.capacity, allocated: pool.allocated, utilization: pool.utilization }

function poolData({ before, after }: ChangedPool): Json {
  const pool = after ?? before
  if (pool === undefined) return null
  const { cluster, system, name, node, domain, family } = pool
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...{ system, name, node: node ?? null, domain, family },
    before: poolSide(before),
    after: poolSide(after),
  }
}

const countsOf = (findings: readonly ChangedFinding[]): readonly (readonly [string, number])[] =>
  changes.map((change) => [change, findings.filter((each) => each.change === change).length] as const)

function severityText({ finding, before }: ChangedFinding): string {
  return before === undefined || before.severity === finding.severity ? finding.severity : `${before.severity} to ${finding.severity}`
}

/** Rows that somebody may still read; the machine formats have all. */
const MOST_ROWS = 1000

function findingTable(findings: readonly ChangedFinding[]): Table {
  const told = findings.filter(({ change }) => change !== 'unchanged')
  const rows = told
    .slice(0, MOST_ROWS)
    .map((each): Cell[] => [
      ...[wordFor(each.change), severityText(each), each.finding.rule, each.finding.name, each.finding.cluster ?? ''],
      ...[
        subjectOf(each.finding),
        each.finding.nodes.join(', '),
        each.finding.message,
        each.reason ?? each.finding.waived?.reason ?? '',
        each.finding.fingerprint,
      ],
    ])
  const columns = [
    ...[
      left('CHANGE'),
      left('SEVERITY'),
      left('RULE'),
      left('NAME'),
      left('CLUSTER', { wide: findings.every(({ finding }) => finding.cluster === undefined) }),
    ],
    ...[
      left('ABOUT', { flexible: true }),
      left('NODES', { flexible: true }),
      left('MESSAGE', { wide: true, flexible: true }),
      left('WHY', { wide: true }),
      left('FINGERPRINT', { wide: true }),
    ],
  ]
  const title = told.length > MOST_ROWS ? `Changes (the first ${MOST_ROWS} of ${told.length}; -o json has all)` : 'Changes'
  return { title, columns, rows, rowCount: rows.length }
}

const percent = (pool: SavedPool | undefined): string => (pool === undefined ? '-' : `${Math.round(pool.utilization * 100)} %`)
const counted = (text: string | undefined): string => (text === undefined ? '-' : countText(BigInt(/^\d+$/.test(text) ? text : 0)))

function poolTable(pools: readonly ChangedPool[]): Table {
  const rows = pools.slice(0, MOST_ROWS).map(({ before, after }): Cell[] => {
    const pool = after ?? before
    return [
      ...[pool?.system ?? '', [pool?.cluster, pool?.node, pool?.name].filter((part) => part != null).join(' '), pool?.ranges.join(',') ?? ''],
      ...[
        counted(before?.allocated),
        counted(after?.allocated),
        percent(before),
        percent(after),
        counted(before?.capacity),
        counted(after?.capacity),
      ],
    ]
  })
  const columns = [
    ...[left('SYSTEM'), left('POOL'), left('RANGES', { flexible: true }), right('ALLOCATED BEFORE'), right('NOW')],
    ...[right('USED BEFORE'), right('NOW'), right('SIZE BEFORE'), right('NOW')],
  ]
  return { title: 'Pools whose usage has changed', columns, rows, rowCount: rows.length }
}

function headlineOf({ compared: { older, newer, findings, failing, failOn } }: DiffResult): string {
  const one = older.metadata.cluster === newer.metadata.cluster
  const from = `${older.metadata.cluster}, ${older.metadata.observedAt}`
  const to = one ? newer.metadata.observedAt : `${newer.metadata.cluster}, ${newer.metadata.observedAt}`
  const counts = countsOf(findings).flatMap(([change, count]) => (count === 0 && change !== 'new' ? [] : [`${count} ${wordFor(change)}`]))
  return `${from} to ${to}: ${counts.join(', ')}; ${failing} failing (--fail-on ${failOn})`
}

function nameOf({ change, finding }: ChangedFinding): string {
  return `${change}/${finding.rule}/${finding.addresses[0] ?? finding.nodes[0] ?? finding.fingerprint}`
}

export function diffReport(result: DiffResult): Report {
  const { older, newer, findings, failing, failOn } = result.compared
  return {
    kind: 'DiffReport',
    data: {
      apiVersion: 'ipam/v1',
      kind: 'DiffReport',
      metadata: {
        tool: { name: 'ipam', version: result.version },
        generatedAt: showTime(result.generatedAt),
        old: sideData(older),
        new: sideData(newer),
      },
      complete: newer.complete,
      summary: { changes: Object.fromEntries(countsOf(findings)), failOn, failing },
      pools: result.pools.map(poolData),
      findings: () => findings.map(changeData),
    },
    headline: headlineOf(result),
    tables: [findingTable(findings), ...(result.pools.length === 0 ? [] : [poolTable(result.pools)])],
    findings: findings.filter(needsReading).map(({ finding, before }) => ({ ...finding, ...(before === undefined ? {} : { before }) })),
    notes: [...diffNotes(result.compared)],
    names: findings.filter(({ change }) => change !== 'unchanged').map(nameOf),
  }
}
