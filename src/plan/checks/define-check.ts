// The shape of a planner check: its data and a pure predicate over a finished plan.
import type { Severity, Violation } from '../../model/finding.ts'
import type { AddressPlan } from '../address-plan.ts'

export interface CheckOptions {
  /** Day from which growth is counted, YYYY-MM-DD. */
  readonly today: string
}

export interface PlanCheck {
  /** `PLN-<nnn>`; never reused. */
  readonly id: string
  /** kebab-case; the file's name. */
  readonly name: string
  readonly title: string
  /** Default severity; a violation may say otherwise where `predicate` says when. */
  readonly severity: Severity
  /** Raised when a changed predicate can turn pass into fail. */
  readonly revision: number
  readonly why: string
  /** In words: when it fires, and with which severity. */
  readonly predicate: string
  /** What must not be reported. */
  readonly guards: readonly string[]
  /** What to do, unless a violation knows better. */
  readonly fix: readonly string[]
  readonly links: readonly string[]
  check(plan: AddressPlan, options: CheckOptions): Iterable<Violation>
}

/** Identity; it is here for the type. */
export const defineCheck = (check: PlanCheck): PlanCheck => check
