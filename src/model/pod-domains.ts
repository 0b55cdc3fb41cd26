// Addresses of pods in the routing domain that their system records for them: a pod of a Kube-OVN VPC shows in status.podIP an address that pods of other
// VPCs may have too (kube-ovn #2026).
import { addressKey } from '../net/index.ts'
import type { Allocation, Pod } from './inventory.ts'
import { podId } from './pod-state.ts'

const DEFAULT = 'default'

/** Domains by pod and address; only of pods that have an address outside of the default domain. */
function recordedDomains(allocations: readonly Allocation[]): Map<string, Map<number | bigint, string>> {
  const byPod = new Map<string, Map<number | bigint, string>>()
  const own = (allocation: Allocation) =>
    allocation.owner.kind === 'pod' || allocation.owner.kind === 'unknown' || allocation.owner.kind === 'machine'
  for (const allocation of allocations) {
    if (allocation.domain === DEFAULT || !own(allocation)) continue
    const known = byPod.get(allocation.owner.id) ?? new Map<number | bigint, string>()
    byPod.set(allocation.owner.id, known.set(addressKey(allocation.address), allocation.domain))
  }
  // An address that the same pod has in the default domain too stays there.
  if (byPod.size > 0) for (const { domain, owner, address } of allocations) if (domain === DEFAULT) byPod.get(owner.id)?.delete(addressKey(address))
  return byPod
}

/** Pods with such addresses moved from the default network to an interface of their domain. */
export function podsInDomains(pods: readonly Pod[], allocations: readonly Allocation[]): readonly Pod[] {
  const domains = recordedDomains(allocations)
  if (domains.size === 0) return pods
  return pods.map((pod) => {
    const own = domains.get(podId(pod))
    const moved = own === undefined ? [] : pod.addresses.filter((address) => own.has(addressKey(address)))
    if (moved.length === 0) return pod
    const interfaces = moved.map((address) => ({ network: own?.get(addressKey(address)) as string, name: 'eth0', addresses: [address] }))
    return { ...pod, addresses: pod.addresses.filter((address) => !moved.includes(address)), interfaces: [...pod.interfaces, ...interfaces] }
  })
}
