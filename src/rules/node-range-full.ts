// CAP-402: a node has no address left for another pod.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Evidence, Gap, Severity, Violation } from '../model/finding.ts'
import { shownRange } from '../model/host-local-ranges.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeState } from '../model/node-state.ts'
import { type NodeUsage, nodeRanges, type SetUsage } from '../model/node-usage.ts'
import { formatRange } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { fixBy } from './facts/fix-by.ts'
import { needs } from './facts/gaps.ts'
import { nameList } from './facts/name-list.ts'

/** Larger ranges outlive any node: a /64 never fills. */
const COUNTED = 1n << 20n

function severityOf({ used, usable }: SetUsage): Severity | undefined {
  const taken = BigInt(used) * 100n
  if (taken >= usable * 100n) return 'critical'
  if (taken >= usable * 90n) return 'high'
  return taken >= usable * 80n ? 'medium' : undefined
}

function violationOf({ name, pods, origin }: NodeUsage, set: SetUsage, severity: Severity, state: NodeState | undefined): Violation {
  const texts = set.ranges.map((range) => formatRange(shownRange(range)))
  const share = set.unheld === undefined ? undefined : Math.round((set.unheld * 100) / set.used)
  const leak = set.unheld === undefined ? '' : `; ${set.unheld} (${share} %) have an allocation file and no live pod`
  // Clearing stale files gives room at once; a bigger range needs a new node.
  const leaking = share !== undefined && share > 20
  const evidence: Evidence[] = [
    { source: origin, fact: `${set.usable} addresses of ${texts.join(', ')} can be handed out; ${pods} live pods` },
    ...(state === undefined ? [] : [{ source: state.origin, fact: `${set.used} of them have an allocation file or a live pod` }]),
  ]
  return {
    message: `${name}: ${set.used} of ${set.usable} usable addresses of ${texts.join(', ')} are taken${leak}`,
    severity,
    addresses: texts,
    nodes: [name],
    evidence,
    cause: leaking ? 'leaks' : 'pods',
    ...(leaking ? fixBy('R2') : {}),
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const ranges = nodeRanges(inventory)
  if (ranges.length === 0) {
    const missing = needs(inventory, 'nodes', 'node ranges are not known')
    if (missing.length > 0 && inventory.nodeStates.length === 0) return missing
    const foreign = !usesNodeRanges(inventory.mode) && inventory.mode !== 'unknown'
    return [{ reason: foreign ? `mode ${inventory.mode} does not take pod addresses from node ranges` : 'no node has a known range', whole: true }]
  }
  const noPods = needs(inventory, 'pods', 'live pods are not known')
  if (noPods.length > 0 && inventory.nodeStates.length === 0) return noPods
  const counted = new Set(ranges.map(({ node }) => node))
  const stateless = ranges.map(({ node }) => node).filter((node) => !inventory.stateOf.has(node))
  const rangeless = [...inventory.stateOf.keys()].filter((node) => !counted.has(node)).sort()
  return [
    ...noPods.map((gap) => ({ ...gap, reason: `${gap.reason}: only allocation files were counted`, whole: false })),
    ...(stateless.length === 0
      ? []
      : [{ reason: `no host-local state for ${nameList(stateless)}: only the addresses of live pods were counted`, whole: false }]),
    ...(rangeless.length === 0 ? [] : [{ reason: `the range of ${nameList(rangeless)} is not known`, whole: false }]),
  ]
}

export const nodeRangeFull = defineRule({
  id: 'CAP-402',
  name: 'node-range-full',
  title: 'Range of a node is full',
  severity: 'critical',
  revision: 1,
  why: 'The scheduler does not count addresses: it keeps placing pods on a node that has none left, and they hang in ContainerCreating with "no IP addresses available in range set". Leaked allocation files fill a range as surely as pods do.',
  predicate:
    'Addresses of a node range that have an allocation file or a live pod, against those that can be handed out: critical when none is left, high from 90 %, medium from 80 %. Every range set counts by itself, because a pod takes one address of each. Only sets of less than 2^20 addresses.',
  guards: [
    'Pods on the host network and finished pods take no address; T1.',
    'T11: only where pods draw from the range of their node.',
    'Reserved addresses in a file count as used; the gateway is not usable; files outside the range are not counted.',
    'T19: files of other networks (podman, nerdctl) are left out where the configuration of the node is known.',
  ],
  playbook: 'R7',
  links: [
    'https://github.com/kubernetes/kubernetes/issues/57280',
    'https://github.com/kubernetes/kubernetes/issues/34278',
    'https://github.com/cloudnativelabs/kube-router/issues/383',
    'https://github.com/flannel-io/flannel/issues/1416',
    'https://obaroolori.com/articles/aks-out-of-pod-ips-kubenet-to-azure-cni-overlay',
  ],
  gaps,
  *check(inventory) {
    for (const usage of inventory.nodeUsage())
      for (const set of usage.sets) {
        const severity = set.usable > 0n && set.usable < COUNTED ? severityOf(set) : undefined
        if (severity !== undefined) yield violationOf(usage, set, severity, inventory.stateOf.get(usage.name))
      }
  },
})
