// Allocators of the default network that give out addresses right now, each with the space that it gives them from.

import { groupBy } from '../../model/group-by.ts'
import { networkOfDirectory } from '../../model/host-local-ranges.ts'
import type { Allocation, Pool } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isLive, podId } from '../../model/pod-state.ts'
import { compareAddresses, formatAddress, formatRange, holds, type Range, rangeOf, rangeOfAddress, rangeSet, sameAddress } from '../../net/index.ts'

export interface ActiveSpace {
  /** Who allocates, in words that name the system. */
  readonly allocator: string
  readonly system: string
  readonly range: Range
  readonly node: string | undefined
  readonly origin: string
  /** What shows that it allocates now. */
  readonly fact: string
}

/**
 * host-local on the default network of a node, with a file for an address that a live pod there shows. Files alone are not enough: a CNI that was
 * replaced leaves them behind, and podCIDRs that nobody draws from mean nothing (trap T11).
 */
function* hostLocal(inventory: Inventory, recorded: ReadonlySet<string>): Generator<ActiveSpace> {
  for (const state of inventory.nodeStates) {
    const pods = (inventory.podsOfNode.get(state.node) ?? []).filter(isLive)
    for (const directory of state.directories) {
      const own = networkOfDirectory(state, directory)
      if (own === undefined || own.ipam !== 'host-local') continue
      const current = directory.files.flatMap(({ address }) => {
        if (address === undefined) return []
        const pod = pods.find((candidate) => candidate.addresses.some((other) => sameAddress(other, address)))
        // What another store records for the same pod is that store's.
        return pod === undefined || recorded.has(`${podId(pod)}\0${formatAddress(address)}`) ? [] : [{ address, pod }]
      })
      const [first] = current
      if (first === undefined) continue
      const configured = own.rangesFromNode || own.ranges.length === 0 ? [] : own.ranges.map(({ subnet }) => subnet)
      const cidrs = configured.length > 0 ? configured : (inventory.nodeOf.get(state.node)?.podCidrs ?? [])
      for (const cidr of cidrs) {
        yield {
          allocator: 'host-local',
          system: 'host-local',
          range: rangeOf(cidr),
          node: state.node,
          origin: directory.origin,
          fact: `host-local on ${state.node} gave ${formatAddress(first.address)} to ${podId(first.pod)}`,
        }
      }
    }
  }
}

/** Which pools can be asked for at all: those of the default network, in force, that their system fills itself. */
const isActivePool = ({ domain, use, node, disabled, certainty, system }: Pool): boolean =>
  domain === 'default' &&
  use === undefined &&
  node === undefined &&
  disabled !== true &&
  certainty === 'declared' &&
  system !== 'cilium' &&
  system !== 'node-cidr'

/** A live pod has the address that the system itself recorded for it. */
function isCurrent({ domain, owner, purpose, system, address }: Allocation, inventory: Inventory): boolean {
  if (domain !== 'default' || owner.kind !== 'pod' || purpose !== undefined || system === 'cilium') return false
  const pod = inventory.podOf(owner.id)
  return pod !== undefined && isLive(pod) && pod.addresses.some((other) => sameAddress(other, address))
}

const comesFirst = (a: Allocation, b: Allocation): boolean => (compareAddresses(a.address, b.address) || (a.owner.id < b.owner.id ? -1 : 1)) < 0

/** Pools from which a live pod has an address that the system itself recorded for it. Canal has Calico pools for policy only, and no such record. */
function* pools(inventory: Inventory): Generator<ActiveSpace> {
  const candidates = inventory.pools
    .filter(isActivePool)
    .map((pool) => ({ pool, set: rangeSet(pool.ranges), example: undefined as Allocation | undefined }))
  const bySystem = groupBy(candidates, ({ pool }) => pool.system)
  for (const allocation of inventory.allocations) {
    const own = bySystem.get(allocation.system)
    // Whether a pod stands behind a record is asked last: it takes the longest.
    for (const candidate of own ?? []) {
      if (candidate.example !== undefined && !comesFirst(allocation, candidate.example)) continue
      if (holds(candidate.set, allocation.address) && isCurrent(allocation, inventory)) candidate.example = allocation
    }
  }
  for (const { pool, example } of candidates) {
    if (example === undefined) continue
    const fact = `${pool.system} pool ${pool.name} (${pool.ranges.map(formatRange).join(', ')}) gave ${formatAddress(example.address)} to ${example.owner.id}`
    for (const range of pool.ranges)
      yield { allocator: `${pool.system} pool ${pool.name}`, system: pool.system, range, node: undefined, origin: pool.origin, fact }
  }
}

/** Under another CNI Cilium still takes a router, health and ingress address for each node (cozystack #3740). */
function* nodeAddresses(inventory: Inventory): Generator<ActiveSpace> {
  for (const { system, purpose, domain, address, node, origin } of inventory.allocations) {
    if (system !== 'cilium' || domain !== 'default' || purpose === undefined || purpose === 'node endpoint') continue
    const fact = `Cilium on ${node ?? 'a node'} took ${formatAddress(address)} as its ${purpose} address`
    yield { allocator: 'Cilium', system, range: rangeOfAddress(address), node, origin, fact }
  }
}

function recordedForPods(inventory: Inventory): ReadonlySet<string> {
  const ofPods = inventory.allocations.filter(({ domain, owner }) => domain === 'default' && owner.kind === 'pod')
  return new Set(ofPods.map(({ owner, address }) => `${owner.id}\0${formatAddress(address)}`))
}

export function activeSpaces(inventory: Inventory): readonly ActiveSpace[] {
  return [
    ...(inventory.nodeStates.length === 0 ? [] : hostLocal(inventory, recordedForPods(inventory))),
    ...pools(inventory),
    ...nodeAddresses(inventory),
  ]
}
