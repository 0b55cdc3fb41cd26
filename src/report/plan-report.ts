// A plan as a report: what was split, who got what, what is left, and what is wrong with it.
import { type Finding, isFailing } from '../model/finding.ts'
import type { AddressPlan } from '../plan/address-plan.ts'
import { count, inBlocks, listed } from '../plan/wording.ts'
import { changeNotes, changesInWords, changeTables } from './plan-changes.ts'
import { planData } from './plan-data.ts'
import { type PlanJudgementContext, planJudgement } from './plan-judgement.ts'
import { planMap } from './plan-map.ts'
import { planNotes } from './plan-notes.ts'
import { searchNotes, searchTables } from './plan-search.ts'
import { planTables } from './plan-tables.ts'
import type { Report } from './report.ts'

function* names(plan: AddressPlan): Generator<string> {
  for (const name of plan.names()) yield `node/${name}`
}

function headline({ pools, nodeCount }: AddressPlan, failing: number): string {
  const split = listed(pools.map(({ families }) => families.map(inBlocks).join(' with '))).join(', ')
  const unplaced = pools.reduce((sum, pool) => sum + pool.unplaced, 0)
  const nodes = unplaced > 0 ? `${nodeCount} of ${count(nodeCount + unplaced, 'node')} planned` : `${count(nodeCount, 'node')} planned`
  const verdict = failing > 0 ? `; ${count(failing, 'finding')} to solve first` : ''
  return `${split}: ${nodes}${verdict}`
}

export interface PlanReportContext extends PlanJudgementContext {
  /** Kept nodes that the request no longer names. */
  readonly unnamed: readonly string[]
}

export function planReport(plan: AddressPlan, findings: readonly Finding[], context: PlanReportContext): Report {
  const { changes } = context
  const failing = findings.filter((finding) => isFailing(finding, context.failOn)).length
  return {
    kind: 'AddressPlan',
    data: planData(plan, findings, context),
    headline: `${headline(plan, failing)}${changes === undefined ? '' : `; ${changesInWords(changes)}`}`,
    tables: [
      ...searchTables(context.searches ?? []),
      ...(changes === undefined ? [] : changeTables(changes)),
      ...planTables(plan, context.generatedAt.slice(0, 10)),
    ],
    // The irreversible choices are told as the last note, where they are read last.
    findings: findings.filter(({ rule }) => rule !== 'PLN-020'),
    notes: [
      ...searchNotes(context.searches ?? []),
      ...(changes === undefined ? [] : changeNotes(changes)),
      ...planNotes(plan, findings, context.unnamed),
    ],
    names: { [Symbol.iterator]: () => names(plan) },
    map: () => planMap(plan),
    judgement: () => planJudgement(plan, findings, context),
  }
}
