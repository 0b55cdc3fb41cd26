// Writes a request in its normal form: every default filled in, so that the same text gives the same plan tomorrow.
import { formatCidr, formatRange } from '../net/index.ts'
import type { AddressPlan } from './address-plan.ts'
import { blockPrefix, wishedPrefix } from './block-prefix.ts'
import { layoutPools, type PoolLayout } from './layout-pools.ts'
import { type NodePool, onlyBase, onlyPool, type PlanRequest, type ReservedRange, type SecondaryNetwork } from './plan-request.ts'
import type { Surge } from './read-values.ts'

/** A JSON value without undefined, as -o json writes it. */
type SpecValue = string | number | boolean | readonly SpecValue[] | { readonly [key: string]: SpecValue }
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

type Layouts = ReadonlyMap<NodePool, PoolLayout>

/** As planned; as wished where there was no place to plan it. */
function prefixesOf({ profile, clusterCidrs }: PlanRequest, pool: NodePool, layouts: Layouts): readonly number[] {
  const layout = layouts.get(pool)
  if (layout === undefined || layout.cidrs.length === 0) return clusterCidrs.map(({ family }) => wishedPrefix(profile, family, pool))
  return layout.cidrs.map((cidr) => blockPrefix(profile, cidr, layout.nodePools))
}

function demandSpec(request: PlanRequest, pool: NodePool, layouts: Layouts): Draft {
  return {
    cidrs: pool.cidrs.map(formatCidr),
    nodePrefixes: prefixesOf(request, pool, layouts),
    nodes: nodesOf(pool),
    maxNodes: pool.maxNodes,
    maxPods: pool.maxPods,
    instance: pool.instance && tidy({ ...pool.instance }),
    surge: surgeSpec(pool.surge),
    growth: pool.growth === 0 ? undefined : pool.growth,
  }
}

const surgeSpec = (surge: Surge | undefined): SpecValue | undefined =>
  surge === undefined ? undefined : 'count' in surge ? surge.count : `${surge.percent}%`

const networkSpec = ({ name, cidr, type, ipam, addresses, surge, excluded }: SecondaryNetwork): Spec =>
  tidy({ name, cidr: formatCidr(cidr), type, ipam, addresses, surge: surgeSpec(surge), exclude: excluded.map(formatRange) })

const reservationSpec = ({ range, why }: ReservedRange): SpecValue => (why === '' ? formatRange(range) : { range: formatRange(range), why })

/** True for the one node pool that a request without `nodePools` has. */
function isOnly({ name, nodes, cidrs }: NodePool): boolean {
  return name === onlyPool && cidrs.length === 0 && (!('count' in nodes) || nodes.base === onlyBase)
}

export function specOf({ request }: Pick<AddressPlan, 'request'>): Spec {
  const { nodePools, clusterCidrs } = request
  const layouts = new Map(layoutPools(request).layouts.flatMap((layout) => layout.nodePools.map((pool) => [pool, layout] as const)))
  const demands = nodePools.map((pool) => demandSpec(request, pool, layouts))
  const [first] = nodePools
  const flat = nodePools.length === 1 && first !== undefined && isOnly(first)
  return tidy({
    profile: request.profile.id,
    clusterCidrs: clusterCidrs.map(formatCidr),
    ...(flat ? demands[0] : { nodePools: demands.map((demand, index) => tidy({ name: nodePools[index]?.name, ...demand })) }),
    horizon: request.horizon,
    serviceCidrs: request.serviceCidrs.map(formatCidr),
    serviceCount: request.serviceCount,
    loadBalancerRanges: request.loadBalancerRanges.map(formatRange),
    loadBalancerCount: request.loadBalancerCount,
    secondaryNetworks: request.secondaryNetworks.map(networkSpec),
    nodeNetworks: request.nodeNetworks.map(formatCidr),
    reservations: request.reservations.map(reservationSpec),
    externalNetworks: request.externalNetworks.map(({ range, name }) => (name === '' ? formatRange(range) : { range: formatRange(range), name })),
    owned: request.owned.map(formatCidr),
  })
}
