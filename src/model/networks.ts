// Ranges that are stated and not stored: of the cluster as a whole, and of the world around it.
import type { Cidr, Range } from '../net/index.ts'
import type { Origin } from './base.ts'

/** A range declared for the whole cluster, and by whom. */
export interface DeclaredRange {
  readonly role: 'pods' | 'services' | 'nodes'
  readonly cidr: Cidr
  /** Node mask of this family where it is stated. */
  readonly nodePrefix?: number
  readonly by: string
  readonly certainty: 'declared' | 'inferred'
  readonly origin: Origin
}

/** A network outside what Kubernetes allocates: corporate networks, docker's bridge. */
export interface OutsideNetwork {
  readonly name: string
  readonly cidr: Cidr
  readonly kind: 'external' | 'host-bridge' | 'connected-cluster'
  readonly node?: string
  /** False where nobody routes to it, or only through address translation. */
  readonly reachable: boolean
  /** Of a connected cluster: its name, what the range is for, and how its pods are reached. */
  readonly cluster?: { readonly name: string; readonly role: DeclaredRange['role']; readonly link: ClusterLink }
  /** In the words of the list that names it: vpn, cloud-service, a role. */
  readonly what?: string
  /** Routing table that a register puts it in; the global one has no name. */
  readonly vrf?: string
  /** From a register of all networks, which may hold the cluster's own ranges too. */
  readonly fromRegister?: true
  readonly origin: Origin
}

export type ClusterLink = 'mesh' | 'routed'

/** This cluster, or one that it is connected with, as somebody calls it. */
export interface ClusterIdentity {
  readonly name?: string
  /** Number or name that tells meshed clusters apart (Cilium's cluster-id). */
  readonly id?: string
  /** How it is connected; this cluster itself has no link. */
  readonly link?: ClusterLink
  readonly origin: Origin
}

/** A subnet as its cloud lists it: pods of ENI and VNet plugins draw from it, beside everything else that the cloud puts there. */
export interface CloudSubnet {
  readonly provider: 'aws' | 'azure' | 'other'
  readonly id: string
  readonly cidr: Cidr
  /** Addresses that the cloud counts as free; undefined where it does not say. */
  readonly free?: bigint
  /** Addresses and prefixes that are held, and those that the cloud keeps; undefined where no list of them was given. It may lack some, never have too many. */
  readonly used?: readonly Range[]
  /** Interfaces that hold addresses and that nothing is attached to. */
  readonly unattached: readonly { readonly id: string; readonly ranges: readonly Range[] }[]
  readonly origin: Origin
}
