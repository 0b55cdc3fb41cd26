// Findings for people: what is wrong, where, whose it is, and once for each way to repair what to do.
import { type Finding, isOpen } from '../../model/finding.ts'
import { type Fact, factsOf, groupFacts } from './finding-facts.ts'
import { type Group, groupFindings, type Repair, type Section } from './finding-groups.ts'
import { fold } from './measure.ts'
import type { Pen } from './pen.ts'

/** Findings that are written out; a longer list belongs into a file. */
const mostFindings = 1_000
/** Up to this many alike are told one by one. */
const mostAlike = 3
const labelColumns = 12

/** Lines of which the second and later ones stand further to the right. */
function* prose(text: string, indent: number, hanging: number, pen: Pen): Iterable<string> {
  let margin = indent
  for (const line of fold(pen.text(text), pen.width - indent - hanging, pen.width - indent)) {
    yield `${' '.repeat(margin)}${line}\n`
    margin = indent + hanging
  }
}

function* factLines({ label, values }: Fact, pen: Pen): Iterable<string> {
  const indent = 4 + labelColumns
  let head = `    ${pen.paint('label', pen.text(label.padEnd(labelColumns)))}`
  for (const value of values) {
    for (const line of fold(pen.text(value), pen.width - indent)) {
      yield `${head}${line}\n`
      head = ' '.repeat(indent)
    }
  }
}

function* entry(message: string, facts: readonly Fact[], pen: Pen): Iterable<string> {
  yield* prose(message, 2, 2, pen)
  for (const fact of facts) yield* factLines(fact, pen)
}

function* groupText(group: Group, pen: Pen, wide: boolean): Iterable<string> {
  const [first] = group
  if (wide || group.length <= mostAlike) {
    for (const finding of group) yield* entry(finding.message, factsOf(finding, wide), pen)
    return
  }
  const place = first.nodes.length === 0 ? '' : ` on ${first.nodes.join(', ')}`
  yield* entry(`${group.length} alike${place}, such as: ${first.message}`, groupFacts(group), pen)
}

/** @param told where each list of steps has been written out already */
function* repairText({ playbook, steps }: Repair, rule: string, told: Map<string, string>, pen: Pen): Iterable<string> {
  if (steps.length === 0) return
  const key = JSON.stringify(steps)
  const before = told.get(key)
  const title = `What to do${playbook === null ? '' : ` (${playbook})`}${before === undefined ? '' : `: as said under ${before}`}`
  yield `  ${pen.paint('label', pen.text(title))}\n`
  if (before !== undefined) return
  told.set(key, rule)
  for (const [index, step] of steps.entries()) yield* prose(`${index + 1}. ${step}`, 4, 3, pen)
}

function* sectionText({ severity, rule, name, count, repairs }: Section, told: Map<string, string>, pen: Pen, wide: boolean): Iterable<string> {
  const times = count === 1 ? '' : ` (${count})`
  yield `\n${pen.paint(severity, pen.text(severity.toUpperCase()))}  ${pen.paint('heading', pen.text(`${rule} ${name}`))}${times}\n`
  for (const repair of repairs) {
    for (const group of repair.groups) yield* groupText(group, pen, wide)
    yield* repairText(repair, rule, told, pen)
  }
}

export function* findingsText(findings: readonly Finding[], pen: Pen, wide: boolean): Iterable<string> {
  const shown = wide ? findings : findings.filter(isOpen)
  if (shown.length === 0) return
  yield `\n${pen.paint('heading', pen.text('Findings'))}\n`
  const told = new Map<string, string>()
  for (const section of groupFindings(shown.slice(0, mostFindings))) yield* sectionText(section, told, pen, wide)
  if (shown.length > mostFindings) yield `\n${pen.ellipsis} and ${shown.length - mostFindings} more, use -o json\n`
}
