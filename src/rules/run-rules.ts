// Runs rules over an inventory: what each found, and what it could not look at.
import type { Finding } from '../model/finding.ts'
import { severityRank } from '../model/finding.ts'
import { makeFinding } from '../model/make-finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { tryAddress } from '../net/index.ts'
import type { Rule, RuleOptions } from './define-rule.ts'
import { playbooks } from './playbooks.ts'

export interface NotEvaluated {
  readonly rule: string
  readonly reason: string
  /** What it lacks is there and could not be read whole. */
  readonly incomplete?: boolean
}

export interface RuleResults {
  readonly findings: readonly Finding[]
  readonly notEvaluated: readonly NotEvaluated[]
  /** Ids of rules that looked at something. */
  readonly evaluated: readonly string[]
  /** A gap comes from an input that is there but could not be read whole. */
  readonly incomplete: boolean
}

export function runRules(rules: readonly Rule[], inventory: Inventory, options: RuleOptions): RuleResults {
  const findings: Finding[] = []
  const notEvaluated: NotEvaluated[] = []
  const evaluated: string[] = []
  let incomplete = false
  for (const rule of rules) {
    const gaps = rule.gaps(inventory, options)
    for (const gap of gaps) {
      notEvaluated.push({ rule: rule.id, reason: gap.reason, ...(gap.incomplete === true ? { incomplete: true } : {}) })
      if (gap.incomplete === true) incomplete = true
    }
    if (gaps.some((gap) => gap.whole)) continue
    evaluated.push(rule.id)
    const steps = playbooks.get(rule.playbook)?.steps ?? []
    for (const violation of rule.check(inventory, options)) {
      findings.push(makeFinding({ id: rule.id, name: rule.name, severity: rule.severity, playbook: rule.playbook, steps }, violation))
    }
  }
  return { findings: sortFindings(findings), notEvaluated, evaluated, incomplete }
}

/** An address text as a key that sorts by number: 10.0.0.9 before 10.0.0.11. */
function addressOrder(text: string): string {
  const address = tryAddress(/^[^/-]*/.exec(text)?.[0] ?? '')
  return address === undefined ? text : `${address.family}${address.value.toString(16).padStart(32, '0')}${text}`
}

/** Worst first, then by rule, node and address: the same findings in the same order however the input was shuffled. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const keyed = findings.map((finding) => ({
    finding,
    key: [
      severityRank(finding.severity),
      finding.rule,
      finding.domain,
      finding.nodes.join(),
      addressOrder(finding.addresses[0] ?? ''),
      finding.fingerprint,
    ].join('\0'),
  }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ finding }) => finding)
}

/** A rule named by id, name or class (`DUP-101`, `pod-ip-duplicate`, `DUP`), in any case. */
export function matchesRule(rule: Pick<Rule, 'id' | 'name'>, selector: string): boolean {
  const wanted = selector.toLowerCase()
  return [rule.id, rule.name, rule.id.split('-')[0] ?? ''].some((text) => text.toLowerCase() === wanted)
}
