// What address systems record: pools, blocks, allocations, and what is wrong with the records themselves. Words follow docs/glossary.md.
import type { Address, Cidr, Family, Range } from '../net/index.ts'
import type { Origin, Time } from './base.ts'

/** A named set of ranges of one family that a system may allocate from. */
export interface Pool {
  readonly system: string
  readonly name: string
  /** Routing domain; addresses are compared inside one domain only. */
  readonly domain: string
  readonly family: Family
  readonly ranges: readonly Range[]
  /** The node whose own pool this is (host-local), else undefined. */
  readonly node?: string
  /** The parts of `ranges` that are really handed out, where a configuration narrows them; all of them when it is not said. */
  readonly handedOut?: readonly Range[]
  /** Addresses that could ever be handed out, when the system says so otherwise than by the size of `ranges`. */
  readonly capacity?: bigint
  /** Prefix length of the blocks that nodes get from it. */
  readonly blockPrefix?: number
  /** Nodes claim blocks of it as they need them, and what is given out are single addresses (Calico). */
  readonly claims?: BlockClaims
  /** Parts of `ranges` that are not handed out at present, free or not: reservations, addresses that cool down after a release. */
  readonly withheld?: readonly Range[]
  /** Addresses of what a node gets from it, where these are no CIDRs. */
  readonly blockSize?: bigint
  readonly disabled?: boolean
  /** Who gets its addresses; pods when it is not said. */
  readonly use?: 'services' | 'load-balancers' | 'attachments' | 'nodes'
  /** The allocator itself refuses to give out an address that another of its pools has given out. */
  readonly guarded?: boolean
  /** Nothing in any input records what was allocated from it, so that its usage is not known. */
  readonly unrecorded?: true
  /** How the pool became known, weakest last: flag of a controller, object, configuration, guess. */
  readonly certainty: 'declared' | 'inferred'
  readonly origin: Origin
}

/** How nodes claim blocks of a pool. */
export interface BlockClaims {
  readonly prefix: number
  /** A node may take addresses of its own blocks only. */
  readonly strict: boolean
  /** Blocks of one family that a node may have; undefined is no limit. */
  readonly perNode?: number
  /** Names of the nodes that may claim; undefined is all of them. `unknown`: it is not known which. */
  readonly nodes?: readonly string[] | 'unknown'
  /** Addresses are given out on explicit request only. */
  readonly manual?: true
}

/** A contiguous part of a pool handed to one node. */
export interface Block {
  readonly system: string
  readonly pool: string
  readonly domain: string
  readonly cidr: Cidr
  /** Empty for a block that is nobody's own. */
  readonly node: string
  /** Where a claim is not yet, or no longer, in force. */
  readonly state?: 'pending' | 'releasing'
  readonly origin: Origin
}

/** Who an allocation names. */
export interface Owner {
  readonly kind: 'pod' | 'node' | 'service' | 'machine' | 'unknown'
  /** namespace/name of a pod or service, node name, or the store's own id. */
  readonly id: string
}

/** A system's record that an address is given to somebody. */
export interface Allocation {
  readonly system: string
  readonly pool: string
  readonly domain: string
  readonly address: Address
  readonly node?: string | undefined
  readonly owner: Owner
  /** CNI's key of an attachment: sandbox id and interface. */
  readonly attachment?: { readonly sandbox: string; readonly interface?: string } | undefined
  readonly recordedAt?: Time | undefined
  /** What it is for, where it is no pod's: vxlan tunnel, router, gateway, load balancer. */
  readonly purpose?: string | undefined
  /** The store writes every allocation down twice, and this one only once: which of the two records is missing, in words. */
  readonly half?: string | undefined
  /** The node whose block it lies in, where that is another one than its own. */
  readonly borrowedFrom?: string | undefined
  /** The store's own key of it (Calico's handle, whereabouts' container id), by which a person finds and frees it. */
  readonly handle?: string | undefined
  /** Live clusters: new or changed since the pods were read, so that a missing pod proves nothing. */
  readonly unsettled?: true | undefined
  readonly origin: Origin
}

/** An address or range that must not be allocated. */
export interface Reservation {
  readonly system: string
  readonly domain: string
  readonly range: Range
  readonly why: string
  /** When it was made: what was allocated before is no fault of the allocator. */
  readonly since?: Time
  readonly gateway?: true
  readonly origin: Origin
}

/** A NetworkAttachmentDefinition, or another definition of a secondary network. */
export interface Attachment {
  /** namespace/name. */
  readonly id: string
  /** CNI network name; where it is absent the id stands for it. */
  readonly network: string
  /** Routing domain of its addresses. */
  readonly domain: string
  readonly plugin: string
  readonly ipam: string
  readonly ranges: readonly Range[]
  /** True when all nodes see one segment: macvlan, ipvlan, host-device, sriov, a bridge with an uplink. */
  readonly shared: boolean
  /** The link under it (master interface and VLAN), as far as the definition says: two networks on one link are one segment. */
  readonly segment?: string
  readonly origin: Origin
}

/** A system's own record of a node (CiliumNode, Calico's affinities of one host, a peer of a ring): without the node it holds addresses for ever. */
export interface NodeRecord {
  readonly system: string
  /** Kubernetes node name that it stands for. */
  readonly node: string
  readonly what: string
  /** Blocks that the record keeps. */
  readonly ranges: readonly Range[]
  /** Addresses that the node asked for, by pool and family; undefined where the system keeps no such number. */
  readonly requested?: readonly { readonly pool: string; readonly family: Family; readonly count: bigint }[]
  /** Ranges on the node's interfaces by the cloud's own list, where the record holds one beside `ranges`. */
  readonly attached?: readonly Range[]
  readonly recordedAt?: Time
  /** True for hosts that the system manages outside Kubernetes. */
  readonly foreign?: true
  readonly origin: Origin
}

/** A store that contradicts itself (DRF-508). */
export interface Inconsistency {
  readonly system: string
  /** Stable key of the record: a name, never a count. */
  readonly subject: string
  /** Named variant, stable: two-affinities, index-out-of-range, counters, ... */
  readonly cause: string
  readonly message: string
  readonly minor?: true
  /** When the record at fault was made: one younger than the grace may be half written. */
  readonly recordedAt?: Time
  /** A time in the record that has to lie in the past: it is a fault only when it lies ahead of the observation. */
  readonly mustBePast?: Time
  readonly addresses?: readonly string[]
  readonly node?: string
  readonly owners?: readonly string[]
  readonly origin: Origin
}

/** An allocator says itself that it could not serve a node or pod. */
export interface Shortage {
  readonly system: string
  readonly pool: string
  readonly node?: string
  /** The allocator's own words. */
  readonly error: string
  readonly origin: Origin
}

/** A system's own clean-up of what nobody holds any more, as it is configured. */
export interface Collector {
  readonly system: string
  /** Milliseconds that it waits before it frees a leak; 0 is off. */
  readonly grace: number
  readonly origin: Origin
}
