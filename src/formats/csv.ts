// Rows for a spreadsheet or a database (RFC 4180): the findings of an audit, the nodes of a plan, else the first table.
import type { Finding } from '../model/finding.ts'
import type { Json, Report, Table } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { safe } from './safe.ts'

type Row = readonly string[]

/** A spreadsheet takes text that begins so for a formula, which foreign text must never become: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+@\t\r]|^-(?![\d.])/

function field(text: string): string {
  const visible = safe(text)
  const inert = formula.test(visible) ? `'${visible}` : visible
  return /[",\n\r]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert
}

const line = (row: Row): string => `${row.map(field).join(',')}\n`

/** Several values in one field; none of them holds a blank. */
const joined = (items: readonly string[]): string => items.join(' ')

const findingHeads: Row = [
  ...['rule', 'name', 'severity', 'confidence', 'message', 'domain', 'addresses', 'nodes', 'owners', 'cause', 'fingerprint'],
  ...['waived_until', 'waived_reason', 'steps', 'waived_by', 'known'],
]

const findingRow = (finding: Finding): Row => [
  ...[finding.rule, finding.name, finding.severity, finding.confidence, finding.message, finding.domain],
  ...[joined(finding.addresses), joined(finding.nodes), joined(finding.owners), finding.cause ?? '', finding.fingerprint],
  ...[finding.waived?.until ?? '', finding.waived?.reason ?? '', finding.fix.steps.join('; ')],
  ...[finding.waived?.approvedBy ?? '', finding.known === undefined ? '' : String(finding.known)],
]

interface NodeData {
  readonly name: string
  readonly pool: string
  readonly subnets: readonly string[]
  readonly usable: string
  readonly maxPods: number | null
}

const entriesOf = (report: Report, key: string): Iterable<Json> => {
  const value = report.data[key]
  return typeof value === 'function' ? value() : Array.isArray(value) ? (value as readonly Json[]) : []
}

const nodeHeads: Row = ['node', 'pool', 'subnet', 'subnet_2', 'usable', 'max_pods']

function* nodeRows(report: Report): Generator<Row> {
  for (const entry of entriesOf(report, 'nodes')) {
    const { name, pool, subnets, usable, maxPods } = entry as unknown as NodeData
    yield [name, pool, subnets[0] ?? '', subnets[1] ?? '', usable, maxPods === null ? '' : String(maxPods)]
  }
}

function* tableRows(table: Table | undefined): Generator<Row> {
  if (table === undefined) return
  yield table.columns.map(({ title }) => title.toLowerCase().replaceAll(' ', '_'))
  for (const row of table.rows) yield row.map((cell) => (typeof cell === 'string' ? (cell === '-' ? '' : cell) : cell.label))
}

function* rowsOf(report: Report): Generator<Row> {
  if (report.kind === 'AuditReport') {
    yield findingHeads
    for (const finding of report.findings) yield findingRow(finding)
  } else if (report.kind === 'AddressPlan') {
    yield nodeHeads
    yield* nodeRows(report)
  } else yield* tableRows(report.tables[0])
}

export const csv = defineFormat({
  id: 'csv',
  title: 'CSV: findings of an audit, nodes of a plan',
  *render(report) {
    for (const row of rowsOf(report)) yield line(row)
  },
})
