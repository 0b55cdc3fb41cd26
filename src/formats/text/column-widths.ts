// Decides how wide each column of a table may be, so that it fits the terminal without cutting numbers.
import type { Column } from '../../report/report.ts'
import { barLengths } from './bar.ts'

export const columnGap = 2

/** Columns of text by which a name can still be told, and what must do where even that is too much. */
const enoughText = 12
const leastText = 8

/** What a column needs. */
export interface ColumnNeed extends Column {
  /** Width of the widest cell or of the title; for bars, of the widest label. */
  readonly natural: number
  readonly hasBars: boolean
}

export interface ColumnWidths {
  readonly widths: readonly number[]
  readonly barLength: number
}

function widthsWith(needs: readonly ColumnNeed[], barLength: number): number[] {
  return needs.map(({ natural, hasBars, title }) => Math.max(title.length, natural + (hasBars && barLength > 0 ? barLength + 1 : 0)))
}

const totalOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0) + columnGap * (widths.length - 1)

/** Takes from the widest of the columns that may be cut until the table fits or none can give more. */
function shrink(widths: number[], needs: readonly ColumnNeed[], mayCut: (need: ColumnNeed) => boolean, least: number, available: number): void {
  for (let excess = totalOf(widths) - available; excess > 0; excess--) {
    const room = needs.map((need, index) => {
      const width = widths[index] ?? 0
      return mayCut(need) && width > Math.max(least, need.title.length) ? width : 0
    })
    const widest = room.indexOf(Math.max(...room))
    if ((room[widest] ?? 0) === 0) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}

/**
 * Bars get shorter first, then flexible columns are cut, then bars go, then other text is cut.
 * Right-aligned columns hold numbers and are never cut: rather is the line too long.
 */
export function chooseWidths(needs: readonly ColumnNeed[], available: number): ColumnWidths {
  for (const barLength of barLengths) {
    const widths = widthsWith(needs, barLength)
    if (barLength !== barLengths[0]) shrink(widths, needs, ({ flexible }) => flexible === true, enoughText, available)
    if (totalOf(widths) <= available) return { widths, barLength }
  }
  const widths = widthsWith(needs, 0)
  shrink(widths, needs, ({ flexible }) => flexible === true, enoughText, available)
  shrink(widths, needs, ({ align, hasBars }) => align === 'left' && !hasBars, leastText, available)
  return { widths, barLength: 0 }
}
