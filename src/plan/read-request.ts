// Reads a plan request from its JSON form, whether that came from flags or from a file, and refuses what contradicts itself.
import { type Cidr, formatCidr } from '../net/index.ts'
import { type ExternalNetwork, type NodePool, onlyBase, onlyPool, type PlanRequest, type ReservedRange } from './plan-request.ts'
import type { Instance, Profile } from './profiles/define-profile.ts'
import { profiles } from './profiles/index.ts'
import { readName, readNodeList, refuseClashes } from './read-node-list.ts'
import { readNodePrefixes } from './read-node-prefixes.ts'
import { readSecondaryNetworks } from './read-secondary-networks.ts'
import { quote, readCidr, readPercent, readRange, readSurge, readTexts } from './read-values.ts'
import { RequestFault, type RequestPath } from './request-fault.ts'
import type { RequestInput } from './request-schema.ts'

export interface ReadOptions {
  /** Mask host bits instead of refusing them. */
  readonly normalize: boolean
}

type PoolInput = NonNullable<RequestInput['nodePools']>[number]

const defaultHorizon = 3

function readProfile(id: string | undefined): Profile {
  const profile = id === undefined ? profiles[0] : profiles.find((known) => known.id === id)
  if (profile === undefined)
    throw new RequestFault(['profile'], `${quote(id ?? '')} is no profile; there is ${profiles.map((known) => known.id).join(', ')}`)
  return profile
}

/** One range of each family at most, as kube-controller-manager and the API server demand. */
function readPair(value: string | readonly string[] | undefined, path: RequestPath, what: string, options: ReadOptions): readonly Cidr[] {
  const cidrs = readTexts(value, path).map((text) => readCidr(text, options.normalize))
  const [first, second] = cidrs
  if (cidrs.length > 2) throw new RequestFault(path, `has ${cidrs.length} ranges; ${what} is one range, or one IPv4 and one IPv6 range`)
  if (first !== undefined && second !== undefined && first.family === second.family) {
    throw new RequestFault(
      path,
      `${formatCidr(first)} and ${formatCidr(second)} are both IPv${first.family}; a dual-stack pair is one IPv4 and one IPv6 range`,
    )
  }
  return cidrs
}

function readReservations(value: RequestInput['reservations'], options: ReadOptions): readonly ReservedRange[] {
  const list = typeof value === 'string' ? [value] : (value ?? [])
  return list.flatMap((entry, index) => {
    const path = ['reservations', index]
    const { range, why = '' } = typeof entry === 'string' ? { range: entry } : entry
    return readTexts(range, typeof entry === 'string' ? path : [...path, 'range']).map((text) => ({ range: readRange(text, options.normalize), why }))
  })
}

function readExternalNetworks(value: RequestInput['externalNetworks'], options: ReadOptions): readonly ExternalNetwork[] {
  const list = typeof value === 'string' ? [value] : (value ?? [])
  return list.flatMap((entry, index) => {
    const path = ['externalNetworks', index]
    const { range, name = '' } = typeof entry === 'string' ? { range: entry } : entry
    return readTexts(range, typeof entry === 'string' ? path : [...path, 'range']).map((text) => ({
      range: readRange(text, options.normalize),
      name,
    }))
  })
}

function readInstance(input: PoolInput['instance'], path: RequestPath): Instance | undefined {
  if (input === undefined) return undefined
  const { interfaces, addresses, prefixes = false, customNetworking = false, vcpus } = input
  if (interfaces < (customNetworking ? 2 : 1)) throw new RequestFault([...path, 'interfaces'], 'leaves no interface for pods')
  if (addresses < 2) throw new RequestFault([...path, 'addresses'], "must be 2 or more: the first is the interface's own")
  return { interfaces, addresses, prefixes, customNetworking, vcpus }
}

function readNodePool(input: PoolInput, path: RequestPath, shared: readonly Cidr[], options: ReadOptions): NodePool {
  const { surge, growth, maxPods, maxNodes } = input
  const name = readName(input.name, [...path, 'name'])
  const cidrs = readPair(input.cidrs, [...path, 'cidrs'], 'a node pool', options)
  if (maxPods === 0) throw new RequestFault([...path, 'maxPods'], 'must be 1 or more')
  return {
    name,
    nodes: readNodeList(input.nodes, path.length === 0 ? onlyBase : name, [...path, 'nodes']),
    maxNodes,
    surge: surge === undefined ? undefined : readSurge(surge, [...path, 'surge']),
    growth: growth === undefined ? 0 : readPercent(growth, [...path, 'growth']),
    maxPods,
    instance: readInstance(input.instance, [...path, 'instance']),
    cidrs,
    nodePrefixes: readNodePrefixes(input.nodePrefixes, cidrs.length === 0 ? shared : cidrs, [...path, 'nodePrefixes']),
  }
}

/** Keys that speak of all nodes where there are no node pools, and are the default of each where there are. */
function poolInputs(input: RequestInput): readonly { readonly input: PoolInput; readonly path: RequestPath }[] {
  const { surge, growth, maxPods, nodePrefixes, instance } = input
  const shared = { ...defined({ surge, growth, maxPods, nodePrefixes, instance }) }
  if (input.nodePools === undefined)
    return [{ input: { name: onlyPool, ...shared, ...defined({ nodes: input.nodes, maxNodes: input.maxNodes }) }, path: [] }]
  if (input.nodePools.length === 0) throw new RequestFault(['nodePools'], 'is empty; leave it out or name a node pool')
  for (const key of ['nodes', 'maxNodes'] as const) {
    if (input[key] !== undefined) throw new RequestFault([key], 'contradicts nodePools; give the number in each node pool')
  }
  const names = new Set<string>()
  return input.nodePools.map((pool, index) => {
    if (names.has(pool.name)) throw new RequestFault(['nodePools', index, 'name'], `${quote(pool.name)} is there twice`)
    names.add(pool.name)
    return { input: { ...shared, ...pool }, path: ['nodePools', index] }
  })
}

/** Without the keys that have no value, as exactOptionalPropertyTypes wants it. */
function defined<T extends object>(object: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}

/** @throws RequestFault */
export function readRequest(input: RequestInput, options: ReadOptions): PlanRequest {
  const clusterCidrs = readPair(input.clusterCidrs, ['clusterCidrs'], 'the pod range of a cluster', options)
  const pools = poolInputs(input)
  const nodePools = pools.map((pool) => readNodePool(pool.input, pool.path, clusterCidrs, options))
  if (clusterCidrs.length === 0 && nodePools.some(({ cidrs }) => cidrs.length === 0)) {
    throw new RequestFault(['clusterCidrs'], 'missing; say which range pods are to get addresses from, like 10.244.0.0/16')
  }
  refuseClashes(nodePools.map(({ nodes }, index) => ({ nodes, path: [...(pools[index]?.path ?? []), 'nodes'] })))
  const list = (value: string | readonly string[] | undefined, key: string) =>
    readTexts(value, [key]).map((text) => readCidr(text, options.normalize))
  return {
    profile: readProfile(input.profile),
    clusterCidrs,
    nodePools,
    horizon: input.horizon ?? defaultHorizon,
    serviceCidrs: readPair(input.serviceCidrs, ['serviceCidrs'], 'the Service range of a cluster', options),
    serviceCount: input.serviceCount,
    loadBalancerRanges: readTexts(input.loadBalancerRanges, ['loadBalancerRanges']).map((text) => readRange(text, options.normalize)),
    loadBalancerCount: input.loadBalancerCount,
    secondaryNetworks: readSecondaryNetworks(input.secondaryNetworks, options),
    nodeNetworks: list(input.nodeNetworks, 'nodeNetworks'),
    reservations: readReservations(input.reservations, options),
    externalNetworks: readExternalNetworks(input.externalNetworks, options),
    owned: list(input.owned, 'owned'),
  }
}
