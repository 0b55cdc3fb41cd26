// The whole report as text: the outcome first, then tables, findings, what was left out, and the counts last, where a terminal stops scrolling.
import { type Finding, severities } from '../../model/finding.ts'
import type { Report } from '../../report/report.ts'
import type { RenderOptions } from '../define-format.ts'
import { acceptedText } from './accepted-text.ts'
import { findingsText } from './findings-text.ts'
import { fold } from './measure.ts'
import { createPen, type Pen } from './pen.ts'
import { tableText } from './table-text.ts'

function* notesText(notes: readonly string[], pen: Pen): Iterable<string> {
  if (notes.length === 0) return
  yield `\n${pen.paint('heading', pen.text('Notes'))}\n`
  for (const note of notes) {
    let bullet = '- '
    for (const line of fold(pen.text(note), pen.width - bullet.length)) {
      yield `${bullet}${line}\n`
      bullet = '  '
    }
  }
}

function counts(findings: readonly Finding[]): string {
  const open = findings.filter(({ waived }) => waived === null)
  const waived = findings.length - open.length
  const known = open.filter((finding) => finding.known === true).length
  const parts = severities.flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  const total = `${open.length} ${open.length === 1 ? 'finding' : 'findings'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`
  return `${total}${known === 0 ? '' : `; ${known} known`}${waived === 0 ? '' : `; ${waived} waived`}`
}

export function* reportText(report: Report, options: RenderOptions, wide: boolean): Iterable<string> {
  const pen = createPen(options)
  for (const line of fold(pen.text(report.headline), pen.width)) yield `${pen.paint('heading', line)}\n`
  for (const table of report.tables) {
    yield '\n'
    yield* tableText(table, pen, wide)
  }
  yield* findingsText(report.findings, pen, wide)
  if (!wide) yield* acceptedText(report.findings, pen)
  yield* notesText(report.notes, pen)
  if (report.kind === 'AuditReport' || report.kind === 'AddressPlan') yield `\n${pen.text(counts(report.findings))}\n`
}
