// Tables of the report, with bars that print.
import type { Cell, Column, Table } from '../../report/report.ts'
import { html, type Markup } from './markup.ts'

/** A page of more is read by nobody, and slowly shown. */
const mostRows = 1_000

const shade = (share: number): string => (share >= 0.9 ? 'full' : share >= 0.75 ? 'near' : 'given')

/** Something is never drawn as nothing. Rectangles are printed; backgrounds are not. */
function bar({ bar: share, label }: Exclude<Cell, string>): Markup {
  const wide = share <= 0 ? 0 : Math.min(100, Math.max(2, Math.round(share * 100)))
  return html`<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="free" width="100" height="12"/><rect class="${shade(share)}" width="${wide}" height="12"/></svg>${label}`
}

function cellMarkup(cell: Cell, column: Column, isFirst: boolean): Markup {
  if (typeof cell !== 'string') return html`<td class="use">${bar(cell)}</td>`
  if (isFirst) return html`<th scope="row">${cell}</th>`
  return column.align === 'right' ? html`<td class="right">${cell}</td>` : html`<td>${cell}</td>`
}

/** @param id unique in the page */
export function* tableMarkup({ title, columns, rows, rowCount }: Table, id: string): Iterable<Markup> {
  yield html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table><caption id="${id}">${title}</caption>\n`
  const heads = columns.map((column) =>
    column.align === 'right' ? html`<th scope="col" class="right">${column.title}</th>` : html`<th scope="col">${column.title}</th>`,
  )
  yield html`<thead><tr>${heads}</tr></thead>\n<tbody>\n`
  let shown = 0
  for (const row of rows) {
    if (shown++ === mostRows) break
    yield html`<tr>${columns.map((column, place) => cellMarkup(row[place] ?? '', column, place === 0))}</tr>\n`
  }
  yield html`</tbody></table></div>\n`
  if (rowCount > mostRows) yield html`<p class="faint">${rowCount - mostRows} more rows; -o csv and -o json have all.</p>\n`
}
