// Findings for people: what is wrong, where, whose it is, and once per rule what to do.
import type { Finding } from '../../model/finding.ts'
import { type Group, groupFindings, type Repair, type Section } from './finding-groups.ts'
import { fold } from './measure.ts'
import type { Pen } from './pen.ts'

/** Findings that are written out; a longer list belongs into a file. */
const mostFindings = 1_000
/** Up to this many alike are told one by one. */
const mostAlike = 3
const mostExamples = 5

interface Facts {
  readonly label: string
  readonly values: readonly string[]
}

function* prose(text: string, indent: number, pen: Pen, hanging = 0): Iterable<string> {
  let margin = indent
  for (const line of fold(pen.text(text), pen.width - indent - hanging)) {
    yield `${' '.repeat(margin)}${line}\n`
    margin = indent + hanging
  }
}

const labelColumns = 12

function* fact({ label, values }: Facts, pen: Pen): Iterable<string> {
  const indent = 4 + labelColumns
  let head = `    ${pen.paint('label', pen.text(label.padEnd(labelColumns)))}`
  for (const value of values) {
    for (const line of fold(pen.text(value), pen.width - indent)) {
      yield `${head}${line}\n`
      head = ' '.repeat(indent)
    }
  }
}

const listed = (items: readonly string[]): string[] => (items.length === 0 ? [] : [items.join(', ')])

/** What does not speak for itself in the message. */
function factsOf(finding: Finding, wide: boolean): Facts[] {
  return [
    { label: 'cause', values: finding.cause === null ? [] : [finding.cause] },
    { label: 'confidence', values: finding.confidence === 'certain' ? [] : [finding.confidence] },
    { label: 'domain', values: finding.domain === 'default' ? [] : [finding.domain] },
    { label: finding.addresses.length === 1 ? 'address' : 'addresses', values: listed(finding.addresses) },
    { label: finding.nodes.length === 1 ? 'node' : 'nodes', values: listed(finding.nodes) },
    { label: finding.owners.length === 1 ? 'owner' : 'owners', values: listed(finding.owners) },
    { label: 'evidence', values: wide ? finding.evidence.map(({ source, fact: seen }) => `${source}: ${seen}`) : [] },
    { label: 'waived', values: finding.waived === null ? [] : [`until ${finding.waived.until ?? 'further notice'}: ${finding.waived.reason}`] },
  ]
}

function* one(finding: Finding, pen: Pen, wide: boolean): Iterable<string> {
  yield* prose(finding.message, 2, pen)
  for (const each of factsOf(finding, wide)) yield* fact(each, pen)
}

const unique = (items: Iterable<string>): string[] => [...new Set(items)]

/** The subjects that tell the members apart: addresses, else owners. */
function examples(group: Group): Facts {
  const addresses = unique(group.flatMap((finding) => finding.addresses))
  const items = addresses.length > 0 ? addresses : unique(group.flatMap((finding) => finding.owners))
  const rest = items.length - mostExamples
  return {
    label: addresses.length > 0 ? 'addresses' : 'owners',
    values: [...listed(items.slice(0, mostExamples)), ...(rest > 0 ? [`and ${rest} more; -o wide or -o json shows all`] : [])],
  }
}

function* many(group: Group, pen: Pen): Iterable<string> {
  const [first] = group
  const place = first.nodes.length === 0 ? '' : ` on ${first.nodes.join(', ')}`
  yield* prose(`${group.length} alike${place}, such as: ${first.message}`, 2, pen)
  const shared = { ...first, addresses: [], nodes: [], owners: [] }
  for (const each of factsOf(shared, false)) yield* fact(each, pen)
  yield* fact(examples(group), pen)
}

function* steps({ playbook, steps: all }: Repair, pen: Pen): Iterable<string> {
  if (all.length === 0) return
  yield `  ${pen.paint('label', pen.text(playbook === null ? 'What to do' : `What to do (${playbook})`))}\n`
  for (const [index, step] of all.entries()) yield* prose(`${index + 1}. ${step}`, 4, pen, 3)
}

function* section({ severity, rule, name, count, repairs }: Section, pen: Pen, wide: boolean): Iterable<string> {
  const times = count === 1 ? '' : ` (${count})`
  yield `\n${pen.paint(severity, pen.text(severity.toUpperCase()))}  ${pen.paint('heading', pen.text(`${rule} ${name}`))}${times}\n`
  for (const repair of repairs) {
    for (const group of repair.groups) {
      if (wide || group.length <= mostAlike) for (const finding of group) yield* one(finding, pen, wide)
      else yield* many(group, pen)
    }
    yield* steps(repair, pen)
  }
}

export function* findingsText(findings: readonly Finding[], pen: Pen, wide: boolean): Iterable<string> {
  const shown = wide ? findings : findings.filter(({ waived }) => waived === null)
  if (shown.length === 0) return
  yield `\n${pen.paint('heading', pen.text('Findings'))}\n`
  for (const each of groupFindings(shown.slice(0, mostFindings))) yield* section(each, pen, wide)
  if (shown.length > mostFindings) yield `\n${pen.ellipsis} and ${shown.length - mostFindings} more, use -o json\n`
}
