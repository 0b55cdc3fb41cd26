// A map of addresses: pools as squares, and a list of who has what.
import type { AddressMap, MapGrid } from '../../report/report.ts'
import { drawBox, drawText } from './draw.ts'
import { lineHeight, margin, width } from './theme.ts'

const labelRoom = 150
const square = 24
const gap = 2
const inner = width - 2 * margin

const legend = [
  ['given', 'given'],
  ['part', 'partly given'],
  ['reserved', 'reserved'],
  ['free', 'free'],
] as const

export interface Drawn {
  readonly shapes: readonly string[]
  /** Where the next thing may begin. */
  readonly bottom: number
}

export function drawLegend(top: number): Drawn {
  const shapes = legend.flatMap(([state, text], index) => {
    const x = margin + index * 150
    return [drawBox(x, top, 14, 14, state), drawText(x + 20, top + 11, text, 120, 'faint')]
  })
  return { shapes, bottom: top + 32 }
}

function drawGrid({ title, note, rows }: MapGrid, top: number): Drawn {
  const shapes = [drawText(margin, top + 12, title, inner, 'title'), drawText(margin, top + 12 + lineHeight, note, inner, 'faint')]
  let y = top + 2 * lineHeight + 4
  for (const { label, cells } of rows) {
    shapes.push(drawText(margin, y + 16, label, labelRoom - 10, 'faint'))
    for (const [index, { state, text }] of cells.entries()) {
      shapes.push(drawBox(margin + labelRoom + index * (square + gap), y, square, square - gap, state, text))
    }
    y += square
  }
  return { shapes, bottom: y + 22 }
}

/** Two columns, read downwards, so that three hundred nodes stay one picture. */
function drawHolders({ holders, more }: AddressMap, top: number): Drawn {
  if (holders.length === 0) return { shapes: [], bottom: top }
  const columns = holders.length > 12 ? 2 : 1
  const column = inner / columns
  const perColumn = Math.ceil(holders.length / columns)
  const nameRoom = columns === 1 ? 560 : 190
  const shapes = [drawText(margin, top + 12, 'Nodes', inner, 'title')]
  for (const [index, { name, ranges }] of holders.entries()) {
    const x = margin + Math.floor(index / perColumn) * column
    const y = top + 12 + ((index % perColumn) + 1) * lineHeight
    shapes.push(drawText(x, y, name, nameRoom - 12), drawText(x + nameRoom, y, ranges, column - nameRoom - 12, 'faint'))
  }
  const bottom = top + 12 + perColumn * lineHeight
  if (more === 0) return { shapes, bottom: bottom + 16 }
  return { shapes: [...shapes, drawText(margin, bottom + lineHeight, `and ${more} more nodes`, inner, 'faint')], bottom: bottom + lineHeight + 16 }
}

export function drawMap(map: AddressMap, top: number): Drawn {
  const start = drawLegend(top)
  const shapes = [...start.shapes]
  let bottom = start.bottom
  for (const grid of map.grids) {
    const drawn = drawGrid(grid, bottom)
    shapes.push(...drawn.shapes)
    bottom = drawn.bottom
  }
  const holders = drawHolders(map, bottom)
  return { shapes: [...shapes, ...holders.shapes], bottom: holders.bottom }
}
