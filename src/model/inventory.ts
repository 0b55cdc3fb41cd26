// What every system's records are translated into, and the only thing that rules see. Words follow docs/glossary.md.
import type { Origin } from './base.ts'
import type { CloudSubnet, ClusterIdentity, DeclaredRange, OutsideNetwork } from './networks.ts'
import type { NodeState } from './node-state.ts'
import type { Allocation, Attachment, Block, Collector, Inconsistency, NodeRecord, Pool, Reservation, Shortage } from './stores.ts'
import type { ClusterDns, ClusterEvent, Endpoint, Node, Pod, Service } from './workloads.ts'

export type { Origin, Time } from './base.ts'
export type { CloudSubnet, ClusterIdentity, ClusterLink, DeclaredRange, OutsideNetwork } from './networks.ts'
export type {
  Allocation,
  Attachment,
  Block,
  BlockClaims,
  Collector,
  Inconsistency,
  NodeRecord,
  Owner,
  Pool,
  Reservation,
  Shortage,
} from './stores.ts'
export type { ClusterDns, ClusterEvent, Endpoint, Interface, Node, NodeAddress, Pod, SandboxFault, Service } from './workloads.ts'

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
  /** What was not read may hold objects of any kind: a file, a stream, or a bundle that does not say what it lacks. A list holds its own kind only. */
  readonly anyKind?: true
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
  readonly clusterDns?: readonly ClusterDns[]
  readonly declared?: readonly DeclaredRange[]
  readonly outside?: readonly OutsideNetwork[]
  readonly clusters?: readonly ClusterIdentity[]
  readonly subnets?: readonly CloudSubnet[]
  readonly attachments?: readonly Attachment[]
  readonly nodeRecords?: readonly NodeRecord[]
  readonly inconsistencies?: readonly Inconsistency[]
  readonly shortages?: readonly Shortage[]
  readonly collectors?: readonly Collector[]
  readonly nodeStates?: readonly NodeState[]
  readonly signals?: readonly ModeSignal[]
  readonly problems?: readonly Problem[]
  readonly coverage?: readonly Coverage[]
}
