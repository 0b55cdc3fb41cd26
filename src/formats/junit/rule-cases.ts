// One rule as test cases: what it found, what was accepted, and what it could not look at.
import { type Finding, isOpen } from '../../model/finding.ts'
import type { JudgedRule, RuleGap } from '../../report/judgement.ts'
import { numberOf } from '../machine/judged-findings.ts'
import { safe } from '../safe.ts'
import { groupFindings } from '../text/finding-groups.ts'

/** A case passes unless it says otherwise. */
export interface Case {
  readonly name: string
  readonly failure?: { readonly message: string; readonly text: string }
  /** Could not be looked at although it is there. */
  readonly error?: string
  /** Why it was skipped. */
  readonly skipped?: string
  readonly output?: string
}

/** A longer list belongs into another format. */
const mostFindings = 100

function findingText({ severity, confidence, message, evidence, waived, known }: Finding): string {
  const doubt = confidence === 'certain' ? '' : `, ${confidence}`
  return [
    `${severity}${doubt}: ${safe(message)}`,
    ...(waived === null ? [] : [`  waived${waived.until === null ? '' : ` until ${safe(waived.until)}`}: ${safe(waived.reason)}`]),
    ...(known === true ? ['  known: the baseline has it'] : []),
    ...evidence.map(({ source, fact }) => `  ${safe(source)}: ${safe(fact)}`),
  ].join('\n')
}

/** Each way to repair stands once, below the findings that it is for. */
function findingsText(findings: readonly Finding[]): string {
  const more = findings.length - mostFindings
  const repairs = groupFindings(findings.slice(0, mostFindings)).flatMap(({ repairs }) => repairs)
  return [
    ...repairs.flatMap(({ groups, steps }) => [...groups.flat().map(findingText), ...steps.map((step, index) => `  ${index + 1}. ${safe(step)}`)]),
    ...(more > 0 ? [`and ${more} more; -o json has all`] : []),
  ].join('\n')
}

/** What was found; skipped where nothing was looked at, for that is no pass. */
function mainCase(name: string, { evaluated, gaps }: JudgedRule, open: readonly Finding[], isFailing: (finding: Finding) => boolean): Case {
  const failing = open.filter(isFailing)
  const rest = open.filter((finding) => !isFailing(finding))
  const output =
    rest.length === 0 ? {} : { output: `${numberOf(rest.length, 'finding')} below the threshold, or merely possible\n${findingsText(rest)}` }
  const [first] = failing
  if (first !== undefined) {
    const message = failing.length === 1 ? first.message : `${failing.length} findings, such as: ${first.message}`
    return { name, failure: { message: safe(message), text: findingsText(failing) }, ...output }
  }
  if (evaluated) return { name, ...output }
  const reasons = gaps.map(({ reason }) => safe(reason)).join('\n') || 'it had nothing to look at'
  return { name, ...(gaps.some(({ incomplete }) => incomplete) ? { error: reasons } : { skipped: reasons }), ...output }
}

const gapCase = (name: string, { reason, incomplete }: RuleGap): Case => ({
  name: `${name}, in part: ${safe(reason, { max: 300 })}`,
  ...(incomplete ? { error: safe(reason) } : { skipped: safe(reason) }),
})

export function* ruleCases(judged: JudgedRule, findings: readonly Finding[], isFailing: (finding: Finding) => boolean): Generator<Case> {
  const name = `${judged.rule.id} ${judged.rule.name}`
  const accepted = findings.filter((finding) => !isOpen(finding))
  yield mainCase(name, judged, findings.filter(isOpen), isFailing)
  if (accepted.length > 0) yield { name: `${name}, accepted`, skipped: findingsText(accepted) }
  if (judged.evaluated) for (const gap of judged.gaps) yield gapCase(name, gap)
}
