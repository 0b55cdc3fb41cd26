// The machine contract of `kind: AddressPlan`: keys are only ever added. Counts are decimal strings, addresses canonical text.
import { type Finding, isFailing, type Severity, severities } from '../model/finding.ts'
import { type Cidr, formatCidr, formatRange, formatValue } from '../net/index.ts'
import type { AddressPlan, FamilyPool, PoolPlan } from '../plan/address-plan.ts'
import { serviceCapacity, staticBand } from '../plan/capacity.ts'
import type { Search } from '../plan/find-space.ts'
import { type Limit, limitsOf } from '../plan/forecast.ts'
import { type Holding, holdingsOf } from '../plan/other-demand.ts'
import { specOf } from '../plan/spec-of.ts'
import { monthAfter } from '../plan/wording.ts'
import { changeData, type PlanChanges } from './plan-changes.ts'
import type { Json, ReportData } from './report.ts'

export type FailOn = Severity | 'never'

export interface PlanContext {
  readonly version: string
  /** ISO 8601, UTC. */
  readonly generatedAt: string
  readonly failOn: FailOn
  /** What it changes; undefined for a plan from nothing. */
  readonly changes?: PlanChanges | undefined
  /** Free ranges that were looked for. */
  readonly searches?: readonly Search[]
}

/** Share of one, to four places: enough for a bar and stable in a file. */
export const share = (part: bigint, whole: bigint): number => (whole === 0n ? 0 : Number((part * 10_000n) / whole) / 10_000)

const poolData = ({ name }: PoolPlan, { cidr, nodePrefix, slots, withheld, used, available }: FamilyPool): Json => ({
  name,
  cidr: formatCidr(cidr),
  family: cidr.family,
  nodePrefix,
  slots: String(slots),
  reserved: String(withheld),
  used: String(used),
  available: String(available),
  utilization: share(used + withheld, slots),
})

/** First and last address for ClusterIPs that are chosen by hand; undefined where the range is too small to have such a band. */
export function bandOf(cidr: Cidr): string | undefined {
  const band = staticBand(cidr)
  if (band === 0n) return undefined
  return `${formatValue(cidr.family, cidr.base + 1n)}-${formatValue(cidr.family, cidr.base + band)}`
}

const serviceData = (cidr: Cidr): Json => ({
  cidr: formatCidr(cidr),
  family: cidr.family,
  capacity: String(serviceCapacity(cidr)),
  staticBand: bandOf(cidr) ?? null,
})

const holdingData = ({ name, ranges, capacity, needed }: Holding): Json => ({
  name,
  ranges: ranges.map(formatRange),
  capacity: String(capacity),
  needed: needed === undefined ? null : String(needed),
})

/** Month in which a limit is reached; undefined when it is not in sight. */
export const fullIn = ({ years }: Limit, today: string): string | undefined => (years === undefined ? undefined : monthAfter(today, years))

const limitData = (limit: Limit, today: string): Json => ({
  limit: limit.what,
  subject: limit.subject,
  unit: limit.unit,
  now: String(limit.now),
  most: String(limit.most),
  podsLeft: limit.podsLeft === undefined ? null : String(limit.podsLeft),
  full: fullIn(limit, today) ?? null,
})

const proposalData = ({ within, proposals }: Search): Json[] =>
  proposals.map(({ cidr, around, doublings, why }, index) => ({
    cidr: formatCidr(cidr),
    chosen: index === 0,
    within: formatCidr(within),
    around: formatCidr(around),
    doublings,
    why,
  }))

function summary(findings: readonly Finding[], failOn: FailOn): Json {
  const counts = severities.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
  return {
    findings: Object.fromEntries(counts),
    waived: findings.filter(({ waived }) => waived !== null).length,
    failOn,
    failing: findings.filter((finding) => isFailing(finding, failOn)).length,
  }
}

export function planData(
  plan: AddressPlan,
  findings: readonly Finding[],
  { version, generatedAt, failOn, changes, searches = [] }: PlanContext,
): ReportData {
  return {
    apiVersion: 'ipam/v1',
    kind: 'AddressPlan',
    metadata: { tool: { name: 'ipam', version }, generatedAt },
    spec: specOf(plan),
    summary: summary(findings, failOn),
    pools: plan.pools.flatMap((pool) => pool.families.map((family) => poolData(pool, family))),
    nodes: () => plan.nodes() as Iterable<Json & object>,
    services: plan.request.serviceCidrs.map(serviceData),
    otherRanges: holdingsOf(plan.request).map(holdingData),
    free: plan.free.map(formatCidr),
    forecast: limitsOf(plan).map((limit) => limitData(limit, generatedAt.slice(0, 10))),
    findings: findings as unknown as readonly Json[],
    ...(changes === undefined ? {} : { changes: changeData(changes) }),
    ...(searches.length === 0 ? {} : { proposals: searches.flatMap(proposalData) }),
  }
}
