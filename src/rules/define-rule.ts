// The shape of a rule: its data, what it needs, and a pure check.
import type { Gap, Severity, Violation } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'

export interface RuleOptions {
  /** Milliseconds that a record may be younger than before it is judged. */
  readonly grace: number
}

export interface Rule {
  /** `<CLASS>-<nnn>`; never reused. */
  readonly id: string
  /** States the fault in kebab-case; the file's name. */
  readonly name: string
  readonly title: string
  /** Default severity; a violation may say otherwise where `predicate` says when. */
  readonly severity: Severity
  /** Raised when a changed predicate can turn pass into fail. */
  readonly revision: number
  readonly why: string
  /** In words: when it fires, and with which severity. */
  readonly predicate: string
  /** What must not be reported, with the trap ids of docs/rules.md. */
  readonly guards: readonly string[]
  readonly playbook: string
  readonly links: readonly string[]
  /** What keeps the rule from being evaluated, wholly or for a part. */
  gaps(inventory: Inventory, options: RuleOptions): readonly Gap[]
  check(inventory: Inventory, options: RuleOptions): Iterable<Violation>
}

/** Identity; it is here for the type. */
export const defineRule = (rule: Rule): Rule => rule
