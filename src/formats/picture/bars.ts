// Tables with bars as a picture: what is how full, where there is no map.
import type { Table } from '../../report/report.ts'
import { drawBox, drawText } from './draw.ts'
import type { Drawn } from './map.ts'
import { lineHeight, margin, width } from './theme.ts'

const mostRows = 300
const nameRoom = 420
const barRoom = 360
const inner = width - 2 * margin

function drawTable({ title, rows, rowCount }: Table, top: number): Drawn {
  const shapes = [drawText(margin, top + 12, title, inner, 'title')]
  let y = top + 12
  let shown = 0
  for (const row of rows) {
    if (shown++ === mostRows) break
    const place = row.findIndex((cell) => typeof cell !== 'string')
    const cell = row[place]
    if (cell === undefined || typeof cell === 'string') continue
    y += lineHeight
    const share = Math.max(0, Math.min(1, cell.bar))
    shapes.push(drawText(margin, y, row.slice(0, place).join('  '), nameRoom - 12))
    shapes.push(drawBox(margin + nameRoom, y - 11, barRoom, 13, 'free'))
    if (share > 0) shapes.push(drawBox(margin + nameRoom, y - 11, Math.max(2, Math.round(share * barRoom)), 13, share >= 0.9 ? 'reserved' : 'given'))
    shapes.push(drawText(margin + nameRoom + barRoom + 12, y, cell.label, inner - nameRoom - barRoom - 12, 'faint'))
  }
  if (rowCount <= mostRows) return { shapes, bottom: y + 26 }
  return { shapes: [...shapes, drawText(margin, y + lineHeight, `and ${rowCount - mostRows} more`, inner, 'faint')], bottom: y + lineHeight + 26 }
}

const hasBars = ({ rows }: Table): boolean => {
  for (const row of rows) return row.some((cell) => typeof cell !== 'string')
  return false
}

/** Tables without a bar are left to the other formats. */
export function drawBars(tables: readonly Table[], top: number): Drawn {
  const shapes: string[] = []
  let bottom = top
  for (const table of tables.filter(hasBars)) {
    const drawn = drawTable(table, bottom)
    shapes.push(...drawn.shapes)
    bottom = drawn.bottom
  }
  return { shapes, bottom }
}
