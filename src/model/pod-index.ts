// What rules look up among the pods. There may be half a million, so that everything is found in one pass over them, and no index holds text of its own.
import type { Address } from '../net/index.ts'
import { collectAddresses, type SortedAddresses } from './address-index.ts'
import { firstWhere } from './first-where.ts'
import type { Pod } from './inventory.ts'
import { isLive } from './pod-state.ts'

export interface PodIndex {
  readonly podsOfNode: ReadonlyMap<string, readonly Pod[]>
  /** Pods that share the address of their node. */
  readonly hostPods: readonly Pod[]
  /** Pods that have, or asked for, interfaces on other networks than the default one: few in most clusters. */
  readonly attachedPods: readonly Pod[]
  /** Pods on which the CNI wrote something down. */
  readonly recordedPods: readonly Pod[]
  /** Live pods that show an address on the default network. */
  holders(address: Address): readonly Pod[]
  /** Addresses of the default network that more than one live pod shows. */
  sharedAddresses(): Iterable<Address>
  /** Addresses of the default network that live pods on the node show. */
  shownOn(node: string): SortedAddresses
  /** Live pods on the node with an address on the default network. */
  countOn(node: string): number
  /** By namespace/name: more than one where a pod and its successor were read in one scan, in the order of their uids. */
  podsNamed(id: string): readonly Pod[]
  /** The last of these. */
  podOf(id: string): Pod | undefined
}

type Id = Pick<Pod, 'namespace' | 'name'>

/** As the joined texts compare, without joining millions of them. */
function compareIds(a: Id, b: Id): number {
  if (a.namespace !== b.namespace) return `${a.namespace}/` < `${b.namespace}/` ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

/** By `namespace/name`, then uid. */
export const comparePods = (a: Pod, b: Pod): number => compareIds(a, b) || (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0)

interface OnNode {
  readonly pods: Pod[]
  addressed: number
}

/** @param pods in the order of comparePods */
export function podIndex(pods: readonly Pod[]): PodIndex {
  const nodes = new Map<string, OnNode>()
  const [hostPods, attachedPods, recordedPods]: [Pod[], Pod[], Pod[]] = [[], [], []]
  const collector = collectAddresses(pods)
  for (const [i, pod] of pods.entries()) {
    const { node, addresses } = pod
    const shows = addresses.length > 0 && isLive(pod)
    if (shows) for (const address of addresses) collector.add(address, i, node ?? '')
    if (pod.hostNetwork) hostPods.push(pod)
    if (pod.interfaces.length > 0 || pod.requested !== undefined) attachedPods.push(pod)
    if (pod.recorded !== undefined) recordedPods.push(pod)
    if (node === undefined) continue
    const own = nodes.get(node) ?? { pods: [], addressed: 0 }
    if (own.pods.length === 0) nodes.set(node, own)
    own.pods.push(pod)
    if (shows) own.addressed++
  }
  const shown = collector.index()

  function podsNamed(id: string): readonly Pod[] {
    const slash = id.indexOf('/')
    const wanted = { namespace: id.slice(0, Math.max(slash, 0)), name: id.slice(slash + 1) }
    const first = firstWhere(pods.length, (i) => compareIds(pods[i] as Pod, wanted) >= 0)
    const end = firstWhere(pods.length, (i) => compareIds(pods[i] as Pod, wanted) > 0)
    return pods.slice(first, end)
  }

  return {
    podsOfNode: new Map([...nodes].map(([node, own]) => [node, own.pods])),
    hostPods,
    attachedPods,
    recordedPods,
    holders: shown.find,
    sharedAddresses: shown.shared,
    shownOn: shown.of,
    countOn: (node) => nodes.get(node)?.addressed ?? 0,
    podsNamed,
    podOf: (id) => podsNamed(id).at(-1),
  }
}
