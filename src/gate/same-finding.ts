// Tells findings of two reports apart. A fingerprint does not hold the cluster, and two clusters may well have the same nodes and addresses.
import { type Finding, severityRank } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Rank, SavedReport } from './saved-report.ts'

/** The cluster by which a record is told apart; of two reports of one cluster each, names do not matter: a bundle may be called anything. */
export const clusterKey = (record: { readonly cluster?: string | undefined }, report: Pick<SavedReport, 'metadata'>, byCluster: boolean): string =>
  byCluster ? (record.cluster ?? report.metadata.cluster) : ''

export const findingKey = (cluster: string, { fingerprint }: Pick<Finding, 'fingerprint'>): string => `${cluster}\0${fingerprint}`

/** A finding that cannot fail a run, for it is merely possible, becomes worse when it can. */
export const isWorse = (now: Rank, before: Rank): boolean =>
  severityRank(now.severity) < severityRank(before.severity) || (before.confidence === 'possible' && now.confidence !== 'possible')

/** Each finding is given out once, the worst of its key first: a second one under the same key is another finding. */
export function takeFrom(findings: readonly Finding[], keyOf: (finding: Finding) => string): (key: string) => Finding | undefined {
  const left = groupBy(findings, keyOf)
  for (const group of left.values()) group.sort((a, b) => severityRank(a.severity) - severityRank(b.severity))
  return (key) => left.get(key)?.shift()
}
