// GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
import { defineFormat } from './define-format.ts'
import { judgedFindings, judgedKinds, judgementOf } from './machine/judged-findings.ts'
import { fingerprintOf, placeOf } from './machine/place.ts'
import { incompleteText, unreadSources } from './machine/shortfalls.ts'
import { safe, safeJson } from './safe.ts'

const severities = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' } as const

const entry = (description: string, check_name: string, fingerprint: string, severity: string, path: string) => ({
  ...{ description: safe(description), check_name, fingerprint, severity },
  location: { path, lines: { begin: 1 } },
})

export const gitlab = defineFormat({
  id: 'gitlab',
  title: 'code quality report for GitLab',
  kinds: judgedKinds,
  *render(report) {
    const judgement = judgementOf(report)
    const entries = function* () {
      if (!judgement.complete) yield entry(incompleteText, 'ipam/incomplete', 'ipam/incomplete', 'blocker', 'cluster/incomplete')
      for (const { subject, source, text } of unreadSources(judgement))
        yield entry(
          `${subject.name}: ${text}`,
          'ipam/incomplete',
          `ipam/unread/${safe(subject.name)}/${safe(source)}`,
          'critical',
          'cluster/incomplete',
        )
      const seen = new Map<string, number>()
      for (const judged of judgedFindings(judgement)) {
        const { finding } = judged
        if (finding.waived !== null) continue // GitLab has no word for "accepted": it would count as a fault
        // GitLab shows only the first of those that have one fingerprint.
        const fingerprint = fingerprintOf(judged, judgement)
        const before = seen.get(fingerprint) ?? 0
        seen.set(fingerprint, before + 1)
        const severity = finding.confidence === 'possible' ? 'info' : severities[finding.severity]
        const doubt = finding.confidence === 'certain' ? '' : ` (${finding.confidence})`
        const text = `${finding.rule}: ${finding.message}${doubt}`
        yield entry(text, finding.rule, before === 0 ? fingerprint : `${fingerprint}/${before}`, severity, placeOf(judged, judgement))
      }
    }
    let before = '['
    for (const each of entries()) {
      yield `${before}\n${safeJson(each)}`
      before = ','
    }
    yield before === '[' ? '[]\n' : '\n]\n'
  },
})
