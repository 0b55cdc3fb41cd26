// What was judged and how it came out, whole and typed: for formats on which other machines act.
import type { Finding, Severity } from '../model/finding.ts'
import type { Coverage } from '../model/inventory.ts'
import type { DescribedRule } from './rule-report.ts'

/** A rule that was asked for, and what it could not look at. */
export interface JudgedRule {
  readonly rule: DescribedRule
  /** False when it looked at nothing, which is not the same as finding nothing. */
  readonly evaluated: boolean
  readonly gaps: readonly RuleGap[]
}

export interface RuleGap {
  readonly reason: string
  /** The input is there and could not be read whole, so the run is incomplete. */
  readonly incomplete: boolean
}

/** How full a pool or a node is; counts of addresses are decimal strings, as everywhere in the report. */
export type Fill = {
  readonly capacity: string
  readonly allocated: string
  readonly available: string
  readonly utilization: number
}

export type PoolFill = Fill & {
  readonly system: string
  readonly name: string
  readonly node: string | null
  readonly domain: string
  readonly family: 4 | 6
  readonly reserved: string
}

export type NodeFill = Fill & { readonly name: string; readonly maxPods: number | null; readonly pods: number }

/** A cluster, a bundle or a plan. */
export interface Subject {
  readonly name: string
  /** When its state was collected, ISO 8601 in UTC; undefined for a plan and for a cluster that could not be read. */
  readonly observedAt: string | undefined
  readonly complete: boolean
  readonly rules: readonly JudgedRule[]
  readonly sources: readonly Coverage[]
  readonly findings: readonly Finding[]
  readonly pools: readonly PoolFill[]
  readonly nodes: readonly NodeFill[]
}

export interface Judgement {
  /** Of this program. */
  readonly version: string
  /** ISO 8601, UTC. */
  readonly generatedAt: string
  readonly complete: boolean
  readonly failOn: Severity | 'never'
  /** True for a finding that makes the run fail. */
  readonly isFailing: (finding: Finding) => boolean
  /** One, or the clusters of a fleet. */
  readonly subjects: readonly Subject[]
  /** The file that is judged, where it is one: findings of a plan are shown there. */
  readonly file: string | undefined
}
