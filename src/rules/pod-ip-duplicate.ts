// DUP-101: two live pods show one address on the same network.
import type { Confidence, Violation } from '../model/finding.ts'
import type { Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { comparePods } from '../model/pod-index.ts'
import { isLive, isOverdue, isTerminal, isTerminating, podId, runningSince } from '../model/pod-state.ts'
import { type Address, compareAddresses, formatAddress } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { interfaceDomains } from './facts/attachment-domains.ts'
import { duplicateRecords } from './facts/duplicate-records.ts'
import { needs } from './facts/gaps.ts'
import { sharedAddresses } from './facts/shared-addresses.ts'

interface Group {
  readonly domain: string
  readonly address: Address
  readonly pods: Pod[]
  /** Of the definitions through which the pods are attached; undefined stands for one that says none or was not given. */
  readonly segments: ReadonlySet<string | undefined>
}

/** One pod with an address. */
interface Holder {
  readonly space: string
  readonly domain: string
  readonly address: Address
  readonly pod: Pod
  readonly segment: string | undefined
}

/** Only those of the default network that may share their address: nearly all pods have one of their own. */
function* holdersOf(inventory: Inventory): Generator<Holder> {
  const onDefault = (address: Address) =>
    inventory.holders(address).map((pod): Holder => ({ space: 'default', domain: 'default', address, pod, segment: undefined }))
  for (const address of inventory.sharedAddresses()) yield* onDefault(address)
  const domainOf = interfaceDomains(inventory)
  for (const pod of inventory.attachedPods) {
    if (!isLive(pod)) continue
    for (const { network, addresses } of pod.interfaces) {
      const { domain, attachment, perNode } = domainOf(pod, network)
      // A bridge that nothing leaves is a network of its own on each node.
      const space = perNode ? `${domain}\0${pod.node ?? ''}` : domain
      for (const address of addresses) {
        yield { space, domain, address, pod, segment: attachment?.segment }
        if (space === 'default') yield* onDefault(address)
      }
    }
  }
}

/** All addresses with two pods or more. */
function sharedByPods(inventory: Inventory): Group[] {
  return sharedAddresses(holdersOf(inventory), ({ space }) => space)
    .map((holders): Group => {
      const [{ domain, address }] = holders
      const pods = [...new Set(holders.map(({ pod }) => pod))].sort(comparePods)
      return { domain, address, pods, segments: new Set(holders.map(({ segment }) => segment)) }
    })
    .filter(({ pods }) => pods.length > 1)
    .sort((a, b) => (a.domain < b.domain ? -1 : a.domain > b.domain ? 1 : compareAddresses(a.address, b.address)))
}

function violationOf({ domain, address, pods, segments }: Group, inventory: Inventory, options: RuleOptions): Violation {
  const text = formatAddress(address)
  const leaving = pods.filter((pod) => isTerminating(pod) && !isOverdue(pod, inventory.observedAt, options.grace))
  const staying = pods.filter((pod) => !leaving.includes(pod))
  const nodes = [...new Set(pods.flatMap((pod) => pod.node ?? []))].sort()
  const facts = {
    domain,
    addresses: [text],
    nodes,
    owners: pods.map(podId),
    evidence: pods.map((pod) => ({
      source: pod.origin,
      fact: `${podId(pod)} on ${pod.node ?? 'no node'} is ${isTerminating(pod) ? 'terminating' : pod.phase} and shows ${text}`,
    })),
  }
  if (staying.length < 2) {
    return {
      ...facts,
      severity: 'low',
      cause: 'terminating',
      message: `${text} is shown by ${pods.length} pods, all but ${staying.length} of them terminating: normal while a successor takes over`,
    }
  }
  const settled = staying.every((pod) => (runningSince(pod) ?? inventory.observedAt) < inventory.observedAt - options.grace)
  // One space of addresses over several links (other master, other VLAN): whether they are one segment stands nowhere.
  const apart = segments.size > 1 && !segments.has(undefined)
  const confidence: Confidence = apart ? 'possible' : settled ? 'certain' : 'likely'
  const where = nodes.length === 1 ? `on ${nodes[0]}` : `on ${nodes.join(' and ')}`
  return {
    ...facts,
    confidence,
    message: `${text} is held by ${staying.length} live pods ${where}: ${staying.map(podId).join(', ')}${apart ? `; they are attached to different links (${[...segments].sort().join(', ')})` : ''}`,
  }
}

/** Variant: traffic for a Service goes to the address of a finished pod (kubernetes #109414). */
function* staleEndpoints(inventory: Inventory): Generator<Violation> {
  if (inventory.endpoints.length === 0) return
  const finished = new Map(inventory.pods.filter((pod) => isTerminal(pod)).map((pod) => [pod.uid, pod]))
  for (const endpoint of inventory.endpoints) {
    const pod = endpoint.ready && endpoint.podUid !== undefined ? finished.get(endpoint.podUid) : undefined
    if (pod === undefined) continue
    yield {
      severity: 'medium',
      cause: 'endpoint-of-finished-pod',
      message: `Service ${endpoint.service} sends traffic to ${formatAddress(endpoint.address)} of ${podId(pod)}, which has ${pod.phase.toLowerCase()}: the address may belong to another pod by now`,
      addresses: [formatAddress(endpoint.address)],
      nodes: pod.node === undefined ? [] : [pod.node],
      owners: [podId(pod), endpoint.service],
      evidence: [{ source: endpoint.origin, fact: `endpoint is ready and points to pod uid ${pod.uid}` }],
    }
  }
}

export const podIpDuplicate = defineRule({
  id: 'DUP-101',
  name: 'pod-ip-duplicate',
  title: 'Two live pods have one address',
  severity: 'critical',
  revision: 2,
  why: 'Replies go to whichever pod the route or ARP cache names: connections reset, and one pod answers for another.',
  predicate:
    'Two pods (by uid) of one network, neither host-network nor finished, show the same address. Certain when all have run for longer than the grace, else likely. With only one that is not terminating: low. The same for records in custom resources: one address of one network for two pods that are both there, neither of which shows another (likely). Medium: a ready endpoint points to a finished pod.',
  guards: [
    'T1: finished pods keep their last podIP in status.',
    'T2: an address that vanished from a finished pod proves nothing.',
    'T3: a terminating pod and its successor can show one address until the deadline plus the grace.',
    'T24: addresses are compared inside one routing domain only: whereabouts networks by network_name, bridges without an uplink node by node; with different links under one name no more than possible.',
    'Host-network pods share the address of their node.',
  ],
  playbook: 'R16',
  links: [
    'https://github.com/antrea-io/antrea/issues/8239',
    'https://github.com/flannel-io/flannel/issues/1437',
    'https://github.com/kubernetes/kubernetes/issues/92697',
  ],
  gaps: (inventory) => needs(inventory, 'pods', 'duplicate pod addresses'),
  *check(inventory, options) {
    const shared = sharedByPods(inventory)
    for (const group of shared) yield violationOf(group, inventory, options)
    yield* duplicateRecords(inventory, options, new Set(shared.map(({ domain, address }) => `${domain}\0${formatAddress(address)}`)))
    yield* staleEndpoints(inventory)
  },
})
