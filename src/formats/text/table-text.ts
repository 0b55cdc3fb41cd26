// A table as kubectl draws one: aligned columns without borders. Long tables are streamed.
import type { Cell, Table } from '../../report/report.ts'
import type { SafeText } from '../safe.ts'
import { drawBar } from './bar.ts'
import { type ColumnNeed, type ColumnWidths, chooseWidths, columnGap } from './column-widths.ts'
import { columnsOf, cut, fold, pad } from './measure.ts'
import type { Pen, Style } from './pen.ts'

/** Rows that are measured before the first is written; what is wider further down moves only its own line. */
const measuredRows = 100_000

interface Layout extends ColumnWidths {
  readonly needs: readonly ColumnNeed[]
  /** Places of the shown columns in a row. */
  readonly places: readonly number[]
}

function layOut(table: Table, pen: Pen, wide: boolean): Layout {
  const places = [...table.columns.keys()].filter((place) => wide || table.columns[place]?.wide !== true)
  const columns = places.flatMap((place) => table.columns[place] ?? [])
  const natural = columns.map(({ title }) => columnsOf(pen.text(title)))
  const hasBars = columns.map(() => false)
  let count = 0
  for (const row of table.rows) {
    if (count++ === measuredRows) break
    for (const [index, place] of places.entries()) {
      const cell = row[place] ?? ''
      const isBar = typeof cell !== 'string'
      const width = columnsOf(pen.text(isBar ? cell.label : cell))
      if (isBar && hasBars[index] === false) {
        hasBars[index] = true
        natural[index] = 0 // the title stands above the bar and its label, not above the label alone
      }
      if (width > (natural[index] ?? 0)) natural[index] = width
    }
  }
  const needs = columns.map((column, index) => ({ ...column, natural: natural[index] ?? 0, hasBars: hasBars[index] ?? false }))
  return { needs, places, ...chooseWidths(needs, pen.width) }
}

function styleOf(share: number): Style {
  if (share >= 0.9) return 'full'
  return share >= 0.75 ? 'near' : 'good'
}

const spaces = (count: number): string => ' '.repeat(Math.max(0, count))

function barCell(cell: Exclude<Cell, string>, labelWidth: number, barLength: number, pen: Pen): string {
  const label = pad(pen.text(cell.label), labelWidth, 'right')
  if (barLength === 0) return label
  const { filled, rest } = drawBar(cell.bar, barLength, pen.unicode)
  return `${pen.paint(styleOf(cell.bar), filled)}${pen.paint('faint', rest)} ${label}`
}

/** Cells that wrap stand on as many lines as the longest of them needs. */
function* writeRows(row: readonly Cell[], layout: Layout, pen: Pen): Iterable<string> {
  const folded = layout.places.map((place, index) => {
    const cell = row[place] ?? ''
    return layout.needs[index]?.wraps === true && typeof cell === 'string' ? fold(pen.text(cell), layout.widths[index] ?? 0) : undefined
  })
  yield writeRow(
    row.map((cell, place) => folded[layout.places.indexOf(place)]?.[0] ?? cell),
    layout,
    pen,
  )
  const lines = Math.max(1, ...folded.map((cell) => cell?.length ?? 1))
  for (let line = 1; line < lines; line++) {
    const rest = row.map((_, place): Cell => folded[layout.places.indexOf(place)]?.[line] ?? '')
    yield writeRow(rest, layout, pen)
  }
}

function writeRow(row: readonly Cell[], { needs, places, widths, barLength }: Layout, pen: Pen): string {
  let line = ''
  let owed = 0 // padding is written only when something follows it
  for (const [index, place] of places.entries()) {
    const cell = row[place] ?? ''
    const width = widths[index] ?? 0
    const labelWidth = needs[index]?.natural ?? 0
    line += spaces(owed)
    if (typeof cell === 'string') {
      const text = needs[index]?.align === 'right' ? pad(pen.text(cell), width, 'right') : cut(pen.text(cell), width, pen.ellipsis)
      line += text
      owed = width - columnsOf(text) + columnGap
    } else {
      line += barCell(cell, labelWidth, barLength, pen)
      owed = width - labelWidth - (barLength > 0 ? barLength + 1 : 0) + columnGap
    }
  }
  return `${line.trimEnd()}\n`
}

function header({ needs, widths }: Layout, pen: Pen): string {
  const titles = needs.map(({ title, align }, index) => pad(pen.text(title.toUpperCase()), widths[index] ?? 0, align))
  return `${pen.paint('label', titles.join(spaces(columnGap)).trimEnd() as SafeText)}\n`
}

export function* tableText(table: Table, pen: Pen, wide: boolean): Iterable<string> {
  if (table.title !== '') yield `${pen.paint('heading', pen.text(table.title))}\n`
  if (table.rowCount === 0) {
    yield '  none\n'
    return
  }
  const layout = layOut(table, pen, wide)
  yield header(layout, pen)
  const wraps = layout.needs.some((need) => need.wraps === true)
  for (const row of table.rows) {
    if (wraps) yield* writeRows(row, layout, pen)
    else yield writeRow(row, layout, pen)
  }
}
