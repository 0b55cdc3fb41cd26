// One finding in the machine report; audits and plans share it.
import type { Finding, Waived } from '../model/finding.ts'
import type { Json } from './report.ts'

export const findingData = (finding: Finding): Json => ({
  ...(finding.cluster === undefined ? {} : { cluster: finding.cluster }),
  rule: finding.rule,
  name: finding.name,
  severity: finding.severity,
  confidence: finding.confidence,
  message: finding.message,
  domain: finding.domain,
  addresses: [...finding.addresses],
  nodes: [...finding.nodes],
  owners: [...finding.owners],
  cause: finding.cause,
  evidence: finding.evidence.map(({ source, fact }) => ({ source, fact })),
  fix: { playbook: finding.fix.playbook, steps: [...finding.fix.steps] },
  fingerprint: finding.fingerprint,
  waived: waivedData(finding.waived),
  ...(finding.known === undefined ? {} : { known: finding.known }),
  ...(finding.before === undefined ? {} : { before: { severity: finding.before.severity, confidence: finding.before.confidence } }),
})

const waivedData = (waived: Waived | null): Json =>
  waived === null ? null : { reason: waived.reason, until: waived.until, approvedBy: waived.approvedBy ?? null, source: waived.source ?? null }
