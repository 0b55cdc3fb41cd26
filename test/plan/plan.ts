// Shortens what most tests of the planner do.
import type { Finding } from '../../src/model/finding.ts'
import type { AddressPlan, NodePlan } from '../../src/plan/address-plan.ts'
import { checkPlan } from '../../src/plan/check-plan.ts'
import { planPools } from '../../src/plan/plan-pools.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'

export const planOf = (input: RequestInput): AddressPlan => planPools(readRequest(input, { normalize: false }))

export const nodesOf = (plan: AddressPlan): readonly NodePlan[] => [...plan.nodes()]

/** `name subnet subnet` of every node. */
export const places = (plan: AddressPlan): readonly string[] => nodesOf(plan).map(({ name, subnets }) => [name, ...subnets].join(' '))

/** Findings of one check. */
export const findingsOf = (input: RequestInput, rule: string, today = '2026-11-23'): readonly Finding[] =>
  checkPlan(planOf(input), { today }).filter((finding) => finding.rule === rule)

/** `severity cause` of the findings of one check. */
export const verdicts = (input: RequestInput, rule: string): readonly string[] =>
  findingsOf(input, rule).map(({ severity, cause }) => (cause === null ? severity : `${severity} ${cause}`))
