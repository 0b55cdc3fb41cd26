// Marks the findings that an earlier report has already: a run fails for what is new.
import type { Finding } from '../model/finding.ts'
import { clusterKey, findingKey, isWorse, takeFrom } from './same-finding.ts'
import type { SavedReport } from './saved-report.ts'

export interface AuditedCluster {
  /** Context or bundle name. */
  readonly cluster: string
  /** Several clusters are audited in this run. */
  readonly isFleet: boolean
}

/** What the baseline had waived is not known by it, or the end of the waiver would never be seen. */
export function applyBaseline(findings: readonly Finding[], baseline: SavedReport, { cluster, isFleet }: AuditedCluster): readonly Finding[] {
  const byCluster = isFleet || baseline.isFleet
  const open = baseline.findings.filter(({ waived }) => waived === null)
  const take = takeFrom(open, (finding) => findingKey(clusterKey(finding, baseline, byCluster), finding))
  return findings.map((finding): Finding => {
    const before = take(findingKey(byCluster ? cluster : '', finding))
    if (before === undefined) return { ...finding, known: false }
    if (!isWorse(finding, before)) return { ...finding, known: true }
    return { ...finding, known: false, before: { severity: before.severity, confidence: before.confidence } }
  })
}
