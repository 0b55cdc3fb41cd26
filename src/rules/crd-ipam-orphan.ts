// LEAK-204: a record in custom resources whose pod is gone, has another address, or was written by half; and blocks that a node keeps idle.
import type { Gap, Violation } from '../model/finding.ts'
import type { Allocation } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { showTime } from '../model/show-time.ts'
import { formatAddress } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { fixBy } from './facts/fix-by.ts'
import { needsWhole } from './facts/gaps.ts'
import { idleBlocks } from './facts/idle-blocks.ts'
import { recordJudge, type Verdict } from './facts/record-owners.ts'

/** Stores whose leaks are another rule's (LEAK-201 and LEAK-202), and OVN-Kubernetes, whose record of a pod is the pod's own annotation and cannot outlive it. */
const ELSEWHERE = new Set(['calico', 'host-local', 'services', 'ovn-kubernetes'])

const records = (inventory: Inventory): readonly Allocation[] =>
  inventory.allocations.filter(({ system, owner }) => !ELSEWHERE.has(system) && owner.kind === 'pod')

const PLAYBOOK: Readonly<Record<string, string>> = { whereabouts: 'R10' }

function wordsOf(allocation: Allocation, verdict: Verdict): { cause: string; why: string } | undefined {
  const { owner, half } = allocation
  const twin = half === undefined ? '' : `; ${half} is missing too`
  if (verdict.kind === 'absent') return { cause: 'pod-absent', why: `no pod of that name exists${twin}` }
  if (verdict.kind === 'other-address')
    return { cause: 'other-address', why: `that pod exists and does not show it: a later one of the name ${owner.id}${twin}` }
  if (half !== undefined && verdict.kind === 'held')
    return { cause: 'half-recorded', why: `${half} is missing, so the two stores disagree on whether it is free` }
  return undefined
}

function violationOf(allocation: Allocation, verdict: Verdict, inventory: Inventory): Violation | undefined {
  const words = wordsOf(allocation, verdict)
  if (words === undefined) return undefined
  const { system, pool, domain, address, node, owner, handle, recordedAt, origin } = allocation
  const text = formatAddress(address)
  const playbook = PLAYBOOK[system]
  const lost = node !== undefined && inventory.nodes.length > 0 && !inventory.nodeOf.has(node) ? `, on ${node}, which is gone` : ''
  const since = recordedAt === undefined ? '' : `, recorded ${showTime(recordedAt)}`
  return {
    // Without a time of its own the record may be of this minute.
    confidence: recordedAt === undefined ? 'likely' : 'certain',
    cause: words.cause,
    message: `${text} is kept by ${system}${pool === '' ? '' : ` (${pool})`} for ${owner.id}${lost}: ${words.why}`,
    domain,
    addresses: [text],
    nodes: node === undefined ? [] : [node],
    owners: [owner.id],
    subject: [system, pool],
    evidence: [{ source: origin, fact: `${text} belongs to ${owner.id}${handle === undefined ? '' : ` (${handle})`}${since}` }],
    ...(playbook === undefined ? {} : fixBy(playbook)),
  }
}

function* check(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  const judge = recordJudge(inventory, options)
  for (const allocation of records(inventory)) {
    const young = allocation.recordedAt !== undefined && allocation.recordedAt > inventory.observedAt - options.grace
    if (young || allocation.unsettled === true) continue
    const violation = violationOf(allocation, judge.verdict(allocation), inventory)
    if (violation !== undefined) yield violation
  }
  yield* idleBlocks(inventory, options)
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'records without an owner'
  if (records(inventory).length === 0 && !inventory.nodeRecords.some(({ requested }) => requested !== undefined))
    return [{ reason: `${what}: the input holds no custom resources that record addresses of pods`, whole: true }]
  return needsWhole(inventory, 'pods', what)
}

export const crdIpamOrphan = defineRule({
  id: 'LEAK-204',
  name: 'crd-ipam-orphan',
  title: 'A record in custom resources has no owner',
  severity: 'medium',
  revision: 1,
  why: 'The allocator believes its record: the address is out of use until somebody removes it, and pools of secondary networks are small. Of two records of which one is missing, one says free and the other says taken.',
  predicate:
    'A record of whereabouts, Cilium, Kube-OVN, Antrea or Spiderpool names a pod that is absent, or that has been running for longer than the grace and shows other addresses; no live pod shows the address in that network. Or one of the two records that whereabouts keeps of an allocation is missing. Or a node keeps a block of a Cilium pool in which nothing has an address, and does not need it for what it asked for. Certain where the record has a time and is older than the grace, else likely.',
  guards: [
    'T4: a pod without any address has not reported yet; a pod younger than the grace is not judged.',
    'T5: live, the records are read before and after the pods; what is new or changed since is not judged.',
    'T6: a later pod of the same name is held against the address, not only against the name.',
    'T7: a live pod that shows the address in that network holds it, whatever the record says.',
    'T21: records whose owner is no pod (machine, node, gateway) are not judged here.',
    'T22: addresses of secondary networks are read from the network-status annotation.',
    'Finished and stuck pods are LEAK-205; what Cilium says of cloud addresses lags behind and is not judged.',
  ],
  playbook: 'R19',
  links: [
    'https://github.com/k8snetworkplumbingwg/whereabouts/issues/712',
    'https://github.com/k8snetworkplumbingwg/whereabouts/issues/176',
    'https://github.com/cilium/cilium/issues/37746',
    'https://github.com/kubeovn/kube-ovn/issues/5688',
    'https://github.com/spidernet-io/spiderpool/issues/412',
  ],
  gaps,
  check,
})
