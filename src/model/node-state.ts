// What one node's own file system says: host-local's state directories, CNI configuration, sandboxes, caches.
import type { Address, Cidr, Range } from '../net/index.ts'
import type { Origin, Time } from './base.ts'

/** One host-local range with its defaults filled in (host-local `range.go`: start = base + 1, end = broadcast - 1 or the last IPv6 address, gateway = base + 1). */
export interface HostLocalRange {
  readonly subnet: Cidr
  readonly range: Range
  readonly gateway: Address
  /** Index of the range set, as in last_reserved_ip.N. */
  readonly set: number
}

/** A network that the node's CNI configuration names. */
export interface NodeNetwork {
  readonly name: string
  /** Configuration file it comes from. */
  readonly file: string
  /** Position in the runtime's order: 0 is the default network; undefined: reached through Multus or a network attachment only. */
  readonly order: number | undefined
  /** Main plugin type: bridge, ptp, flannel, calico, ... */
  readonly type: string
  readonly ipam: string
  readonly dataDir: string
  readonly ranges: readonly HostLocalRange[]
  /** True when the ranges come from the node object or a daemon at run time (usePodCidr, flannel). */
  readonly rangesFromNode: boolean
  /** Bridge or ptp routed per node, or on a segment shared with other nodes (macvlan, ipvlan, bridge with uplink). */
  readonly sharedSegment: boolean
}

export type AllocationFileFault =
  | 'empty'
  | 'nul-filled'
  | 'line-feed-only'
  | 'junk-owner'
  | 'not-a-regular-file'
  | 'too-large'
  | 'other-spelling'
  | 'unreadable'

/** One of host-local's files named by an address. */
export interface AllocationFile {
  /** Name as shown to people (control characters made visible by the source). */
  readonly name: string
  readonly address: Address | undefined
  readonly sandbox: string
  readonly interface: string | undefined
  readonly mtime: Time
  readonly size: number
  readonly fault: AllocationFileFault | undefined
}

/** One `<dataDir>/<network>` directory. */
export interface StateDirectory {
  readonly node: string
  readonly network: string
  /** Absolute path on the node, with the leading slash. */
  readonly path: string
  readonly files: readonly AllocationFile[]
  /** last_reserved_ip.N: set index and text. */
  readonly cursors: readonly { readonly name: string; readonly text: string }[]
  /** Entries that host-local did not write. */
  readonly unknown: readonly { readonly name: string; readonly kind: string }[]
  /** Error text when the directory could not be read whole. */
  readonly error: string | undefined
  readonly origin: Origin
}

/** One sandbox as the runtime lists it (`crictl pods -o json`). */
export interface Sandbox {
  readonly id: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly attempt: number
  readonly ready: boolean
  readonly createdAt: Time
}

/** One file of libcni's result cache: the best offline map from an address to its pod. */
export interface CachedResult {
  readonly network: string
  readonly sandbox: string
  readonly interface: string
  readonly pod: string | undefined
  readonly podUid: string | undefined
  readonly addresses: readonly Address[]
}

export interface NodeState {
  readonly node: string
  readonly collectedAt: Time
  /** False when only file times were there to tell the time of collection. */
  readonly collectedAtKnown: boolean
  readonly bootTime: Time | undefined
  /** False when copying lost the files' own times (no stat.json, and all times lie together). */
  readonly timesKnown: boolean
  readonly networks: readonly NodeNetwork[]
  /** False when no CNI configuration of the node was given. */
  readonly configurationKnown: boolean
  readonly directories: readonly StateDirectory[]
  /** undefined: no listing was given. */
  readonly sandboxes: readonly Sandbox[] | undefined
  readonly results: readonly CachedResult[]
  readonly flannel: { readonly networks: readonly Cidr[]; readonly subnets: readonly Cidr[]; readonly origin: Origin } | undefined
  /** Configuration files in the runtime's order, with what is wrong with each. */
  readonly configFiles: readonly {
    readonly name: string
    readonly network: string | undefined
    readonly type: string | undefined
    readonly error: string | undefined
  }[]
  readonly origin: Origin
}
