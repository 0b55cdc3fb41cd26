// Runs the planner checks over a plan.
import { type Finding, severityRank } from '../model/finding.ts'
import { makeFinding } from '../model/make-finding.ts'
import type { AddressPlan } from './address-plan.ts'
import type { CheckOptions } from './checks/define-check.ts'
import { checks } from './checks/index.ts'
import { demandOf } from './demand.ts'

/** The whole address space with no node to serve is a calculation (how many /24 are there?), not a plan that could be right or wrong. */
export function isCalculation({ pools, request }: AddressPlan): boolean {
  return pools.every(
    ({ nodePools, families }) => demandOf({ nodePools }, request.horizon).maximum === 0 && families.some(({ cidr }) => cidr.prefix === 0),
  )
}

/** Worst first, then by id; the irreversible choices, of the lowest severity and the highest id, come last. */
export function checkPlan(plan: AddressPlan, options: CheckOptions): readonly Finding[] {
  if (isCalculation(plan)) return []
  const findings: Finding[] = []
  for (const { id, name, severity, fix, check } of checks) {
    for (const violation of check(plan, options)) findings.push(makeFinding({ id, name, severity, playbook: null, steps: fix }, violation))
  }
  return findings.sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
}
