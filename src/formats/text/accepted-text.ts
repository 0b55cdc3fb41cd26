// What somebody has accepted, in a line for each rule: it is there, and it is not what has to be read now.
import { type Finding, isOpen } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import { waivedText } from './finding-facts.ts'
import { fold } from './measure.ts'
import type { Pen } from './pen.ts'

/** Kinds that are told of; a longer list belongs into a file. */
const most = 50

const wayOf = ({ waived }: Finding): string => (waived === null ? 'known, the baseline has it' : `waived ${waivedText(waived)}`)

const keyOf = (finding: Finding): string => [finding.severity, finding.rule, finding.cluster, wayOf(finding)].join('\0')

/** Waived first, for a waiver has an end and a baseline has none. */
export function* acceptedText(findings: readonly Finding[], pen: Pen): Iterable<string> {
  const accepted = findings.filter((finding) => !isOpen(finding))
  if (accepted.length === 0) return
  yield `\n${pen.paint('heading', pen.text('Accepted'))}\n`
  const groups = [...groupBy(accepted, keyOf).values()]
  const ordered = [...groups.filter(([first]) => first?.waived !== null), ...groups.filter(([first]) => first?.waived === null)]
  for (const group of ordered.slice(0, most)) {
    const [first] = group as [Finding, ...Finding[]]
    const { severity, rule, name, cluster } = first
    const times = group.length === 1 ? '' : ` (${group.length})`
    const text = `${severity.toUpperCase()}  ${rule} ${name}${times}${cluster === undefined ? '' : ` of ${cluster}`}: ${wayOf(first)}`
    let margin = '  '
    for (const line of fold(pen.text(text), pen.width - 4, pen.width - 2)) {
      yield `${margin}${line}\n`
      margin = '    '
    }
  }
  if (ordered.length > most) yield `  ${pen.ellipsis} and ${ordered.length - most} more kinds\n`
  yield `  ${pen.text('-o wide tells of each')}\n`
}
