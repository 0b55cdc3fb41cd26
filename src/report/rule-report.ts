// The list of rules, or one rule with its reason, guards and fix.
import type { Report } from './report.ts'

/** What audit rules and planner checks have in common. */
export interface DescribedRule {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly severity: string
  readonly revision: number
  readonly why: string
  readonly predicate: string
  readonly guards: readonly string[]
  readonly playbook: string | null
  readonly steps: readonly string[]
  readonly links: readonly string[]
}

function details(rule: DescribedRule): string[] {
  return [
    `why: ${rule.why}`,
    `reported when: ${rule.predicate}`,
    ...rule.guards.map((guard) => `not reported: ${guard}`),
    ...rule.steps.map((step, i) => `fix ${i + 1}: ${step}`),
    ...rule.links.map((link) => `seen in: ${link}`),
  ]
}

export function ruleReport(rules: readonly DescribedRule[]): Report {
  const [only] = rules
  const single = rules.length === 1 && only !== undefined
  return {
    kind: 'RuleList',
    data: { apiVersion: 'ipam/v1', kind: 'RuleList', rules: rules.map((rule) => ({ ...rule })) },
    headline: single ? `${only.id} ${only.name}: ${only.title}` : `${rules.length} rules; \`ipam rules ID\` tells more about one`,
    tables: [
      {
        title: 'Rules',
        columns: [
          { title: 'ID', align: 'left' },
          { title: 'NAME', align: 'left' },
          { title: 'SEVERITY', align: 'left' },
          { title: 'TITLE', align: 'left', flexible: true },
          { title: 'REPORTED WHEN', align: 'left', wide: true, flexible: true },
        ],
        rows: rules.map((rule) => [rule.id, rule.name, rule.severity, rule.title, rule.predicate]),
        rowCount: rules.length,
      },
    ],
    findings: [],
    notes: single ? details(only) : [],
    names: rules.map((rule) => `rule/${rule.id}`),
  }
}
