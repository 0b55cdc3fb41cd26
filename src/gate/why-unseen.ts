// Whether a report could have seen a finding that another one has: only then does its absence mean that it was not there.
import type { Finding } from '../model/finding.ts'
import { clusterKey } from './same-finding.ts'
import type { SavedReport } from './saved-report.ts'

/** What a report says of one cluster. */
interface View {
  readonly coverage: SavedReport['coverage']
  readonly notEvaluated: SavedReport['notEvaluated']
  readonly evaluated: ReadonlySet<string> | undefined
  readonly nodes: ReadonlySet<string>
  /** Sources that were read whole, and the nodes that files of were. */
  readonly whole: ReadonlySet<string>
  readonly filesOf: ReadonlySet<string | undefined>
  readonly graceSeconds: number | undefined
}

const nodeOfSource = (source: string): string | undefined => /^nodes\/([^/]+)/.exec(source)?.[1]

export function viewOf(report: SavedReport, key: string, byCluster: boolean): View {
  const own = <T extends { readonly cluster?: string | undefined }>(list: readonly T[]): T[] =>
    list.filter((record) => clusterKey(record, report, byCluster) === key)
  const coverage = own(report.coverage)
  const whole = coverage.filter(({ status }) => status === 'complete').map(({ source }) => source)
  return {
    coverage,
    whole: new Set(whole),
    filesOf: new Set(whole.map(nodeOfSource)),
    notEvaluated: own(report.notEvaluated),
    evaluated: report.evaluated && new Set(own(report.evaluated).map(({ rule }) => rule)),
    nodes: new Set(own(report.nodes).map(({ name }) => name)),
    graceSeconds: report.metadata.graceSeconds,
  }
}

const isWhole = (status: string): boolean => status === 'complete' || status === 'absent'

/** A list that could be read in neither hides no more from one than from the other; one that was read in part may lack another part. */
function brokenSource(seen: View, blind: View): string | undefined {
  const unread = new Set(seen.coverage.filter(({ status, read }) => !isWhole(status) && read === 0).map(({ source }) => source))
  const broken = blind.coverage.find(({ source, status, read }) => !isWhole(status) && !(read === 0 && status !== 'partial' && unread.has(source)))
  return broken === undefined ? undefined : `it could not read all of ${broken.source} (${broken.status})`
}

/** Lists that only explain, and that are often empty. */
const explaining = new Set(['events'])

/** The files of a node count together: a directory that is gone while its neighbours were read is gone. */
function missingSource(seen: View, blind: View, finding: Finding): string | undefined {
  for (const { source, read } of seen.coverage) {
    if (read === 0 || blind.whole.has(source) || explaining.has(source)) continue
    const node = nodeOfSource(source)
    if (node === undefined) return `it has no ${source}`
    const concerns = finding.nodes.includes(node) || finding.evidence.some((evidence) => nodeOfSource(evidence.source) === node)
    const isGone = blind.whole.has('nodes') && !blind.nodes.has(node)
    if (concerns && !isGone && !blind.filesOf.has(node)) return `it has no files of ${node}`
  }
  return undefined
}

/** A sentence that counts names instead of naming them may mean others each time. */
const isVague = (reason: string): boolean => /\band \d+ more\b/.test(reason)

/** A gap that both have has not hidden it from the one that found it. */
function gapOf(seen: View, blind: View, rule: string): string | undefined {
  const shared = new Set(seen.notEvaluated.filter((gap) => gap.rule === rule).map(({ reason }) => reason))
  return blind.notEvaluated.find((gap) => gap.rule === rule && (isVague(gap.reason) || !shared.has(gap.reason)))?.reason
}

/**
 * Why the report could not have seen it; undefined where it could.
 *
 * @param seen of the report that has the finding
 * @param blind of the one that does not; undefined: it does not have the cluster
 */
export function whyUnseen(seen: View, blind: View | undefined, finding: Finding): string | undefined {
  if (blind === undefined) return 'it does not have the cluster'
  const broken = brokenSource(seen, blind)
  if (broken !== undefined) return broken
  if (blind.evaluated === undefined) return 'it does not say which rules were evaluated: an earlier version of ipam wrote it'
  const gap = gapOf(seen, blind, finding.rule)
  if (!blind.evaluated.has(finding.rule)) return gap === undefined ? 'it left the rule out' : `it did not evaluate the rule: ${gap}`
  if (gap !== undefined) return `it evaluated the rule in part: ${gap}`
  const [one, other] = [seen.graceSeconds, blind.graceSeconds]
  if (one !== undefined && other !== undefined && other > one) return `it gave records a grace of ${other} s, the other of ${one} s`
  return missingSource(seen, blind, finding)
}
