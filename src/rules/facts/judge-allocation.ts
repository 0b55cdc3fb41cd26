// What stands behind one of Calico's allocations, and what kube-controllers' own clean-up would say of it.
// Its rules: https://github.com/projectcalico/calico/blob/master/kube-controllers/pkg/controllers/node/ipam.go
import type { Confidence } from '../../model/finding.ts'
import type { Allocation, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isLive, isOverdue, isTerminal, isTerminating, podId, runningSince } from '../../model/pod-state.ts'
import { type Address, addressKey, readAddress, sameAddress } from '../../net/index.ts'

export interface Leak {
  readonly cause: 'pod-absent' | 'another-address' | 'finished-pod' | 'vanished-node' | 'service-absent' | 'superseded-tunnel'
  readonly confidence: Confidence
  /** Why nobody has it, in words that follow "and". */
  readonly why: string
}

export type Verdict = Leak | 'held' | 'unknown-owner'

export type Judge = (allocation: Allocation) => Verdict

const showing = (pod: Pod): readonly Address[] => [
  ...pod.addresses,
  ...pod.interfaces.flatMap((one) => one.addresses),
  // What the CNI wrote down is the pod's even where kubelet reports something else (DUP-106).
  ...(pod.recorded?.addresses ?? []),
]

/** Annotations of a Node by kind of tunnel. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'IPIP tunnel': 'IPIPTunnelAddr',
  'VXLAN tunnel': 'VXLANTunnelAddr',
  'WireGuard tunnel': 'WireguardInterfaceAddr',
}

function tunnelVerdict(allocation: Allocation, inventory: Inventory): Verdict {
  const { address, purpose = '', node = '' } = allocation
  const key = `projectcalico.org/IPv${address.family}${ANNOTATIONS[purpose]}`
  const text = inventory.nodeOf.get(node)?.annotations.get(key)
  const current = text === undefined ? undefined : readAddress(text)?.value
  if (current === undefined || sameAddress(current, address)) return 'held'
  return { cause: 'superseded-tunnel', confidence: 'likely', why: `the node uses ${text} as its ${purpose} address now` }
}

function finishedVerdict(pod: Pod, inventory: Inventory, grace: number): Verdict {
  const ended = pod.finishedAt
  if (ended !== undefined && ended + grace > inventory.observedAt) return 'held'
  const words = pod.reason === 'Evicted' ? 'was evicted' : `has ${pod.phase.toLowerCase()}`
  return { cause: 'finished-pod', confidence: ended === undefined ? 'possible' : 'likely', why: `${podId(pod)} ${words}` }
}

function podVerdict(allocation: Allocation, pod: Pod | undefined, inventory: Inventory, grace: number): Verdict {
  const confidence = allocation.recordedAt === undefined ? 'possible' : 'likely'
  if (pod === undefined) return { cause: 'pod-absent', confidence, why: `there is no pod ${allocation.owner.id}` }
  if (isTerminal(pod)) return finishedVerdict(pod, inventory, grace)
  if (isTerminating(pod)) {
    const givenBack = pod.recorded !== undefined && pod.recorded.addresses.length === 0
    if (!givenBack || !isOverdue(pod, inventory.observedAt, grace)) return 'held'
    return { cause: 'finished-pod', confidence: 'likely', why: `${podId(pod)} is terminating and its CNI has taken it down` }
  }
  if (showing(pod).length === 0 || showing(pod).some((address) => sameAddress(address, allocation.address))) return 'held'
  const sandbox = Math.max(pod.sandboxAt ?? 0, runningSince(pod) ?? 0)
  if (sandbox + grace > inventory.observedAt) return 'held'
  return { cause: 'another-address', confidence, why: `pod ${podId(pod)} has another address` }
}

/** @param nodesKnown whether a node that is not in the list is really gone */
export function judgeOf(inventory: Inventory, grace: number, nodesKnown: boolean): Judge {
  const used = new Set<number | bigint>()
  for (const pod of inventory.pods) if (isLive(pod)) for (const address of showing(pod)) used.add(addressKey(address))
  const services = new Set(inventory.services.map(({ namespace, name }) => `${namespace}/${name}`))
  const balanced = new Set(inventory.services.flatMap((service) => service.loadBalancerIps.map(addressKey)))
  const servicesKnown = inventory.coverage.some(({ source, status, read }) => source === 'services' && status === 'complete' && read > 0)
  const foreign = new Set(inventory.nodeRecords.filter((record) => record.foreign === true).map(({ node }) => node))
  const isGone = (node: string | undefined) => nodesKnown && node !== undefined && !inventory.nodeOf.has(node) && !foreign.has(node)

  return (allocation) => {
    const { owner, node, purpose, recordedAt, unsettled } = allocation
    // A live address beats whatever the record says of its node (calico #13538).
    if (used.has(addressKey(allocation.address))) return 'held'
    const young = recordedAt === undefined ? unsettled === true : recordedAt + grace > inventory.observedAt
    const gone = { cause: 'vanished-node', confidence: 'certain', why: `its node ${node} is gone` } as const
    switch (owner.kind) {
      case 'pod': {
        // Two incarnations of one name can be read in one scan.
        const named = inventory.podsNamed(owner.id)
        const pod = named.find((one) => !isTerminal(one)) ?? named[0]
        const waits = pod !== undefined && !isTerminal(pod) && showing(pod).length === 0
        if (isGone(node) && !waits) return unsettled === true && young ? 'held' : gone
        return young ? 'held' : podVerdict(allocation, pod, inventory, grace)
      }
      case 'node':
        if (purpose === undefined || !(purpose in ANNOTATIONS)) return 'held'
        if (isGone(node)) return unsettled === true ? 'held' : gone
        return unsettled === true ? 'held' : tunnelVerdict(allocation, inventory)
      case 'service':
        if (young || !servicesKnown || !owner.id.includes('/') || services.has(owner.id) || balanced.has(addressKey(allocation.address)))
          return 'held'
        return { cause: 'service-absent', confidence: 'likely', why: `there is no Service ${owner.id}` }
      case 'machine':
        return 'held'
      case 'unknown':
        return young ? 'held' : 'unknown-owner'
    }
  }
}
