// Runs one rule over a small inventory and shows what a test wants to compare.
import type { Violation } from '../../src/model/finding.ts'
import type { InventoryPart } from '../../src/model/inventory.ts'
import type { InventoryFacts } from '../../src/model/merge-inventory.ts'
import type { Rule } from '../../src/rules/define-rule.ts'
import { inventory, minutes } from '../inventory.ts'

export const GRACE = minutes(15)

export function violations(rule: Rule, part: InventoryPart, facts: Partial<InventoryFacts> = {}): Violation[] {
  const found = inventory(part, facts)
  const gaps = rule.gaps(found, { grace: GRACE })
  return gaps.some((gap) => gap.whole) ? [] : [...rule.check(found, { grace: GRACE })]
}

export function gapsOf(rule: Rule, part: InventoryPart, facts: Partial<InventoryFacts> = {}): string[] {
  return rule.gaps(inventory(part, facts), { grace: GRACE }).map((gap) => gap.reason)
}

/** `severity/confidence address,address node,node` for each violation. */
export function shown(rule: Rule, part: InventoryPart, facts: Partial<InventoryFacts> = {}): string[] {
  return violations(rule, part, facts).map((violation) =>
    [
      `${violation.severity ?? rule.severity}/${violation.confidence ?? 'certain'}`,
      (violation.addresses ?? []).join(','),
      (violation.nodes ?? []).join(','),
    ].join(' '),
  )
}
