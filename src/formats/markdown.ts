// For a pull request or a ticket: GitHub's Markdown, short enough for a comment.
import { type Finding, isOpen, severities } from '../model/finding.ts'
import type { Cell, Report, Table } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { safe } from './safe.ts'

/** A comment holds 65,536 characters. */
const mostRows = 200
const mostFindings = 100
/** Longer tables are folded away. */
const openRows = 20

/**
 * Text that stays text: no markup, no HTML, no table border. A comment after `@` keeps GitHub from calling people.
 * Backslash escapes: https://github.github.com/gfm/#backslash-escapes
 */
function plain(text: string): string {
  return safe(text)
    .replace(/[\\`*_[\]<>|~#&!$]/g, '\\$&')
    .replace(/^([-+]|\d+[.)])(?=\s)/, '\\$1')
    .replaceAll('@', '@<!-- -->')
}

const barLength = 10

/** The share in whole squares, as a table in a browser has no eighths. */
function cellText(cell: Cell): string {
  if (typeof cell === 'string') return plain(cell)
  const filled = cell.bar <= 0 ? 0 : cell.bar >= 1 ? barLength : Math.min(barLength - 1, Math.max(1, Math.round(cell.bar * barLength)))
  return `${'▰'.repeat(filled)}${'▱'.repeat(barLength - filled)} ${plain(cell.label)}`
}

function* tableText({ title, columns, rows, rowCount }: Table): Iterable<string> {
  const isFolded = rowCount > openRows
  yield isFolded ? `\n<details><summary><b>${plain(title)}</b> (${rowCount})</summary>\n\n` : `\n### ${plain(title)}\n\n`
  const places = [...columns.keys()].filter((place) => columns[place]?.wide !== true)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  yield line(places.map((place) => plain(columns[place]?.title ?? '')))
  yield line(places.map((place) => (columns[place]?.align === 'right' ? '---:' : '---')))
  let shown = 0
  for (const row of rows) {
    if (shown++ === mostRows) break
    yield line(places.map((place) => cellText(row[place] ?? '')))
  }
  if (rowCount > mostRows) yield `\n${rowCount - mostRows} more; \`-o json\` and \`-o csv\` have all.\n`
  if (isFolded) yield '\n</details>\n'
}

const marks = { critical: '🔴', high: '🔴', medium: '🟠', low: '🟡', info: '⚪' } as const

function* findingText(finding: Finding, unicode: boolean): Iterable<string> {
  const { severity, rule, name, message, waived, known, nodes, fix, confidence } = finding
  const doubt = confidence === 'certain' ? '' : `, ${confidence}`
  const accepted = waived === null ? (known === true ? ' _(known: the baseline has it)_' : '') : ` _(waived: ${plain(waived.reason)})_`
  yield `- ${unicode ? `${marks[severity]} ` : ''}**${severity}**${doubt} \`${rule}\` ${plain(name)}: ${plain(message)}${accepted}\n`
  if (nodes.length > 0) yield `  - on ${nodes.slice(0, 10).map(plain).join(', ')}${nodes.length > 10 ? ` and ${nodes.length - 10} more` : ''}\n`
  if (isOpen(finding)) for (const step of fix.steps.slice(0, 5)) yield `  - [ ] ${plain(step)}\n`
}

function* findingsText(all: readonly Finding[], unicode: boolean): Iterable<string> {
  const findings = all.filter(isOpen)
  if (findings.length > 0) yield* openText(findings, unicode)
  const accepted = all.filter((finding) => !isOpen(finding))
  if (accepted.length === 0) return
  const waived = accepted.filter((finding) => finding.waived !== null).length
  const counts = [...(waived === 0 ? [] : [`${waived} waived`]), ...(waived === accepted.length ? [] : [`${accepted.length - waived} known`])]
  yield `\n<details><summary><b>Accepted</b> (${counts.join(', ')})</summary>\n\n`
  for (const finding of accepted.slice(0, mostFindings)) yield* findingText(finding, unicode)
  if (accepted.length > mostFindings) yield `\n${accepted.length - mostFindings} more; \`-o json\` has all.\n`
  yield '\n</details>\n'
}

function* openText(findings: readonly Finding[], unicode: boolean): Iterable<string> {
  const counts = severities.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
  const summary = counts.flatMap(([severity, number]) => (number === 0 ? [] : [`${number} ${severity}`])).join(', ')
  yield `\n### Findings (${summary})\n\n`
  const worst = severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  for (const finding of worst.slice(0, mostFindings)) yield* findingText(finding, unicode)
  if (worst.length > mostFindings) yield `\n${worst.length - mostFindings} more; \`-o json\` has all.\n`
}

const headings = {
  AuditReport: 'Address audit',
  Explanation: 'Explanation',
  AddressPlan: 'Address plan',
  RuleList: 'Rules',
  GeneratedConfiguration: 'Generated configuration',
  Bundle: 'Bundle',
} as const

function* reportText(report: Report, unicode: boolean): Iterable<string> {
  yield `## ${(headings as Readonly<Record<string, string>>)[report.kind] ?? report.kind}\n\n${plain(report.headline)}\n`
  yield* findingsText(report.findings, unicode)
  for (const table of report.tables) yield* tableText(table)
  if (report.notes.length > 0) yield `\n### Notes\n\n${report.notes.map((note) => `- ${plain(note)}\n`).join('')}`
}

export const markdown = defineFormat({
  id: 'markdown',
  title: 'Markdown for a pull request',
  render: (report, { unicode }) => reportText(report, unicode),
})
