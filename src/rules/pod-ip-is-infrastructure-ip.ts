// DUP-105: a pod has the address of a node, Service, gateway or tunnel; or two Services share one ClusterIP.
import type { Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Origin, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { podId } from '../model/pod-state.ts'
import { type Address, addressKey, formatAddress, readAddress, sameAddress } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { needs } from './facts/gaps.ts'

interface Holder {
  readonly address: Address
  /** What it is, in words. */
  readonly what: string
  readonly owner: string
  readonly node?: string
  /** A gateway of one node concerns the pods of that node only. */
  readonly onlyOnNode?: boolean
  readonly origin: Origin
}

/** Calico's tunnel addresses and flannel's public ones, as annotations of the Node. */
const TUNNELS = /^projectcalico\.org\/(IPv4IPIPTunnelAddr|IPv[46]VXLANTunnelAddr|IPv[46]WireguardInterfaceAddr)$/

function* infrastructure(inventory: Inventory): Generator<Holder> {
  for (const node of inventory.nodes) {
    for (const { type, address } of node.addresses)
      yield { address, what: `${type} of node ${node.name}`, owner: node.name, node: node.name, origin: node.origin }
    for (const [key, text] of node.annotations) {
      const address = TUNNELS.test(key) ? readAddress(text)?.value : undefined
      if (address !== undefined)
        yield { address, what: `tunnel address of node ${node.name}`, owner: node.name, node: node.name, origin: node.origin }
    }
  }
  // Cilium's router, health and ingress addresses; Calico's tunnels are annotations of the Node, above.
  for (const { system, purpose, owner, domain, address, origin } of inventory.allocations) {
    if (system !== 'cilium' || domain !== 'default' || owner.kind !== 'node' || purpose === undefined || purpose === 'node endpoint') continue
    yield { address, what: `${purpose} address of Cilium on ${owner.id}`, owner: owner.id, node: owner.id, origin }
  }
  for (const state of inventory.nodeStates) {
    for (const network of state.networks) {
      if (network.order !== 0) continue
      for (const range of network.ranges) {
        yield {
          address: range.gateway,
          what: `gateway of network ${network.name} on ${state.node}`,
          owner: state.node,
          node: state.node,
          onlyOnNode: true,
          origin: `${state.origin}/${network.file}`,
        }
      }
    }
  }
  for (const service of inventory.services) {
    const id = `${service.namespace}/${service.name}`
    for (const address of service.clusterIps) yield { address, what: `ClusterIP of Service ${id}`, owner: id, origin: service.origin }
    for (const address of service.loadBalancerIps)
      yield { address, what: `load-balancer address of Service ${id}`, owner: id, origin: service.origin }
  }
}

function podViolation(holder: Holder, pods: readonly Pod[]): Violation {
  const address = formatAddress(holder.address)
  return {
    message: `${address} is the ${holder.what} and also the address of ${pods.map(podId).join(', ')}`,
    addresses: [address],
    nodes: [...new Set([...pods.flatMap((pod) => pod.node ?? []), ...(holder.node === undefined ? [] : [holder.node])])].sort(),
    owners: [...pods.map(podId), holder.owner],
    evidence: [
      { source: holder.origin, fact: `${address} is the ${holder.what}` },
      ...pods.map((pod) => ({ source: pod.origin, fact: `${podId(pod)} on ${pod.node ?? 'no node'} shows ${address}` })),
    ],
  }
}

function* sharedClusterIps(inventory: Inventory): Generator<Violation> {
  const uses = inventory.services.flatMap((service) => service.clusterIps.map((address) => ({ address, service })))
  for (const group of groupBy(uses, ({ address }) => addressKey(address)).values()) {
    const [first] = group
    if (first === undefined || group.length < 2) continue
    const address = formatAddress(first.address)
    const owners = group.map(({ service }) => `${service.namespace}/${service.name}`)
    yield {
      message: `ClusterIP ${address} belongs to ${owners.length} Services: ${owners.join(', ')}`,
      domain: 'services',
      cause: 'shared-cluster-ip',
      addresses: [address],
      owners,
      evidence: group.map(({ service }) => ({ source: service.origin, fact: `${service.namespace}/${service.name} has clusterIP ${address}` })),
    }
  }
}

/** Every pod asks this address for names, and whoever has it gets the questions (k3s-io/k3s#10611). */
function* takenDnsAddresses(inventory: Inventory): Generator<Violation> {
  const told = [...groupBy(inventory.clusterDns, ({ address }) => addressKey(address)).values()].flatMap((group) => group[0] ?? [])
  for (const { address, by, origin } of told) {
    const owners = inventory.services.filter((service) => service.clusterIps.some((ip) => sameAddress(ip, address)))
    if (owners.length === 0 || owners.some(({ dns }) => dns === true)) continue
    const names = owners.map(({ namespace, name }) => `${namespace}/${name}`)
    const text = formatAddress(address)
    yield {
      severity: 'high',
      cause: 'dns-address-taken',
      message: `pods are told to ask ${text} for names, which is the ClusterIP of ${names.join(', ')} and of no DNS Service`,
      domain: 'services',
      addresses: [text],
      owners: names,
      evidence: [
        { source: origin, fact: `${by} has clusterDNS ${text}` },
        ...owners.map((service) => ({ source: service.origin, fact: `${service.namespace}/${service.name} has clusterIP ${text}` })),
      ],
    }
  }
}

export const podIpIsInfrastructureIp = defineRule({
  id: 'DUP-105',
  name: 'pod-ip-is-infrastructure-ip',
  title: 'A pod has the address of a node, Service, gateway or tunnel',
  severity: 'critical',
  revision: 1,
  why: 'Traffic for the node or Service reaches the pod or nobody; such clashes take down API access or cluster DNS.',
  predicate:
    'The address of a live pod equals a node’s InternalIP, ExternalIP or tunnel address, a ClusterIP, a load-balancer address, or the gateway of its node’s network; or two Services share one ClusterIP. High: the DNS address that kubelet hands out belongs to a Service that serves no names.',
  guards: [
    'Host-network pods have their node’s address by design.',
    'Headless Services have no address.',
    'The DNS Service goes by many names: one with dns in its name or k8s-app label, or with port 53, is one.',
    'Load-balancer addresses shared by several Services on purpose (MetalLB, Cilium sharing keys).',
  ],
  playbook: 'R16',
  links: [
    'https://github.com/projectcalico/calico/issues/3589',
    'https://github.com/kubernetes/dns/issues/273',
    'https://github.com/kubernetes/kubernetes/issues/109927',
    'https://github.com/k3s-io/k3s/issues/10611',
  ],
  gaps(inventory) {
    const pods = needs(inventory, 'pods', 'pods on infrastructure addresses')
    if (pods.length === 0) return []
    return inventory.services.length > 0 ? pods.map((gap) => ({ ...gap, whole: false })) : pods
  },
  *check(inventory) {
    for (const holder of infrastructure(inventory)) {
      const pods = inventory.holders(holder.address).filter((pod) => holder.onlyOnNode !== true || pod.node === holder.node)
      if (pods.length > 0) yield podViolation(holder, pods)
    }
    yield* sharedClusterIps(inventory)
    yield* takenDnsAddresses(inventory)
  },
})
