// DUP-101: two live pods show one address on the same network.
import type { Confidence, Violation } from '../model/finding.ts'
import type { Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive, isOverdue, isTerminal, isTerminating, podId, runningSince } from '../model/pod-state.ts'
import { type Address, addressKey, compareAddresses, formatAddress } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { needs } from './facts/gaps.ts'

interface Group {
  readonly domain: string
  readonly address: Address
  readonly pods: Pod[]
}

/** All addresses with two holders or more, in one pass over the pods. */
function sharedAddresses(pods: readonly Pod[]): Group[] {
  const domains = new Map<string, Map<number | bigint, Group>>()
  const add = (domain: string, address: Address, pod: Pod) => {
    const index = domains.get(domain) ?? new Map<number | bigint, Group>()
    domains.set(domain, index)
    const group = index.get(addressKey(address))
    if (group === undefined) index.set(addressKey(address), { domain, address, pods: [pod] })
    else if (!group.pods.includes(pod)) group.pods.push(pod)
  }
  for (const pod of pods) {
    if (!isLive(pod)) continue
    for (const address of pod.addresses) add('default', address, pod)
    for (const attached of pod.interfaces) for (const address of attached.addresses) add(attached.network, address, pod)
  }
  return [...domains.values()]
    .flatMap((index) => [...index.values()].filter((group) => group.pods.length > 1))
    .sort((a, b) => (a.domain < b.domain ? -1 : a.domain > b.domain ? 1 : compareAddresses(a.address, b.address)))
}

function violationOf({ domain, address, pods }: Group, inventory: Inventory, options: RuleOptions): Violation {
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
  const confidence: Confidence = settled ? 'certain' : 'likely'
  const where = nodes.length === 1 ? `on ${nodes[0]}` : `on ${nodes.join(' and ')}`
  return { ...facts, confidence, message: `${text} is held by ${staying.length} live pods ${where}: ${staying.map(podId).join(', ')}` }
}

/** Variant: traffic for a Service goes to the address of a finished pod (kubernetes #109414). */
function* staleEndpoints(inventory: Inventory): Generator<Violation> {
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
  revision: 1,
  why: 'Replies go to whichever pod the route or ARP cache names: connections reset, and one pod answers for another.',
  predicate:
    'Two pods (by uid) of one network, neither host-network nor finished, show the same address. Certain when all have run for longer than the grace, else likely. With only one that is not terminating: low. Medium: a ready endpoint points to a finished pod.',
  guards: [
    'T1: finished pods keep their last podIP in status.',
    'T2: an address that vanished from a finished pod proves nothing.',
    'T3: a terminating pod and its successor can show one address until the deadline plus the grace.',
    'T24: addresses are compared inside one network only.',
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
    for (const group of sharedAddresses(inventory.pods)) yield violationOf(group, inventory, options)
    yield* staleEndpoints(inventory)
  },
})
