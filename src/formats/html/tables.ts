// Tables of the report, with bars that print.
import type { Cell, Table } from '../../report/report.ts'
import { html, type Markup, type Piece } from './markup.ts'

/** A page of more is read by nobody, and slowly shown. */
const mostRows = 1_000
const openRows = 60

const shade = (share: number): string => (share >= 0.9 ? 'full' : share >= 0.75 ? 'near' : 'given')

/** Something is never drawn as nothing. Rectangles are printed; backgrounds are not. */
function bar({ bar: share, label }: Exclude<Cell, string>): Markup {
  const wide = share <= 0 ? 0 : Math.min(100, Math.max(2, Math.round(share * 100)))
  return html`<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="free" width="100" height="12"/><rect class="${shade(share)}" width="${wide}" height="12"/></svg>${label}`
}

/** A name or a range stays on its line; a long text may be broken anywhere, so that no foreign name makes the table endless. */
const isShort = (text: string): boolean => text.length <= 45

/** Of text, or of markup that must not be broken. */
export function cellMarkup(cell: string | number | Markup, isFirst: boolean, isRight = false): Markup {
  const classes = [...(isRight ? ['right'] : []), ...(typeof cell === 'string' && !isShort(cell) ? [] : ['short'])].join(' ')
  return isFirst ? html`<th scope="row" class="${classes}">${cell}</th>` : html`<td class="${classes}">${cell}</td>`
}

/** Long tables are folded away on a screen, and whole on paper. */
export function foldMarkup(summary: string, isFolded: boolean, content: Piece): Markup {
  return isFolded ? html`<details class="fold"><summary>${summary}</summary>\n${content}</details>\n` : html`${content}`
}

interface Drawn {
  readonly id: string
  readonly title: string
  readonly heads: readonly (readonly [text: string, isRight: boolean])[]
  readonly rows: Iterable<Markup>
}

/** @param id unique in the page */
export const gridMarkup = ({ id, title, heads, rows }: Drawn): Markup =>
  html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table><caption id="${id}">${title}</caption>
<thead><tr>${heads.map(([text, isRight]) => (isRight ? html`<th scope="col" class="right">${text}</th>` : html`<th scope="col">${text}</th>`))}</tr></thead>
<tbody>
${[...rows]}</tbody></table></div>\n`

function* rowsMarkup({ columns, rows }: Table): Iterable<Markup> {
  let shown = 0
  for (const row of rows) {
    if (shown++ === mostRows) break
    const cells = columns.map(({ align }, place) => {
      const cell = row[place] ?? ''
      return typeof cell === 'string' ? cellMarkup(cell, place === 0, align === 'right') : html`<td class="use">${bar(cell)}</td>`
    })
    yield html`<tr>${cells}</tr>\n`
  }
}

export function tableMarkup(table: Table, id: string): Markup {
  const { title, columns, rowCount } = table
  const heads = columns.map((column) => [column.title, column.align === 'right'] as const)
  const grid = gridMarkup({ id, title, heads, rows: rowsMarkup(table) })
  const more = rowCount - mostRows
  return foldMarkup(`${title} (${rowCount})`, rowCount > openRows, [
    grid,
    more > 0 && html`<p class="faint">${more} more rows; -o csv and -o json have all.</p>\n`,
  ])
}
