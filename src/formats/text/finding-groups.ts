// Brings findings of one kind together: fifteen stale files of one node are one thing to read and one thing to do.
import { type Finding, type Severity, severityRank } from '../../model/finding.ts'

/** Findings of one rule, severity, cluster, cause and node. */
export type Group = readonly [Finding, ...Finding[]]

/** Groups with the same way to repair. */
export interface Repair {
  readonly playbook: string | null
  readonly steps: readonly string[]
  readonly groups: readonly Group[]
}

export interface Section {
  readonly severity: Severity
  readonly rule: string
  readonly name: string
  readonly count: number
  readonly repairs: readonly Repair[]
}

function by<T>(items: Iterable<T>, keyOf: (item: T) => string): [T, ...T[]][] {
  const parts = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [item])
    else part.push(item)
  }
  return [...parts.values()]
}

const groupKey = (finding: Finding): string =>
  JSON.stringify([finding.cluster, finding.cause, finding.confidence, finding.domain, finding.nodes, finding.before])

/** Worst first; otherwise in the given order. */
export function groupFindings(findings: readonly Finding[]): Section[] {
  const sections = by(findings, ({ severity, rule }) => `${severity} ${rule}`).map((members): Section => {
    const [first] = members
    const repairs = by(members, ({ fix }) => JSON.stringify(fix))
    return {
      severity: first.severity,
      rule: first.rule,
      name: first.name,
      count: members.length,
      repairs: repairs.map((repaired) => ({ ...repaired[0].fix, groups: by(repaired, groupKey) })),
    }
  })
  return sections.sort((one, other) => severityRank(one.severity) - severityRank(other.severity))
}
