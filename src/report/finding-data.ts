// One finding in the machine report; audits and plans share it.
import type { Finding } from '../model/finding.ts'
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
  waived: finding.waived === null ? null : { reason: finding.waived.reason, until: finding.waived.until },
})
