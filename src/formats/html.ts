// One page that needs nothing else: to attach, to print, to read on a phone. No script, nothing is loaded, and the browser is told to hold to that.
import type { Judgement } from '../report/judgement.ts'
import type { Report } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { coverageMarkup } from './html/coverage.ts'
import { findingsMarkup } from './html/findings.ts'
import { type Markup, made, html as markup } from './html/markup.ts'
import { pageStyle } from './html/style.ts'
import { tableMarkup } from './html/tables.ts'
import { incompleteText, unreadSources } from './machine/shortfalls.ts'
import { drawMap } from './picture/map.ts'
import { margin, style, width } from './picture/theme.ts'

const headings: Readonly<Record<string, string>> = {
  AuditReport: 'Address audit',
  AddressPlan: 'Address plan',
  RuleList: 'Rules',
  GeneratedConfiguration: 'Generated configuration',
  Bundle: 'Bundle',
}

const mostUnread = 20

/** The first thing to see: what is not known, then what is wrong. */
function* banners(report: Report, judgement: Judgement | undefined): Iterable<Markup> {
  const isComplete = judgement?.complete ?? report.data['complete'] !== false
  if (!isComplete) {
    const unread = judgement === undefined ? [] : unreadSources(judgement)
    const items = unread
      .slice(0, mostUnread)
      .map(({ subject, text }) => markup`<li>${judgement !== undefined && judgement.subjects.length > 1 && `${subject.name}: `}${text}</li>`)
    const more = unread.length - mostUnread
    yield markup`<div class="banner bad" role="note">${incompleteText}${items.length > 0 && markup`<ul>${items}${more > 0 && markup`<li>and ${more} more</li>`}</ul>`}</div>\n`
  }
  if (judgement === undefined) return
  const failing = judgement.subjects.flatMap(({ findings }) => findings).filter(judgement.isFailing).length
  if (failing > 0)
    yield markup`<div class="banner bad" role="note">${failing} ${failing === 1 ? 'finding' : 'findings'} at or above ${judgement.failOn}</div>\n`
  else if (isComplete && judgement.failOn !== 'never')
    yield markup`<div class="banner good" role="note">Nothing at or above ${judgement.failOn}</div>\n`
}

/** Without the list of holders, which is a table already. */
function mapMarkup({ map }: Report): Markup | undefined {
  const drawn = map?.()
  if (drawn === undefined || drawn.grids.length === 0) return undefined
  const { shapes, bottom } = drawMap({ ...drawn, holders: [], more: 0 }, margin)
  const height = Math.ceil(bottom)
  const label = `Map of ${drawn.grids.map(({ title }) => title).join('; ')}`
  return markup`<section><h2>Map</h2>\n<div class="scroll" role="region" tabindex="0" aria-label="Map"><svg class="map" viewBox="0 0 ${width} ${height}" role="img"><title>${label}</title>${made(shapes.join(''))}</svg></div></section>\n`
}

function* page(report: Report): Iterable<Markup> {
  const judgement = report.judgement?.()
  const heading = headings[report.kind] ?? report.kind
  yield markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>${heading}: ${report.headline}</title>
<style>${made(style)}${made(pageStyle)}</style></head>
<body><main>\n<p class="kind">${heading}</p>\n<h1>${report.headline}</h1>\n`
  yield* banners(report, judgement)
  yield* findingsMarkup(report.findings)
  yield markup`${mapMarkup(report)}`
  const tables = report.tables.filter(({ rowCount }) => rowCount > 0)
  if (tables.length > 0) yield markup`<section><h2>${judgement === undefined ? 'Details' : 'Addresses'}</h2>\n`
  for (const [index, table] of tables.entries()) yield tableMarkup(table, `table-${index}`)
  if (tables.length > 0) yield markup`</section>\n`
  if (report.notes.length > 0) yield markup`<section><h2>Notes</h2>\n<ul>${report.notes.map((note) => markup`<li>${note}</li>`)}</ul></section>\n`
  if (judgement !== undefined) yield* coverageMarkup(judgement)
  yield markup`</main>\n<footer>ipam${judgement !== undefined && ` ${judgement.version}, ${judgement.generatedAt}`}</footer>\n</body></html>\n`
}

export const html = defineFormat({
  id: 'html',
  title: 'one page for a browser, a printer or a mail',
  *render(report) {
    for (const { markup: text } of page(report)) yield text
  },
})
