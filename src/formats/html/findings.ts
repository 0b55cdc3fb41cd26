// Findings of the page: what is wrong, where, on what evidence, and once for each way to repair what to do.
import { type Finding, isOpen, type Severity, severities } from '../../model/finding.ts'
import { type Group, groupFindings, type Repair, type Section } from '../text/finding-groups.ts'
import { html, type Markup, type Piece } from './markup.ts'

const mostFindings = 1_000
/** Up to this many alike are shown one by one; more are folded. */
const mostAlike = 3
const mostNamed = 10

const classes: Readonly<Record<Severity, string>> = { critical: 'bad', high: 'bad', medium: 'warn', low: 'calm', info: 'calm' }

export const badge = (severity: Severity, text: string = severity): Markup => html`<span class="badge ${classes[severity]}">${text}</span>`

const fact = (label: string, value: Piece): Markup => html`<dt>${label}</dt><dd>${value}</dd>`
const names = (label: string, items: readonly string[]): Markup | undefined => (items.length === 0 ? undefined : fact(label, items.join(', ')))
const list = (items: readonly Piece[]): Markup => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`

function acceptedFact({ waived, known }: Finding): Piece {
  if (waived !== null) {
    const by = waived.approvedBy === undefined ? '' : `, approved by ${waived.approvedBy}`
    return fact('waived', `${waived.reason}${by} (${waived.until === null ? 'without an end' : `until ${waived.until}`})`)
  }
  return known === true && fact('known', 'the baseline has it')
}

function caseMarkup(finding: Finding): Markup {
  const { cluster, message, cause, confidence, domain, addresses, nodes, owners, evidence } = finding
  return html`<div class="case"><p>${message}</p><dl>${[
    acceptedFact(finding),
    cluster !== undefined && fact('cluster', cluster),
    cause !== null && fact('cause', cause),
    confidence !== 'certain' && fact('confidence', confidence),
    domain !== 'default' && fact('domain', domain),
    names(addresses.length === 1 ? 'address' : 'addresses', addresses),
    names(nodes.length === 1 ? 'node' : 'nodes', nodes),
    names(owners.length === 1 ? 'owner' : 'owners', owners),
    evidence.length > 0 && fact('evidence', list(evidence.map(({ source, fact: said }) => html`<code>${source}</code> ${said}`))),
  ]}</dl></div>\n`
}

function groupMarkup(group: Group): Markup {
  const [first, ...rest] = group
  if (group.length <= mostAlike) return html`${group.map(caseMarkup)}`
  const subjects = [...new Set(rest.flatMap(({ addresses, owners }) => (addresses.length > 0 ? addresses : owners)))]
  const more = subjects.length - mostNamed
  const named = subjects.length === 0 ? '' : `: ${subjects.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return html`${caseMarkup(first)}<details><summary>${rest.length} more alike${named}</summary>\n${rest.map(caseMarkup)}</details>\n`
}

/** @param told where each list of steps has been written out already */
function repairMarkup({ playbook, steps, groups }: Repair, rule: string, told: Map<string, string>): Markup {
  const key = JSON.stringify(steps)
  const before = told.get(key)
  if (before === undefined) told.set(key, rule)
  const title = `What to do${playbook === null ? '' : ` (${playbook})`}`
  const fix =
    before === undefined
      ? html`<h4>${title}</h4><ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`
      : html`<h4>${title}: as said under ${before}</h4>`
  return html`${groups.map(groupMarkup)}${steps.length > 0 && fix}`
}

const sectionMarkup = ({ severity, rule, name, count, repairs }: Section, told: Map<string, string>): Markup =>
  html`<article class="finding"><header>${badge(severity)}<h3>${rule} ${name}${count > 1 && ` (${count})`}</h3></header>\n${repairs.map((repair) =>
    repairMarkup(repair, rule, told),
  )}</article>\n`

function* chapter(title: string, findings: readonly Finding[]): Iterable<Markup> {
  if (findings.length === 0) return
  const counts = severities.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
  yield html`<section><h2>${title}</h2>\n<ul class="counts">${counts.map(([severity, count]) => count > 0 && html`<li>${badge(severity, `${count} ${severity}`)}</li>`)}</ul>\n`
  const told = new Map<string, string>()
  for (const section of groupFindings(findings.slice(0, mostFindings))) yield sectionMarkup(section, told)
  if (findings.length > mostFindings) yield html`<p>${findings.length - mostFindings} more; -o json has all.</p>\n`
  yield html`</section>\n`
}

export function* findingsMarkup(findings: readonly Finding[]): Iterable<Markup> {
  yield* chapter('Findings', findings.filter(isOpen))
  yield* chapter(
    'Accepted: waived or known',
    findings.filter((finding) => !isOpen(finding)),
  )
}
