// What was looked at and what was not, so that silence is not taken for health.
import type { Judgement, Subject } from '../../report/judgement.ts'
import { html, type Markup, type Piece } from './markup.ts'
import { cellMarkup, foldMarkup, gridMarkup } from './tables.ts'

/** Directories of thousands of nodes that were all read need no line each. */
const mostRead = 200
const openRows = 10

const grid = (id: string, title: string, heads: readonly string[], rows: readonly (readonly (string | number | Markup)[])[]): Markup =>
  foldMarkup(
    `${title} (${rows.length})`,
    rows.length > openRows,
    gridMarkup({
      ...{ id, title },
      heads: heads.map((head) => [head, false] as const),
      rows: rows.map((row) => html`<tr>${row.map((cell, place) => cellMarkup(cell, place === 0))}</tr>\n`),
    }),
  )

function sourcesMarkup({ sources }: Subject, id: string): Piece {
  const there = sources.filter(({ status }) => status !== 'absent')
  const broken = there.filter(({ status }) => status !== 'complete')
  const whole = there.filter(({ status }) => status === 'complete')
  if (there.length === 0) return undefined
  const rows = [...broken, ...whole.slice(0, mostRead)].map(({ source, status, read, error }) => [
    source,
    status === 'complete' ? status : html`<span class="badge bad">${status}</span>`,
    read,
    error ?? '',
  ])
  const more = whole.length - mostRead
  return [
    grid(id, 'What was read', ['Source', 'Status', 'Records', 'Error'], rows),
    more > 0 && html`<p class="faint">and ${more} more that were read whole</p>\n`,
  ]
}

function rulesMarkup({ rules }: Subject, id: string): Piece {
  const rows = rules.flatMap(({ rule, evaluated, gaps }) => {
    const reasons = gaps.length === 0 && !evaluated ? [{ reason: 'it had nothing to look at', incomplete: false }] : gaps
    return reasons.map(({ reason, incomplete }) => [
      `${rule.id} ${rule.name}`,
      incomplete ? html`<span class="badge bad">could not be read</span>` : evaluated ? 'in part' : 'not at all',
      reason,
    ])
  })
  const looked = rules.filter(({ evaluated }) => evaluated).length
  return [
    html`<p>${looked} of ${rules.length} rules looked at something.</p>\n`,
    rows.length > 0 && grid(id, 'Not evaluated, which is not the same as passed', ['Rule', 'Left out', 'Reason'], rows),
  ]
}

export function* coverageMarkup({ subjects }: Judgement): Iterable<Markup> {
  yield html`<section><h2>What was looked at</h2>\n`
  for (const [index, subject] of subjects.entries()) {
    const { name, observedAt } = subject
    if (subjects.length > 1) yield html`<h3>${name}</h3>\n`
    if (observedAt !== undefined) yield html`<p>Collected ${observedAt}.</p>\n`
    yield html`${rulesMarkup(subject, `rules-${index}`)}${sourcesMarkup(subject, `sources-${index}`)}`
  }
  yield html`</section>\n`
}
