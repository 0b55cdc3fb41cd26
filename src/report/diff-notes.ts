// What has to be known to trust a comparison: what was not looked at again, and where the two reports are not alike.
import type { ChangedFinding, ComparedReports } from '../gate/compare-reports.ts'
import type { SavedReport } from '../gate/saved-report.ts'
import { groupBy } from '../model/group-by.ts'
import { countOf } from './count-text.ts'

function* unlike(older: SavedReport, newer: SavedReport, byCluster: boolean): Generator<string> {
  const [before, now] = [older.metadata, newer.metadata]
  if (now.observedAt < before.observedAt)
    yield `warning: ${newer.source} is of ${now.observedAt}, before ${older.source} (${before.observedAt}); write the older report first`
  if (!byCluster && before.cluster !== now.cluster)
    yield `warning: ${older.source} is of ${before.cluster} and ${newer.source} of ${now.cluster}; they were compared as one cluster`
  if (before.tool.version !== now.tool.version)
    yield `versions ${before.tool.version} and ${now.tool.version} of ipam wrote them: a rule that has changed since may find more, or less`
  if (!older.complete) yield `${older.source} is incomplete: what is new may have been there before`
}

/** Sentences on what only one report could have seen, each reason once. */
function* unseen(findings: readonly ChangedFinding[], sentence: (count: string, rules: string, reason: string) => string): Generator<string> {
  for (const [reason, group] of groupBy(findings, (each) => each.reason)) {
    if (reason === undefined) continue
    const rules = [...new Set(group.map(({ finding }) => finding.rule))].sort().join(', ')
    yield sentence(countOf(group.length, 'finding'), rules, reason)
  }
}

export function* diffNotes({ older, newer, findings, byCluster }: ComparedReports): Generator<string> {
  yield* unlike(older, newer, byCluster)
  const isNew = ({ change }: ChangedFinding): boolean => change === 'new'
  yield* unseen(
    findings.filter(isNew),
    (count, rules, reason) => `may be old: ${count} of ${rules}: ${older.source} could not have seen that, for ${reason}`,
  )
  yield* unseen(
    findings.filter((each) => !isNew(each)),
    (count, rules, reason) => `not looked at: ${count} of ${rules} may still be there: ${newer.source} could not have seen that, for ${reason}`,
  )
  if (!newer.complete) yield `INCOMPLETE: ${newer.source} is the report of an incomplete run; what it lacks proves nothing`
}
