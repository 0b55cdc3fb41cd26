// Turns what a rule reported into a finding: adds the rule's data and the fingerprint.
import { createHash } from 'node:crypto'
import type { Finding, Severity, Violation } from './finding.ts'

/** What a finding takes from its rule or planner check. */
export interface FindingSource {
  readonly id: string
  readonly name: string
  readonly severity: Severity
  readonly playbook: string | null
  readonly steps: readonly string[]
}

/** Stable over runs: rule, domain and sorted subject keys; never messages, times or counts. */
function fingerprint(rule: string, violation: Violation): string {
  const keys = [...(violation.addresses ?? []), ...(violation.nodes ?? []), ...(violation.owners ?? []), ...(violation.subject ?? [])].sort()
  return createHash('sha256')
    .update([rule, violation.domain ?? 'default', violation.cause ?? '', ...keys].join('\u0000'))
    .digest('hex')
    .slice(0, 32)
}

export function makeFinding(source: FindingSource, violation: Violation): Finding {
  return {
    rule: source.id,
    name: source.name,
    severity: violation.severity ?? source.severity,
    confidence: violation.confidence ?? 'certain',
    message: violation.message,
    domain: violation.domain ?? 'default',
    addresses: violation.addresses ?? [],
    nodes: violation.nodes ?? [],
    owners: violation.owners ?? [],
    cause: violation.cause ?? null,
    evidence: violation.evidence ?? [],
    fix: { playbook: violation.playbook ?? source.playbook, steps: violation.steps ?? source.steps },
    fingerprint: fingerprint(source.id, violation),
    waived: null,
  }
}
