// An audit, and a fleet of them, as a judgement.
import { isFailing } from '../model/finding.ts'
import { showTime } from '../model/show-time.ts'
import type { AuditResult } from './audit-report.ts'
import type { FleetResult } from './fleet-report.ts'
import type { Judgement, NodeFill, PoolFill, Subject } from './judgement.ts'

interface Fills {
  readonly pools: readonly PoolFill[]
  readonly nodes: readonly NodeFill[]
}

function subjectOf({ inventory, rules, evaluated, notEvaluated, complete, findings }: AuditResult, fills: Fills): Subject {
  const looked = new Set(evaluated)
  return {
    name: inventory.cluster,
    observedAt: showTime(inventory.observedAt),
    complete,
    rules: rules.map((rule) => ({
      rule,
      evaluated: looked.has(rule.id),
      gaps: notEvaluated.filter((gap) => gap.rule === rule.id).map(({ reason, incomplete = false }) => ({ reason, incomplete })),
    })),
    sources: inventory.coverage,
    findings,
    ...fills,
  }
}

export const auditJudgement = (result: AuditResult, fills: Fills): Judgement => ({
  version: result.version,
  generatedAt: showTime(result.generatedAt),
  complete: result.complete,
  failOn: result.failOn,
  isFailing: (finding) => isFailing(finding, result.failOn),
  subjects: [subjectOf(result, fills)],
  file: undefined,
})

/** A cluster that could not be reached. */
const lostSubject = (name: string, failure: string): Subject => ({
  ...{ name, observedAt: undefined, complete: false, rules: [], findings: [], pools: [], nodes: [] },
  sources: [{ source: 'cluster', status: 'failed', read: 0, error: failure }],
})

/** @param judged what each cluster came to, by its name in the fleet */
export const fleetJudgement = ({ members, ...fleet }: FleetResult, judged: ReadonlyMap<string, Judgement>): Judgement => ({
  version: fleet.version,
  generatedAt: showTime(fleet.generatedAt),
  complete: fleet.complete,
  failOn: fleet.failOn,
  isFailing: (finding) => isFailing(finding, fleet.failOn),
  subjects: members.flatMap(
    ({ name, failure }) => judged.get(name)?.subjects.map((subject) => ({ ...subject, name })) ?? [lostSubject(name, failure ?? 'not read')],
  ),
  file: undefined,
})
