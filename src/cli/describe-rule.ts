// A rule with the steps of its playbook, as reports show it.
import type { DescribedRule } from '../report/rule-report.ts'
import type { Rule } from '../rules/define-rule.ts'
import { playbooks } from '../rules/playbooks.ts'

export const describeRule = ({ id, name, title, severity, revision, why, predicate, guards, playbook, links }: Rule): DescribedRule => ({
  ...{ id, name, title, severity, revision, why, predicate, guards, playbook, links },
  steps: playbooks.get(playbook)?.steps ?? [],
})
