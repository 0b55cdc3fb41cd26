// Who really uses addresses: pods, nodes, Services, and what events and endpoints say of them.
import type { Address, Cidr } from '../net/index.ts'
import type { Origin, Time } from './base.ts'

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
  readonly createdAt?: Time | undefined
  readonly scheduledAt?: Time | undefined
  readonly startedAt?: Time | undefined
  /** When its sandbox got its network for the last time (condition PodReadyToStartContainers). */
  readonly sandboxAt?: Time | undefined
  /** When the last of its containers ended, for a pod that has finished. */
  readonly finishedAt?: Time | undefined
  /** metadata.deletionTimestamp: the deadline of a terminating pod (request time plus its grace period). */
  readonly deletedAt?: Time | undefined
  /** Label values that name the program of a system pod: k8s-app, app, component. */
  readonly app?: string | undefined
  /** status.reason: Evicted, NodeLost, ... */
  readonly reason?: string | undefined
  /** What the CNI itself wrote onto the pod, by annotation key. No addresses: it has taken the sandbox down and given them back. */
  readonly recorded?: { readonly by: string; readonly addresses: readonly Address[] } | undefined
  /** Network attachments asked for, as namespace/name. */
  readonly requested?: readonly string[] | undefined
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
  /** Serves names: port 53, or named so. */
  readonly dns?: true
  readonly createdAt?: Time
  readonly origin: Origin
}

/** An address that every pod is told to ask for names (kubelet's clusterDNS). */
export interface ClusterDns {
  readonly address: Address
  readonly by: string
  readonly origin: Origin
}

/** Why a sandbox could not be set up, told from the words of whoever failed; `other` where the words are not known. */
export type SandboxFault = 'no-address-left' | 'plugin-missing' | 'not-configured' | 'daemon-not-ready' | 'other'

/** What an Event object adds: why a node has no range, which pod a failed sandbox belonged to, why a pod waits. */
export interface ClusterEvent {
  readonly kind: 'no-node-range' | 'sandbox-failed' | 'not-scheduled'
  /** Node name, or namespace/name of the pod. */
  readonly subject: string
  /** Sandbox id named in the message. */
  readonly sandbox?: string
  /** Of a sandbox that could not be set up; one that could not be torn down has none. */
  readonly fault?: SandboxFault
  /** What the message names as full, or missing: a range set, pools, a plugin. */
  readonly about?: string
  /** Its own words, cut where they are long. */
  readonly message?: string
  /** How often it was seen, and when for the last time. */
  readonly count?: number
  readonly lastAt?: Time
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
