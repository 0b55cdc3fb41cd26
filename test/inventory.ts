// Small inventories for rule tests: say only what matters, the rest has ordinary values.

import { defaultRange } from '../src/model/host-local-ranges.ts'
import type { Coverage, DeclaredRange, InventoryPart, Mode, ModeSignal, Node, Pod, Service } from '../src/model/inventory.ts'
import { type Inventory, type InventoryFacts, mergeInventory } from '../src/model/merge-inventory.ts'
import type { AllocationFile, HostLocalRange, NodeNetwork, NodeState, StateDirectory } from '../src/model/node-state.ts'
import { parseAddress, parseCidr, tryAddress } from '../src/net/index.ts'

/** Time of observation in all rule tests. */
export const NOW = Date.parse('2026-11-23T12:00:00Z')
export const minutes = (count: number): number => count * 60_000

export function pod(id: string, node: string | undefined, ips: readonly string[], rest: Partial<Pod> = {}): Pod {
  const [namespace = 'shop', name = id] = id.split('/')
  return {
    namespace,
    name,
    uid: rest.uid ?? `uid-${id}`,
    node,
    phase: 'Running',
    hostNetwork: false,
    addresses: ips.map(parseAddress),
    interfaces: [],
    createdAt: NOW - minutes(120),
    scheduledAt: NOW - minutes(120),
    startedAt: NOW - minutes(120),
    origin: 'cluster/pods.json',
    ...rest,
  }
}

export function node(name: string, podCidrs: readonly string[], rest: Partial<Node> = {}): Node {
  return {
    name,
    podCidrs: podCidrs.map(parseCidr),
    addresses: [],
    maxPods: 110,
    schedulable: true,
    ready: true,
    os: 'linux',
    runtime: 'containerd://2.1.0',
    createdAt: NOW - minutes(60 * 24),
    annotations: new Map(),
    virtual: false,
    origin: 'cluster/nodes.json',
    ...rest,
  }
}

export function service(id: string, clusterIps: readonly string[], rest: Partial<Service> = {}): Service {
  const [namespace = 'shop', name = id] = id.split('/')
  return {
    namespace,
    name,
    type: 'ClusterIP',
    clusterIps: clusterIps.map(parseAddress),
    externalIps: [],
    loadBalancerIps: [],
    origin: 'cluster/services.json',
    ...rest,
  }
}

export function declared(role: DeclaredRange['role'], cidr: string, by = 'kubeadm-config', rest: Partial<DeclaredRange> = {}): DeclaredRange {
  return { role, cidr: parseCidr(cidr), by, certainty: 'declared', origin: 'cluster/configmaps.json', ...rest }
}

/** Settles the mode of an inventory, against live addresses too. */
export const modeIs = (mode: Mode, weight: ModeSignal['weight'] = 3): ModeSignal => ({ mode, weight, fact: 'told by the test', origin: 'test' })

export function file(name: string, sandbox: string, ageMinutes: number, rest: Partial<AllocationFile> = {}): AllocationFile {
  return { name, address: tryAddress(name), sandbox, interface: 'eth0', mtime: NOW - minutes(ageMinutes), size: 70, fault: undefined, ...rest }
}

export function network(name: string, subnets: readonly string[], rest: Partial<NodeNetwork> = {}): NodeNetwork {
  const ranges: HostLocalRange[] = subnets.map((text, set) => defaultRange(parseCidr(text), set))
  return {
    name,
    file: `etc/cni/net.d/10-${name}.conflist`,
    order: 0,
    type: 'bridge',
    ipam: 'host-local',
    dataDir: '/var/lib/cni/networks',
    ranges,
    rangesFromNode: false,
    sharedSegment: false,
    ...rest,
  }
}

export function directory(nodeName: string, name: string, files: readonly AllocationFile[], rest: Partial<StateDirectory> = {}): StateDirectory {
  const path = `/var/lib/cni/networks/${name}`
  return { node: nodeName, network: name, path, files, cursors: [], unknown: [], error: undefined, origin: `nodes/${nodeName}${path}`, ...rest }
}

export function nodeState(
  name: string,
  networks: readonly NodeNetwork[],
  directories: readonly StateDirectory[],
  rest: Partial<NodeState> = {},
): NodeState {
  return {
    node: name,
    collectedAt: NOW,
    collectedAtKnown: true,
    bootTime: NOW - minutes(60 * 24 * 7),
    timesKnown: true,
    networks,
    configurationKnown: networks.length > 0,
    directories,
    sandboxes: undefined,
    results: [],
    flannel: undefined,
    configFiles: networks.map((n) => ({ name: n.file, network: n.name, type: n.type, error: undefined })),
    origin: `nodes/${name}`,
    ...rest,
  }
}

/** Coverage is complete for what the part holds, absent for the rest, unless it is given. */
export function inventory(part: InventoryPart, facts: Partial<InventoryFacts> = {}): Inventory {
  const counted = (source: string, list: readonly unknown[] | undefined): Coverage =>
    list === undefined
      ? { source, status: 'absent', read: 0, error: null }
      : { source, status: 'complete', read: Math.max(list.length, 1), error: null }
  const coverage = part.coverage ?? [counted('pods', part.pods), counted('nodes', part.nodes), counted('services', part.services)]
  const blocks =
    part.blocks ??
    (part.nodes ?? []).flatMap((n) =>
      n.podCidrs.map((cidr) => ({ system: 'node-cidr', pool: 'cluster', domain: 'default', cidr, node: n.name, origin: n.origin })),
    )
  return mergeInventory([{ ...part, blocks, coverage }], {
    cluster: 'test',
    now: NOW,
    collectedAt: NOW,
    newestFile: undefined,
    coverage: [],
    ...facts,
  })
}
