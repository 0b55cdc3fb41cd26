// What every system's records are translated into, and the only thing that rules see. Words follow docs/glossary.md.
import type { Address, Cidr, Family, Range } from '../net/index.ts'
import type { Origin, Time } from './base.ts'
import type { NodeState } from './node-state.ts'

export type { Origin, Time } from './base.ts'

/** Who hands out addresses on the default network. */
export type Mode =
  | 'nodeipam+host-local'
  | 'calico'
  | 'cilium-cluster-pool'
  | 'cilium-multi-pool'
  | 'cilium-kubernetes'
  | 'ovn-k'
  | 'kube-ovn'
  | 'aws-vpc'
  | 'azure-flat'
  | 'azure-overlay'
  | 'gke'
  | 'weave'
  | 'unknown'

/** One piece of evidence about the mode. */
export interface ModeSignal {
  readonly mode: Mode
  /** Higher is stronger: 3 live addresses, 2 running daemons or state, 1 configuration. */
  readonly weight: 1 | 2 | 3
  readonly fact: string
  readonly origin: Origin
}

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
  /** Addresses that could ever be handed out, when the system says so otherwise than by the size of `ranges`. */
  readonly capacity?: bigint
  /** Prefix length of the blocks that nodes get from it. */
  readonly blockPrefix?: number
  readonly disabled?: boolean
  /** How the pool became known, weakest last: flag of a controller, object, configuration, guess. */
  readonly certainty: 'declared' | 'inferred'
  readonly origin: Origin
}

/** A contiguous part of a pool handed to one node. */
export interface Block {
  readonly system: string
  readonly pool: string
  readonly domain: string
  readonly cidr: Cidr
  readonly node: string
  readonly origin: Origin
}

/** Who an allocation names. */
export interface Owner {
  readonly kind: 'pod' | 'node' | 'service' | 'unknown'
  /** namespace/name of a pod or service, node name, or the store's own id. */
  readonly id: string
}

/** A system's record that an address is given to somebody. */
export interface Allocation {
  readonly system: string
  readonly pool: string
  readonly domain: string
  readonly address: Address
  readonly node?: string
  readonly owner: Owner
  /** CNI's key of an attachment: sandbox id and interface. */
  readonly attachment?: { readonly sandbox: string; readonly interface?: string }
  readonly recordedAt?: Time
  readonly origin: Origin
}

/** An address or range that must not be allocated. */
export interface Reservation {
  readonly system: string
  readonly domain: string
  readonly range: Range
  readonly why: string
  readonly origin: Origin
}

export interface Interface {
  readonly network: string
  readonly name: string
  readonly addresses: readonly Address[]
}

export interface Pod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly node: string | undefined
  readonly phase: string
  readonly hostNetwork: boolean
  /** Default-network addresses (status.podIPs and podIP). */
  readonly addresses: readonly Address[]
  /** Other networks, from the Multus status annotation. */
  readonly interfaces: readonly Interface[]
  readonly createdAt?: Time
  readonly scheduledAt?: Time
  readonly startedAt?: Time
  /** metadata.deletionTimestamp: the deadline of a terminating pod (request time plus its grace period). */
  readonly deletedAt?: Time
  /** Label values that name the program of a system pod: k8s-app, app, component. */
  readonly app?: string
  readonly origin: Origin
}

export interface NodeAddress {
  readonly type: string
  readonly address: Address
}

export interface Node {
  readonly name: string
  readonly podCidrs: readonly Cidr[]
  readonly addresses: readonly NodeAddress[]
  /** allocatable.pods */
  readonly maxPods?: number
  readonly schedulable: boolean
  readonly ready: boolean | undefined
  readonly os: string
  readonly runtime: string
  readonly createdAt?: Time
  readonly deletedAt?: Time
  /** Annotations of address systems only (prefix filter in workloads.ts). */
  readonly annotations: ReadonlyMap<string, string>
  readonly virtual: boolean
  readonly origin: Origin
}

export interface Service {
  readonly namespace: string
  readonly name: string
  readonly type: string
  readonly clusterIps: readonly Address[]
  readonly externalIps: readonly Address[]
  readonly loadBalancerIps: readonly Address[]
  /** Services with equal keys may share a load-balancer address (MetalLB, Cilium). */
  readonly sharingKey?: string
  readonly app?: string
  readonly createdAt?: Time
  readonly origin: Origin
}

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
  readonly kind: 'external' | 'host-bridge'
  readonly node?: string
  readonly reachable: boolean
  readonly origin: Origin
}

/** What an Event object adds: why a node has no range, which pod a failed sandbox belonged to. */
export interface ClusterEvent {
  readonly kind: 'no-node-range' | 'sandbox-failed'
  /** Node name, or namespace/name of the pod. */
  readonly subject: string
  /** Sandbox id named in the message. */
  readonly sandbox?: string
  readonly origin: Origin
}

/** One address behind a Service (EndpointSlice). */
export interface Endpoint {
  readonly service: string
  readonly address: Address
  readonly ready: boolean
  /** uid of the pod it points to. */
  readonly podUid: string | undefined
  readonly origin: Origin
}

/** A record inside a readable source that could not be used. `unreadable` marks the source partial (SRC-901); `wrong-range` is CFG-602; `ambiguous` is CFG-604. */
export interface Problem {
  readonly kind: 'unreadable' | 'wrong-range' | 'ambiguous'
  readonly source: string
  readonly subject: string
  readonly message: string
  readonly origin: Origin
  readonly node?: string
  readonly addresses?: readonly string[]
}

export type CoverageStatus = 'complete' | 'partial' | 'forbidden' | 'absent' | 'failed'

/** What became of one source. `absent`: the input does not hold this kind at all. */
export interface Coverage {
  readonly source: string
  readonly status: CoverageStatus
  readonly read: number
  readonly error: string | null
}

/** What one system found; `model/merge-inventory.ts` joins the parts. All lists default to empty. */
export interface InventoryPart {
  readonly pools?: readonly Pool[]
  readonly blocks?: readonly Block[]
  readonly allocations?: readonly Allocation[]
  readonly reservations?: readonly Reservation[]
  readonly pods?: readonly Pod[]
  readonly nodes?: readonly Node[]
  readonly services?: readonly Service[]
  readonly events?: readonly ClusterEvent[]
  readonly endpoints?: readonly Endpoint[]
  readonly declared?: readonly DeclaredRange[]
  readonly outside?: readonly OutsideNetwork[]
  readonly nodeStates?: readonly NodeState[]
  readonly signals?: readonly ModeSignal[]
  readonly problems?: readonly Problem[]
  readonly coverage?: readonly Coverage[]
}
