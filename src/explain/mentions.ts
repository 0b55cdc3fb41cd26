// Everything in the inventory that speaks of certain addresses, whatever system it comes from.
import type { Allocation, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { networkDomains } from '../model/network-domains.ts'
import { isTerminal, isTerminating, podId } from '../model/pod-state.ts'
import { type Address, formatRange, type Range, rangesOverlap } from '../net/index.ts'
import type { Holder, Mention } from './explanation.ts'
import { fileMentions } from './file-mentions.ts'

const DEFAULT = 'default'

/** Addresses of Services lie in the same world as those of pods. */
export const worldOf = (domain: string): string => (domain === 'services' ? DEFAULT : domain)

export type Wanted = (address: Address) => boolean

export const holderOf = (pod: Pod): Holder => ({ kind: 'pod', id: podId(pod), node: pod.node })

const on = (node: string | undefined): string => (node === undefined ? '' : ` on ${node}`)

function conditionOf(pod: Pod): string {
  if (isTerminal(pod)) return `, and has finished (${pod.phase})`
  if (isTerminating(pod)) return ', and is terminating'
  return ''
}

function* podMentions(pod: Pod, wanted: Wanted, domainOf: (network: string) => string): Generator<Mention> {
  // A pod on the host network has no address of its own: its node has it.
  if (pod.hostNetwork) return
  const holder = holderOf(pod)
  const weight = isTerminal(pod) ? 'past' : 'shown'
  const facts = { domain: DEFAULT, holder, weight, origin: pod.origin, recordedAt: pod.sandboxAt ?? pod.startedAt } as const
  const who = `pod ${holder.id}${on(pod.node)}`
  const verb = weight === 'past' ? 'showed' : 'shows'
  for (const address of pod.addresses)
    if (wanted(address)) yield { ...facts, source: 'pod status', address, says: `${who} ${verb} it${conditionOf(pod)}` }
  for (const { network, name, addresses } of pod.interfaces)
    for (const address of addresses)
      if (wanted(address)) {
        const says = `${who} ${verb} it on ${name === '' ? 'network' : `${name}, network`} ${network}${conditionOf(pod)}`
        yield { ...facts, source: 'network-status', domain: domainOf(network), address, says }
      }
  for (const address of pod.recorded?.addresses ?? [])
    if (wanted(address))
      yield {
        ...facts,
        source: `annotation ${pod.recorded?.by}`,
        weight: weight === 'past' ? 'past' : 'recorded',
        address,
        says: `the CNI gave it to ${who}`,
      }
}

const NAMES = { pod: 'pod ', node: 'node ', service: 'Service ', machine: 'machine ', unknown: '' } as const

/** `pod shop/web-0`, or the store's own id where nobody knows what it is. */
export const nameOf = ({ kind, id }: Pick<Holder, 'kind' | 'id'>): string => `${NAMES[kind]}${id === '' ? 'nobody in particular' : id}`

function allocationMention(allocation: Allocation): Mention {
  const { system, pool, address, domain, node, owner, purpose, half, borrowedFrom, handle, unsettled, recordedAt, origin } = allocation
  const details = [
    ...(pool === '' ? [] : [`pool ${pool}`]),
    ...(purpose === undefined ? [] : [purpose]),
    ...(borrowedFrom === undefined ? [] : [`borrowed from the block of ${borrowedFrom}`]),
    ...(half === undefined ? [] : [half]),
    ...(handle === undefined || handle === owner.id ? [] : [`handle ${handle}`]),
    ...(unsettled === undefined ? [] : ['changed while the cluster was read']),
  ]
  const place = node === undefined || (owner.kind === 'node' && owner.id === node) ? '' : on(node)
  const says = `given to ${nameOf(owner)}${place}${details.length === 0 ? '' : ` (${details.join('; ')})`}`
  const holder = { kind: owner.kind, id: owner.id, node }
  return {
    source: domain === 'services' ? 'allocations of Services' : system,
    address,
    domain: worldOf(domain),
    holder,
    weight: 'recorded',
    says,
    origin,
    recordedAt,
  }
}

function* serviceMentions({ services, endpoints, pods, clusterDns }: Inventory, wanted: Wanted): Generator<Mention> {
  for (const service of services) {
    const holder: Holder = { kind: 'service', id: `${service.namespace}/${service.name}`, node: undefined }
    const facts = { source: 'Services', domain: DEFAULT, holder, weight: 'shown', origin: service.origin, recordedAt: service.createdAt } as const
    const lists = [
      ['ClusterIP', service.clusterIps],
      ['external IP', service.externalIps],
      ['load-balancer address', service.loadBalancerIps],
    ] as const
    for (const [what, addresses] of lists)
      for (const address of addresses) if (wanted(address)) yield { ...facts, address, says: `${what} of Service ${holder.id}` }
  }
  const seen = new Set<string>()
  for (const { service, address, ready, podUid, origin } of endpoints) {
    if (!wanted(address)) continue
    const pod = podUid === undefined ? undefined : pods.find(({ uid }) => uid === podUid)
    const says = `Service ${service} sends traffic to it${pod === undefined ? '' : ` for pod ${podId(pod)}`}${ready ? '' : ' when it is ready'}`
    if (seen.has(says)) continue
    seen.add(says)
    const holder = pod === undefined ? undefined : holderOf(pod)
    yield { source: 'endpoints', address, domain: DEFAULT, holder, weight: 'named', says, origin, recordedAt: undefined }
  }
  for (const { address, by, origin } of clusterDns)
    if (wanted(address)) {
      const says = `pods are told to ask it for names (${by})`
      yield { source: 'cluster DNS', address, domain: DEFAULT, holder: undefined, weight: 'named', says, origin, recordedAt: undefined }
    }
}

function* nodeMentions({ nodes, podsOfNode }: Inventory, wanted: Wanted): Generator<Mention> {
  for (const node of nodes)
    for (const { type, address } of node.addresses) {
      if (!wanted(address)) continue
      const sharing = (podsOfNode.get(node.name) ?? []).filter((pod) => pod.hostNetwork && !isTerminal(pod)).length
      const says = `${type} of node ${node.name}${sharing === 0 ? '' : `, shared by ${sharing} ${sharing === 1 ? 'pod' : 'pods'} on the host network`}`
      const holder: Holder = { kind: 'node', id: node.name, node: node.name }
      yield { source: 'nodes', address, domain: DEFAULT, holder, weight: 'shown', says, origin: node.origin, recordedAt: node.createdAt }
    }
}

/** In the order in which a person trusts them: what is in use, what is written down, who points to it. */
export function* mentionsOf(inventory: Inventory, wanted: Wanted): Generator<Mention> {
  const domainOfNetwork = networkDomains(inventory.attachments)
  for (const pod of inventory.pods) yield* podMentions(pod, wanted, domainOfNetwork)
  yield* nodeMentions(inventory, wanted)
  for (const allocation of inventory.allocations) if (wanted(allocation.address)) yield allocationMention(allocation)
  for (const state of inventory.nodeStates) yield* fileMentions(inventory, state, wanted)
  yield* serviceMentions(inventory, wanted)
}

/** Lists of a cloud speak of ranges; what they hold is no single address. */
export const subnetMentions = ({ subnets }: Inventory, range: Range): readonly string[] =>
  subnets.flatMap(({ provider, id, used }) =>
    (used ?? []).filter((held) => rangesOverlap(held, range)).map((held) => `${provider} lists ${formatRange(held)} of ${id} as held`),
  )
