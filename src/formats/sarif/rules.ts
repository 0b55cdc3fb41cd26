// The rules of a run, with the reason and the repair that code scanning shows beside a result.
import type { ReportingDescriptor } from 'sarif'
import type { Finding, Severity } from '../../model/finding.ts'
import type { Judgement } from '../../report/judgement.ts'
import type { DescribedRule } from '../../report/rule-report.ts'
import type { JudgedFinding } from '../machine/judged-findings.ts'
import { safe } from '../safe.ts'

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const

/** What is merely possible fails no run, so it must not stop a merge either. */
export const levelOf = ({ severity, confidence }: Pick<Finding, 'severity' | 'confidence'>) => (confidence === 'possible' ? 'note' : levels[severity])

const markup = (text: string): string => text.replace(/[\\`*_[\]<>|]/g, '\\$&')

const listed = (title: string, items: readonly string[], mark: string): string[] =>
  items.length === 0 ? [] : [`**${title}**`, items.map((item) => `${mark} ${markup(item)}`).join('\n')]

function helpOf({ why, predicate, guards, steps, links }: DescribedRule): { readonly text: string; readonly markdown: string } {
  const plain = [why, `Reported when: ${predicate}`, ...steps.map((step, index) => `${index + 1}. ${step}`)]
  const rich = [
    markup(why),
    `**Reported when:** ${markup(predicate)}`,
    ...listed('Not reported', guards, '-'),
    ...listed('What to do', steps, '1.'),
    ...(links.length === 0 ? [] : [`Seen in: ${links.map((link) => `<${link}>`).join(', ')}`]),
  ]
  return { text: plain.join('\n'), markdown: rich.join('\n\n') }
}

/** No `helpUri`: its links are incidents, not documentation of the rule, which the help itself holds. */
function described(rule: DescribedRule): ReportingDescriptor {
  return {
    id: rule.id,
    name: rule.name,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: helpOf(rule),
    defaultConfiguration: { level: levels[rule.severity as Severity] },
    properties: { tags: ['ipam', rule.id.replace(/-.*/, '')], severity: rule.severity, revision: rule.revision },
  }
}

/** Every rule that was asked for, so that a clean run says what it looked for; and any that a finding has beyond those. */
export function describedRules({ subjects }: Judgement, findings: readonly JudgedFinding[]): ReportingDescriptor[] {
  const rules = new Map(subjects.flatMap(({ rules: judged }) => judged.map(({ rule }) => [rule.id, described(rule)] as const)))
  for (const { finding } of findings)
    if (!rules.has(finding.rule))
      rules.set(finding.rule, { id: finding.rule, name: safe(finding.name), shortDescription: { text: safe(finding.name) } })
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
