// Addresses that pods and other owners hold, by routing domain: what records say, and what live pods show.
import type { Owner, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { networkDomains } from '../../model/network-domains.ts'
import { isLive, podId, runningSince } from '../../model/pod-state.ts'
import type { Address } from '../../net/index.ts'

export interface AddressUse {
  readonly address: Address
  readonly domain: string
  /** The store that recorded it; undefined where only a pod shows it. */
  readonly system: string | undefined
  readonly owner: string
  readonly node: string | undefined
  readonly since: number | undefined
  readonly origin: string
}

/** Nodes' tunnels, routers and placeholders of an allocator are no use of an address by somebody else. */
const USERS: ReadonlySet<Owner['kind']> = new Set(['pod', 'service', 'machine'])

function* shownBy(pod: Pod, domainOf: (network: string) => string): Generator<AddressUse> {
  const facts = { system: undefined, owner: podId(pod), node: pod.node, since: runningSince(pod), origin: pod.origin }
  for (const address of pod.addresses) yield { ...facts, address, domain: 'default' }
  for (const { network, addresses } of pod.interfaces) for (const address of addresses) yield { ...facts, address, domain: domainOf(network) }
}

/** What is still being written says nothing. */
export function* addressUses(inventory: Inventory): Generator<AddressUse> {
  for (const { system, domain, address, owner, node, recordedAt, unsettled, origin } of inventory.allocations)
    if (USERS.has(owner.kind) && unsettled === undefined) yield { address, domain, system, owner: owner.id, node, since: recordedAt, origin }
  const domainOf = networkDomains(inventory.attachments)
  for (const pod of inventory.pods) if (isLive(pod)) yield* shownBy(pod, domainOf)
}
