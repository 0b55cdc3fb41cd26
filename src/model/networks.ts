// Ranges that are stated and not stored: of the cluster as a whole, and of the world around it.
import type { Cidr } from '../net/index.ts'
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
  readonly cluster?: { readonly name: string; readonly role: DeclaredRange['role']; readonly link: 'mesh' | 'routed' }
  readonly origin: Origin
}
