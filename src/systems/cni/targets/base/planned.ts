// What targets take from a plan, with the words for what is missing.
import { UsageError } from '../../../../model/errors.ts'
import { type Family, formatCidr, rangeOf } from '../../../../net/index.ts'
import type { Claim, Generation } from '../define-target.ts'
import type { ConfPlan, PlannedFamily, PlannedPool } from './conf-plan.ts'

/** @throws Error without a plan, which the command has refused before */
export function planOf({ plan }: Generation): ConfPlan {
  if (plan === undefined) throw new Error('a target that needs a plan was asked to work without one')
  return plan
}

/** @throws UsageError for a plan whose pools have no place */
export function poolsOf(input: Generation): readonly PlannedPool[] {
  const { pools } = planOf(input)
  if (pools.length === 0) throw new UsageError('the plan has no pools: its request does not fit; plan again first')
  return pools
}

export interface FamilyOfPool extends PlannedFamily {
  readonly pool: string
}

/** Every family of every pool. */
export const familiesOf = (input: Generation): readonly FamilyOfPool[] =>
  poolsOf(input).flatMap(({ name, families }) => families.map((family) => ({ ...family, pool: name })))

/**
 * One prefix length for each family, where a system has but one.
 *
 * @throws UsageError when pools differ
 */
export function onePrefix(input: Generation, family: Family, who: string): number | undefined {
  const found = familiesOf(input).filter(({ cidr }) => cidr.family === family)
  const [first] = found
  const other = found.find(({ nodePrefix }) => nodePrefix !== first?.nodePrefix)
  if (first !== undefined && other !== undefined) {
    throw new UsageError(
      `${who} has one block size for all nodes, and the plan has /${first.nodePrefix} in the pool ${first.pool} and /${other.nodePrefix} in ${other.pool}`,
    )
  }
  return first?.nodePrefix
}

export const poolClaim = (pool: string): string => `the pool ${pool}`
export const serviceOwner = 'the Services'

/** The pools whole. */
export const poolClaims = (input: Generation): readonly Claim[] =>
  familiesOf(input).map(({ pool, cidr }) => ({ owner: poolClaim(pool), range: rangeOf(cidr) }))

/** The pools without the blocks that are kept out of them. */
export const openClaims = (input: Generation): readonly Claim[] =>
  familiesOf(input).flatMap(({ pool, openBlocks }) => openBlocks.map((cidr) => ({ owner: poolClaim(pool), range: rangeOf(cidr) })))

export const serviceClaims = (input: Generation): readonly Claim[] =>
  planOf(input).serviceCidrs.map((cidr) => ({ owner: serviceOwner, range: rangeOf(cidr) }))

/** Canonical texts, in order. */
export const cidrTexts = (families: readonly Pick<PlannedFamily, 'cidr'>[]): readonly string[] => families.map(({ cidr }) => formatCidr(cidr))
