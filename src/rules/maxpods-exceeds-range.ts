// CAP-403: kubelet accepts more pods than the node's range has addresses.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy, groupByEach } from '../model/group-by.ts'
import { shownRange } from '../model/host-local-ranges.ts'
import type { Node } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { nodeRanges } from '../model/node-usage.ts'
import { isTerminal } from '../model/pod-state.ts'
import { formatRange } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { needs } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'

interface Room {
  readonly node: Node
  readonly maxPods: number
  /** Pods that take a slot of kubelet and no address. */
  readonly onHost: number
  /** Addresses of the tightest IPv4 range set. */
  readonly usable: bigint
  readonly texts: readonly string[]
}

function roomsOf(inventory: Inventory): readonly Room[] {
  const onHost = groupBy(
    inventory.hostPods.filter((pod) => !isTerminal(pod)),
    (pod) => pod.node,
  )
  return nodeRanges(inventory).flatMap(({ node: name, sets }): Room[] => {
    const node = inventory.nodeOf.get(name)
    const [first, ...others] = sets.filter((set) => set.family === 4)
    if (node?.maxPods === undefined || first === undefined) return []
    const tightest = others.reduce((a, b) => (b.usable < a.usable ? b : a), first)
    return [
      {
        node,
        maxPods: node.maxPods,
        onHost: onHost.get(name)?.length ?? 0,
        usable: tightest.usable,
        texts: tightest.ranges.map((range) => formatRange(shownRange(range))),
      },
    ]
  })
}

/** Azure fixes the block at /24 for 250 pods, and GKE has doubled already: the margin is the vendor's choice there. */
const wantsMargin = (inventory: Inventory): boolean => inventory.mode !== 'azure-overlay' && inventory.mode !== 'gke'

function faultOf({ maxPods, onHost, usable }: Room, margin: boolean): 'too-many-pods' | 'no-reuse-margin' | undefined {
  if (BigInt(maxPods - onHost) > usable) return 'too-many-pods'
  return margin && usable < 2n * BigInt(maxPods) ? 'no-reuse-margin' : undefined
}

function violationOf(rooms: readonly Room[], cause: 'too-many-pods' | 'no-reuse-margin', podsKnown: boolean): Violation {
  const { maxPods, usable } = rooms[0] as Room
  const names = rooms.map(({ node }) => node.name)
  const onHost = rooms.reduce((most, room) => Math.max(most, room.onHost), 0)
  const subject = `${nameList(names)} ${names.length === 1 ? 'accepts' : 'accept'} ${counted(maxPods, 'pod')}`
  const message =
    cause === 'too-many-pods'
      ? `${subject}, and ${names.length === 1 ? 'its range has' : 'each range has'} ${usable} usable addresses (at most ${onHost} of the pods are on the host network)`
      : `${subject} for ${usable} usable addresses: less than two for each pod, so addresses are used again at once`
  return {
    message,
    severity: cause === 'too-many-pods' ? 'high' : 'medium',
    // Without the list of pods those on the host network cannot be taken off.
    confidence: podsKnown ? 'certain' : 'likely',
    addresses: [...new Set(rooms.flatMap(({ texts }) => texts))],
    nodes: names,
    evidence: rooms.slice(0, 10).map(({ node, texts }) => ({
      source: node.origin,
      fact: `node ${node.name}: allocatable.pods ${maxPods}, range ${texts.join(', ')}`,
    })),
    cause,
  }
}

const podsKnown = (inventory: Inventory): boolean => needs(inventory, 'pods', '').length === 0

function gaps(inventory: Inventory): readonly Gap[] {
  const missing = needs(inventory, 'nodes', 'allocatable.pods is not known')
  if (missing.length > 0) return missing
  const ranges = nodeRanges(inventory)
  if (ranges.length === 0) {
    const foreign = !usesNodeRanges(inventory.mode) && inventory.mode !== 'unknown'
    return [{ reason: foreign ? `mode ${inventory.mode} does not take pod addresses from node ranges` : 'no node has a known range', whole: true }]
  }
  const counted = new Set(ranges.map(({ node }) => node))
  const real = inventory.nodes.filter((node) => !node.virtual)
  const rangeless = real.filter((node) => !counted.has(node.name)).map(({ name }) => name)
  const limitless = real.filter((node) => counted.has(node.name) && node.maxPods === undefined).map(({ name }) => name)
  return [
    ...(rangeless.length === 0 ? [] : [{ reason: `the range of ${nameList(rangeless)} is not known`, whole: false }]),
    ...(limitless.length === 0 ? [] : [{ reason: `allocatable.pods of ${nameList(limitless)} is not known`, whole: false }]),
  ]
}

export const maxpodsExceedsRange = defineRule({
  id: 'CAP-403',
  name: 'maxpods-exceeds-range',
  title: 'More pods allowed than addresses',
  severity: 'high',
  revision: 1,
  why: 'The scheduler fills a node up to allocatable.pods and knows nothing of its range: the pods beyond the last address hang, and the autoscaler sees no reason to add a node.',
  predicate:
    'allocatable.pods less the pods on the host network is above the usable addresses of the IPv4 range of the node (high). Medium when only the margin is missing: fewer than two addresses for each allowed pod, so that an address is used again while others still send to it. One finding for all nodes with the same numbers.',
  guards: [
    'Pods on the host network take a slot of kubelet and no address.',
    'T11: only where pods draw from the range of their node; dynamic pools have no such limit.',
    'The margin is not asked for in the modes azure-overlay and gke, where the vendor fixes the range.',
    'IPv6 ranges are large enough for any node.',
  ],
  playbook: 'R7',
  links: [
    'https://github.com/kubernetes/kubernetes/issues/20177',
    'https://github.com/kubernetes/kubernetes/issues/66708',
    'https://github.com/kubernetes-sigs/kubespray/pull/2786',
    'https://github.com/kubernetes/autoscaler/issues/4203',
    'https://github.com/aws/karpenter-provider-aws/issues/4557',
  ],
  gaps,
  *check(inventory) {
    const margin = wantsMargin(inventory)
    const known = podsKnown(inventory)
    const groups = groupByEach(roomsOf(inventory), (room) => {
      const fault = faultOf(room, margin)
      return fault === undefined ? [] : [`${fault}\0${room.maxPods}\0${room.usable}`]
    })
    for (const rooms of groups.values()) {
      const fault = faultOf(rooms[0] as Room, margin)
      if (fault !== undefined) yield violationOf(rooms, fault, known)
    }
  },
})
