// Runs one rule over a small inventory and shows what it found in a form that a table can state.
import type { Finding } from '../../src/model/finding.ts'
import type { InventoryPart } from '../../src/model/inventory.ts'
import type { Rule } from '../../src/rules/define-rule.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { together } from '../cluster-ranges.ts'
import { inventory, minutes } from '../inventory.ts'

const OPTIONS = { grace: minutes(15) }

export const run = (rule: Rule, ...parts: readonly InventoryPart[]) => runRules([rule], inventory(together(...parts)), OPTIONS)

export const findings = (rule: Rule, ...parts: readonly InventoryPart[]): readonly Finding[] => run(rule, ...parts).findings

/** Severity, addresses and nodes: what a case is about. Severities that are not in doubt need no further words. */
export const brief = (found: readonly Finding[]) =>
  found.map(({ severity, addresses, nodes }) => `${severity} [${addresses.join(' ')}] ${nodes.join(' ')}`.trim())

export const reasons = (rule: Rule, ...parts: readonly InventoryPart[]): readonly string[] =>
  run(rule, ...parts).notEvaluated.map(({ reason }) => reason)

/** The same part with every list turned round: input order must not show. */
export const reversed = (part: InventoryPart): InventoryPart =>
  Object.fromEntries(Object.entries(part).map(([key, list]) => [key, [...(list as unknown[])].reverse()]))
