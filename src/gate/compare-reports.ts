// Holds two reports of audits against each other, finding by finding.
import { type Finding, isFailing, isOpen, type Severity, severityRank } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import { clusterKey, findingKey, isWorse, takeFrom } from './same-finding.ts'
import type { Rank, SavedReport } from './saved-report.ts'
import { viewOf, whyUnseen } from './why-unseen.ts'

/** In the order in which they are told. */
export const changes = ['new', 'worse', 'reopened', 'not-looked-at', 'fixed', 'better', 'waived', 'unchanged'] as const
/**
 * `reopened`: it was waived and is no longer. `waived`: the other way round. `not-looked-at`: it is not in the new report, which could not have seen it.
 */
export type Change = (typeof changes)[number]

export interface ChangedFinding {
  readonly change: Change
  /** As the new report has it, else as the old one had it. */
  readonly finding: Finding
  /** What it was, where both have it. */
  readonly before: Rank | undefined
  /** Of one that only one report has: why the other could not have seen it. What is new may then be old, and what is not there may not be fixed. */
  readonly reason: string | undefined
}

export interface ComparedReports {
  readonly older: SavedReport
  readonly newer: SavedReport
  readonly findings: readonly ChangedFinding[]
  readonly failing: number
  readonly failOn: Severity | 'never'
  /** Records are told apart by their cluster too. */
  readonly byCluster: boolean
}

function changeOf(now: Finding, before: Finding): Change {
  if (now.waived !== null) return before.waived === null ? 'waived' : 'unchanged'
  if (before.waived !== null) return 'reopened'
  if (isWorse(now, before)) return 'worse'
  // Less sure is not better.
  return severityRank(now.severity) > severityRank(before.severity) ? 'better' : 'unchanged'
}

function pairOf(now: Finding, before: Finding): ChangedFinding {
  const { severity, confidence } = before
  return { change: changeOf(now, before), finding: now, before: { severity, confidence }, reason: undefined }
}

const fails: readonly Change[] = ['new', 'worse', 'reopened']

function clustersOf({ isFleet, metadata }: SavedReport): readonly string[] {
  return isFleet ? (metadata.clusters ?? []).map(({ name }) => name) : [metadata.cluster]
}

/** Findings of one report that the other does not have, each with the reason why that one could not have seen it. */
function* unmatched(
  findings: readonly Finding[],
  having: SavedReport,
  lacking: SavedReport,
  byCluster: boolean,
): Generator<[Finding, string | undefined]> {
  const clusters = new Set(byCluster ? clustersOf(lacking) : [''])
  for (const [key, own] of groupBy(findings, (finding) => clusterKey(finding, having, byCluster))) {
    const seen = viewOf(having, key, byCluster)
    const blind = clusters.has(key) ? viewOf(lacking, key, byCluster) : undefined
    for (const finding of own) yield [finding, whyUnseen(seen, blind, finding)]
  }
}

export function compareReports(older: SavedReport, newer: SavedReport, failOn: Severity | 'never'): ComparedReports {
  const byCluster = older.isFleet || newer.isFleet
  const keyIn = (report: SavedReport) => (finding: Finding) => findingKey(clusterKey(finding, report, byCluster), finding)
  const take = takeFrom(older.findings, keyIn(older))
  const pairs = newer.findings.map((finding) => ({ finding, before: take(keyIn(newer)(finding)) }))
  const matched = new Set(pairs.flatMap(({ before }) => before ?? []))
  const added = unmatched(
    pairs.flatMap(({ finding, before }) => (before === undefined ? [finding] : [])),
    ...([newer, older, byCluster] as const),
  )
  const vanished = unmatched(
    older.findings.filter((finding) => !matched.has(finding)),
    ...([older, newer, byCluster] as const),
  )
  const findings: readonly ChangedFinding[] = [
    ...[...added].map(([finding, reason]): ChangedFinding => ({ change: 'new', finding, before: undefined, reason })),
    ...pairs.flatMap(({ finding, before }): ChangedFinding[] => (before === undefined ? [] : [pairOf(finding, before)])),
    ...[...vanished].map(([finding, reason]): ChangedFinding => {
      return { change: reason === undefined ? 'fixed' : 'not-looked-at', finding, before: undefined, reason }
    }),
  ]
  return {
    ...{ older, newer, failOn, byCluster },
    findings: changes.flatMap((change) => findings.filter((each) => each.change === change)),
    failing: findings.filter(({ change, finding }) => fails.includes(change) && isFailing(finding, failOn)).length,
  }
}

/** What somebody has to read: it is worse than it was, and nobody has accepted it. */
export const needsReading = ({ change, finding }: ChangedFinding): boolean => fails.includes(change) && isOpen(finding)
