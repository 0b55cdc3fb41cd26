// A plan as a judgement: each planner check, and what it had nothing to look at.
import { type Finding, isFailing } from '../model/finding.ts'
import type { AddressPlan } from '../plan/address-plan.ts'
import { isCalculation } from '../plan/check-plan.ts'
import type { PlanCheck } from '../plan/checks/define-check.ts'
import { checks } from '../plan/checks/index.ts'
import type { PlanRequest } from '../plan/plan-request.ts'
import type { JudgedRule, Judgement } from './judgement.ts'
import type { PlanContext } from './plan-data.ts'

export interface PlanJudgementContext extends PlanContext {
  /** False when the cluster that it was made around could not be read whole. */
  readonly complete: boolean
  /** The request, where it is a file. */
  readonly file: string | undefined
}

const noServices = 'no Service range was given (--service-cidr)'
const noNodeNetwork = 'no node network was given (--node-network)'

/** What was not given, and whether the check then looks at nothing. Two of them miss only a part. */
function* lacks(id: string, { serviceCidrs, nodeNetworks, nodePools }: PlanRequest): Generator<{ reason: string; whole: boolean }> {
  const services = serviceCidrs.length > 0
  const nodes = nodeNetworks.length > 0
  if (id === 'PLN-002' && nodePools.every(({ growth }) => growth === 0)) yield { reason: 'no growth was given (--growth)', whole: true }
  if (id === 'PLN-004' && nodePools.every(({ maxNodes }) => maxNodes === undefined))
    yield { reason: 'no maximum was given (--max-nodes)', whole: true }
  if ((id === 'PLN-008' || id === 'PLN-009') && !services) yield { reason: noServices, whole: true }
  if (id === 'PLN-006' || id === 'PLN-007') {
    if (!services) yield { reason: noServices, whole: id === 'PLN-006' && !nodes }
    if (!nodes) yield { reason: noNodeNetwork, whole: id === 'PLN-006' && !services }
  }
}

function judged({ fix, ...check }: PlanCheck, plan: AddressPlan): JudgedRule {
  const gaps = isCalculation(plan)
    ? [{ reason: 'a whole address space is counted only: no block is given', whole: true }]
    : [...lacks(check.id, plan.request)]
  return {
    rule: { ...check, playbook: null, steps: fix },
    evaluated: gaps.every(({ whole }) => !whole),
    gaps: gaps.map(({ reason }) => ({ reason, incomplete: false })),
  }
}

export const planJudgement = (plan: AddressPlan, findings: readonly Finding[], context: PlanJudgementContext): Judgement => ({
  version: context.version,
  generatedAt: context.generatedAt,
  complete: context.complete,
  failOn: context.failOn,
  isFailing: (finding) => isFailing(finding, context.failOn),
  file: context.file,
  subjects: [
    {
      ...{ name: 'plan', observedAt: undefined, complete: context.complete, findings, pools: [], nodes: [] },
      rules: checks.map((check) => judged(check, plan)),
      sources: context.complete ? [] : [{ source: 'cluster', status: 'partial', read: 0, error: 'not everything could be read' }],
    },
  ],
})
