// Writes a request in its normal form: every default filled in, so that the same text gives the same plan tomorrow.
import { formatCidr, formatRange } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'
import { blockPrefix } from './block-prefix.ts'
import { type NodePool, onlyBase, onlyPool, type PlanRequest, type ReservedRange } from './plan-request.ts'

/** A JSON value without undefined, as -o json writes it. */
export type SpecValue = string | number | readonly SpecValue[] | { readonly [key: string]: SpecValue }
export type Spec = Readonly<Record<string, SpecValue>>

type Draft = Record<string, SpecValue | undefined>

function tidy(draft: Draft): Spec {
  const kept = Object.entries(draft).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
  return Object.fromEntries(kept) as Spec
}

function nodesOf({ nodes }: NodePool): SpecValue | undefined {
  if ('count' in nodes) return nodes.count === 0 ? undefined : nodes.count
  return nodes.named.map(({ name, subnets }) => (subnets.length === 0 ? name : { name, subnets: subnets.map(formatCidr) }))
}

function demandSpec({ profile }: PlanRequest, pool: NodePool, sharing: readonly NodePool[], shared: PlanRequest['clusterCidrs']): Draft {
  const cidrs = pool.cidrs.length > 0 ? pool.cidrs : shared
  const members = pool.cidrs.length > 0 ? [pool] : sharing
  const { surge } = pool
  return {
    cidrs: pool.cidrs.map(formatCidr),
    nodePrefixes: cidrs.map((cidr) => blockPrefix(profile, cidr, members)),
    nodes: nodesOf(pool),
    maxNodes: pool.maxNodes,
    maxPods: pool.maxPods,
    surge: surge === undefined ? undefined : 'count' in surge ? surge.count : `${surge.percent}%`,
    growth: pool.growth === 0 ? undefined : pool.growth,
  }
}

const reservationSpec = ({ range, why }: ReservedRange): SpecValue => (why === '' ? formatRange(range) : { range: formatRange(range), why })

/** True for the one node pool that a request without `nodePools` has. */
function isOnly({ name, nodes, cidrs }: NodePool): boolean {
  return name === onlyPool && cidrs.length === 0 && (!('count' in nodes) || nodes.base === onlyBase)
}

export function specOf({ request }: Pick<AddressPlan, 'request'>): Spec {
  const { nodePools, clusterCidrs } = request
  const sharing = nodePools.filter(({ cidrs }) => cidrs.length === 0)
  const demands = nodePools.map((pool) => demandSpec(request, pool, sharing, clusterCidrs))
  const [first] = nodePools
  const flat = nodePools.length === 1 && first !== undefined && isOnly(first)
  return tidy({
    profile: request.profile.id,
    clusterCidrs: clusterCidrs.map(formatCidr),
    ...(flat ? demands[0] : { nodePools: demands.map((demand, index) => tidy({ name: nodePools[index]?.name, ...demand })) }),
    horizon: request.horizon,
    serviceCidrs: request.serviceCidrs.map(formatCidr),
    serviceCount: request.serviceCount,
    nodeNetworks: request.nodeNetworks.map(formatCidr),
    reservations: request.reservations.map(reservationSpec),
    owned: request.owned.map(formatCidr),
  })
}
