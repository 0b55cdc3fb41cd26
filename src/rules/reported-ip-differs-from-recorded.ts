// DUP-106: kubelet reports one address of a pod, and the CNI has written down another.
import type { Gap, Violation } from '../model/finding.ts'
import type { Mode, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive, isTerminating, podId, runningSince } from '../model/pod-state.ts'
import { compareAddresses, formatAddress, sameAddress } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { needs } from './facts/gaps.ts'

/** Whose annotation it is. One of a CNI that has been replaced stays on pods that outlived the change, and means nothing. */
const WRITERS: readonly (readonly [prefix: string, mode: Mode])[] = [
  ['cni.projectcalico.org/', 'calico'],
  ['ovn.kubernetes.io/', 'kube-ovn'],
  ['k8s.ovn.org/', 'ovn-k'],
]

function writers(inventory: Inventory): (by: string) => boolean {
  const active = new Set<Mode>([inventory.mode, ...inventory.signals.filter(({ weight }) => weight >= 2).map(({ mode }) => mode)])
  return (by) => WRITERS.some(([prefix, mode]) => by.startsWith(prefix) && active.has(mode))
}

function differs(pod: Pod, inventory: Inventory, options: RuleOptions): boolean {
  const recorded = pod.recorded?.addresses ?? []
  if (recorded.length === 0 || pod.addresses.length === 0 || !isLive(pod) || isTerminating(pod)) return false
  // After a restart of the sandbox the annotation and the status follow one after the other.
  const since = Math.max(pod.sandboxAt ?? 0, runningSince(pod) ?? inventory.observedAt)
  return since + options.grace <= inventory.observedAt && !recorded.some((address) => pod.addresses.some((other) => sameAddress(address, other)))
}

function violationOf(pod: Pod, inventory: Inventory): Violation {
  const recorded = [...(pod.recorded?.addresses ?? [])].sort(compareAddresses)
  const [reportedText, recordedText] = [pod.addresses, recorded].map((list) => list.map(formatAddress).join(', '))
  const others = recorded.flatMap((address) => inventory.holders(address).filter((other) => other !== pod))
  const taken = others.length === 0 ? '' : `, which ${others.map(podId).join(', ')} shows already`
  return {
    confidence: 'likely',
    message: `${podId(pod)}${pod.node === undefined ? '' : ` on ${pod.node}`} reports ${reportedText}, and its CNI recorded ${recordedText}${taken}: the address in use can be freed and given to another pod`,
    addresses: [...pod.addresses, ...recorded].map(formatAddress),
    nodes: pod.node === undefined ? [] : [pod.node],
    owners: [podId(pod)],
    evidence: [
      { source: pod.origin, fact: `${podId(pod)} has status.podIPs ${reportedText}` },
      { source: pod.origin, fact: `${podId(pod)} has annotation ${pod.recorded?.by} ${recordedText}` },
    ],
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'what CNIs recorded on pods'
  const missing = needs(inventory, 'pods', what)
  if (missing.length > 0) return missing
  const isActive = writers(inventory)
  if (inventory.recordedPods.some(({ recorded }) => recorded !== undefined && isActive(recorded.by))) return []
  return [{ reason: `${what}: no pod has an annotation of a CNI that writes its addresses down`, whole: true }]
}

export const reportedIpDiffersFromRecorded = defineRule({
  id: 'DUP-106',
  name: 'reported-ip-differs-from-recorded',
  title: 'A pod reports another address than its CNI recorded',
  severity: 'high',
  revision: 1,
  why: 'The allocator’s clean-up trusts one of the two: it frees the other while the pod still uses it, and the next pod gets it.',
  predicate:
    'A live pod, not terminating and running for longer than the grace, carries an annotation of the CNI in force (Calico’s podIPs or podIP, Kube-OVN’s ip_address, OVN-Kubernetes’ pod-networks) that has no address in common with status.podIPs.',
  guards: [
    'A sandbox restarted within the grace: annotation and status follow one after the other.',
    'T3: terminating pods; an empty annotation means that the CNI has taken the pod down.',
    'Annotations of a CNI that is not in use: they outlive a change of the CNI.',
    'Host-network and finished pods.',
  ],
  playbook: 'R16',
  links: [
    'https://github.com/projectcalico/calico/issues/13858',
    'https://github.com/projectcalico/calico/issues/3940',
    'https://github.com/projectcalico/calico/pull/13538',
  ],
  gaps,
  *check(inventory, options) {
    const isActive = writers(inventory)
    for (const pod of inventory.recordedPods)
      if (pod.recorded !== undefined && isActive(pod.recorded.by) && differs(pod, inventory, options)) yield violationOf(pod, inventory)
  },
})
