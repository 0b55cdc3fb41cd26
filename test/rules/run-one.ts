// Runs one rule over one inventory and says in one line what each finding is about, so that tables stay readable.
import type { Finding } from '../../src/model/finding.ts'
import type { Inventory } from '../../src/model/merge-inventory.ts'
import type { Rule } from '../../src/rules/define-rule.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { minutes } from '../inventory.ts'

export const GRACE = { grace: minutes(15) }

export const findingsOf = (rule: Rule, inventory: Inventory): readonly Finding[] => runRules([rule], inventory, GRACE).findings

/** `severity cause | addresses | nodes | owners`, worst first; empty parts at the end are left out. */
export function found(rule: Rule, inventory: Inventory): readonly string[] {
  return findingsOf(rule, inventory).map((finding) =>
    [`${finding.severity} ${finding.cause ?? '-'}`, finding.addresses.join(' '), finding.nodes.join(' '), finding.owners.join(' ')]
      .join(' | ')
      .replace(/( \| )+$/, ''),
  )
}

/** The reasons of gaps; `!` marks a gap of the whole rule, `~` one that makes the run incomplete. */
export function gapsOf(rule: Rule, inventory: Inventory): readonly string[] {
  return rule.gaps(inventory, GRACE).map((gap) => `${gap.whole ? '!' : ''}${gap.incomplete === true ? '~' : ''}${gap.reason}`)
}
