// The shape of a profile: what hands out addresses to nodes, with its sizes and hard limits.
import type { Severity } from '../../model/finding.ts'
import type { Cidr, Family } from '../../net/index.ts'

/** How many bits a node prefix may be longer than the pool's prefix before somebody refuses it. */
interface GapLimit {
  readonly bits: number
  readonly severity: Severity
  /** Who refuses more, as a clause. */
  readonly says: string
}

/** Network interfaces of a machine whose addresses come from them (EKS). */
export interface Instance {
  readonly interfaces: number
  /** IPv4 addresses of one interface. */
  readonly addresses: number
  /** Prefixes of 16 addresses on the interfaces instead of single addresses. */
  readonly prefixes: boolean
  /** The first interface gives no addresses to pods. */
  readonly customNetworking: boolean
  readonly vcpus: number | undefined
}

/** What a number of blocks or pods depends on. */
export interface NodeShape {
  readonly family: Family
  /** Prefix length of a block. */
  readonly prefix: number
  readonly maxPods: number
  readonly instance: Instance | undefined
}

/** A number that the vendor does not let anybody exceed. */
export interface VendorLimit {
  readonly most: number
  readonly says: string
  readonly link: string
}

/** A network that the system uses for itself unless it is told otherwise. */
interface InternalNetwork {
  readonly cidr: Cidr
  readonly what: string
}

export interface Profile {
  /** Word for --profile. */
  readonly id: string
  readonly title: string
  /** `fixed`: each node has one block, and the plan says which. `dynamic`: the system itself chooses blocks or addresses when they are needed. */
  readonly handout: 'fixed' | 'dynamic'
  /** `one`: all nodes get blocks of one size from one range; `each`: every node pool may have its own. */
  readonly masks: 'one' | 'each'
  /** Prefix length of a block where the request gives none; from the pods where the system lets one choose. */
  readonly prefixFor: (family: Family, maxPods: number | undefined, instance: Instance | undefined) => number
  /** What the system takes as a block's prefix length. */
  readonly prefixes: Readonly<Record<Family, { readonly shortest: number; readonly longest: number }>>
  readonly gap: Readonly<Record<Family, readonly GapLimit[]>>
  /** False where a pool must divide into two blocks at least. */
  readonly oneBlock: boolean
  /** Pods on a node where the request does not say. */
  readonly maxPods: (instance: Instance | undefined) => number
  /** Addresses of each block that pods never get. */
  readonly lost: Readonly<Record<Family, number>>
  /** Addresses that a node takes out of its blocks for itself. */
  readonly lostPerNode: (shape: NodeShape) => number
  readonly blocksPerNode: (shape: NodeShape) => number
  /** True where a node takes all its blocks when it starts; else one, and more as pods come. */
  readonly claimsAtOnce: boolean
  /** Most blocks that one node may hold. */
  readonly mostBlocksPerNode?: VendorLimit
  /** True where nobody else sees to it that an address rests before it is given again (PLN-001). */
  readonly doubling: boolean
  /** Addresses at the ends of a range that the cloud keeps for itself. */
  readonly ends: { readonly first: number; readonly last: number }
  /** Addresses of a node network that no node can have. */
  readonly lostPerNodeNetwork: number
  /** Pods have addresses of the node network, by design. */
  readonly podsInNodeNetwork: boolean
  readonly mostNodes?: VendorLimit
  /** Most pods on one node. */
  readonly podLimit: (instance: Instance | undefined) => VendorLimit | undefined
  /** Nodes beyond which the routes to their blocks no longer fit. */
  readonly mostRoutes?: VendorLimit
  /** The control plane is run by the vendor, outside of an overlay network that the pods are in. */
  readonly outsideControlPlane: boolean
  readonly internal: readonly InternalNetwork[]
  /** How bad a Service range inside the pod range is, as long as blocks are left: medium where the controller leaves those blocks out. */
  readonly serviceRange: Severity
  /** What cannot be changed once the cluster runs. */
  readonly irreversible: readonly string[]
  /** Where the numbers come from. */
  readonly links: readonly string[]
}

/** Identity; it is here for the type. */
export const defineProfile = (profile: Profile): Profile => profile
