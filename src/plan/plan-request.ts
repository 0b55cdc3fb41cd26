// A checked plan request: what is asked for, with every text read and every default filled in.
import type { Cidr, Family, Range } from '../net/index.ts'
import type { Instance, Profile } from './profiles/define-profile.ts'
import type { Surge } from './read-values.ts'

/** A node by name; `subnets` are blocks that it already has, which never move. */
export interface NamedNode {
  readonly name: string
  readonly subnets: readonly Cidr[]
}

/** `count` nodes named `<base>-1` to `<base>-<count>`, or nodes by name. A count is never turned into a list: it may be millions. */
export type NodeList = { readonly count: number; readonly base: string } | { readonly named: readonly NamedNode[] }

/** Nodes of one kind: how many now, how many at most, and what each needs. */
export interface NodePool {
  readonly name: string
  readonly nodes: NodeList
  /** Most nodes that the autoscaler may start; undefined where none is known. */
  readonly maxNodes: number | undefined
  readonly surge: Surge | undefined
  /** Percent a year. */
  readonly growth: number
  readonly maxPods: number | undefined
  readonly instance: Instance | undefined
  /** Ranges of its own; empty when it draws from the cluster CIDRs. */
  readonly cidrs: readonly Cidr[]
  /** As asked for; a family that is missing gets the size that `maxPods` or the profile gives. */
  readonly nodePrefixes: ReadonlyMap<Family, number>
}

export interface ReservedRange {
  readonly range: Range
  readonly why: string
}

/** A network of further interfaces of pods (Multus). */
export interface SecondaryNetwork {
  readonly name: string
  readonly cidr: Cidr
  /** Interface plugin: bridge, macvlan, ... */
  readonly type: string
  readonly ipam: string
  readonly addresses: number | undefined
  readonly surge: Surge | undefined
  readonly excluded: readonly Range[]
}

/** Somebody else's network, which pods must be able to reach. */
export interface ExternalNetwork {
  readonly range: Range
  /** '' where nobody said. */
  readonly name: string
}

export interface PlanRequest {
  readonly profile: Profile
  /** One, or one of each family; the first is the primary family. */
  readonly clusterCidrs: readonly Cidr[]
  /** At least one. */
  readonly nodePools: readonly NodePool[]
  /** Years. */
  readonly horizon: number
  readonly serviceCidrs: readonly Cidr[]
  /** Services expected now; undefined where nothing is known. */
  readonly serviceCount: number | undefined
  readonly loadBalancerRanges: readonly Range[]
  /** Load balancers expected now; undefined where nothing is known. */
  readonly loadBalancerCount: number | undefined
  readonly secondaryNetworks: readonly SecondaryNetwork[]
  readonly nodeNetworks: readonly Cidr[]
  readonly reservations: readonly ReservedRange[]
  readonly externalNetworks: readonly ExternalNetwork[]
  /** Public or special ranges that the user declares to be free for this use. */
  readonly owned: readonly Cidr[]
}

/** The node pool of a request that has no `nodePools`. */
export const onlyPool = 'cluster'

export const nodeCount = (nodes: NodeList): number => ('count' in nodes ? nodes.count : nodes.named.length)

/** Base of the names of counted nodes in a request without `nodePools`. */
export const onlyBase = 'node'
