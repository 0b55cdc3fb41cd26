// LEAK-202: Calico keeps an address for somebody who is not there.
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Allocation } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { showTime } from '../model/show-time.ts'
import { compareAddresses, formatAddress } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { needsCalico, partOf } from './facts/calico-records.ts'
import { needsWhole } from './facts/gaps.ts'
import { type Judge, judgeOf, type Leak } from './facts/judge-allocation.ts'
import { counted, nameList } from './facts/name-list.ts'

interface Found {
  readonly allocation: Allocation
  readonly leak: Leak
}

const ofCalico = (inventory: Inventory): readonly Allocation[] => inventory.allocations.filter(({ system }) => system === 'calico')

const textsOf = (allocations: readonly Allocation[]): string[] =>
  allocations
    .map(({ address }) => address)
    .sort(compareAddresses)
    .map(formatAddress)

/** What kube-controllers' own clean-up makes of it. */
function verdictOf({ leak }: Found, inventory: Inventory): Evidence {
  const collector = inventory.collectors.find(({ system }) => system === 'calico')
  const off = collector?.grace === 0 ? '; its clean-up is switched off (leakGracePeriod 0), so nothing will free it' : ''
  const fact =
    leak.cause === 'superseded-tunnel'
      ? 'valid (it keeps tunnel addresses for as long as the node exists)'
      : leak.cause === 'vanished-node'
        ? 'confirmed (the node is gone, so it waits no longer)'
        : leak.cause === 'service-absent'
          ? 'unknown (load balancers are not its business)'
          : 'candidate (confirmed when it still looks so one leak grace period later)'
  return { source: collector?.origin ?? 'kube-controllers', fact: `verdict of kube-controllers by its own rules: ${fact}${off}` }
}

function violationOf(group: readonly Found[], inventory: Inventory): Violation {
  const [first] = group as [Found, ...Found[]]
  const { allocation, leak } = first
  const addresses = textsOf(group.map((one) => one.allocation))
  const since = allocation.recordedAt === undefined ? '' : `, given out ${showTime(allocation.recordedAt)}`
  const what = allocation.purpose === undefined ? allocation.owner.id : `the ${allocation.purpose} of ${allocation.owner.id}`
  return {
    severity: leak.cause === 'superseded-tunnel' ? 'low' : 'medium',
    confidence: leak.confidence,
    cause: leak.cause,
    message: `${nameList(addresses)} ${addresses.length === 1 ? 'is' : 'are'} allocated to ${what}${allocation.node === undefined ? '' : ` on ${allocation.node}`}, and ${leak.why}`,
    addresses,
    nodes: allocation.node === undefined ? [] : [allocation.node],
    owners: [...new Set([allocation.owner.id, ...(allocation.handle === undefined ? [] : [allocation.handle])])],
    evidence: [{ source: allocation.origin, fact: `allocated with handle ${allocation.handle ?? 'none'}${since}` }, verdictOf(first, inventory)],
  }
}

/** Calico frees nothing of a handle while one of its addresses is in use: a pod with two families shows one of them in a single-stack cluster. */
function* leaks(inventory: Inventory, judge: Judge): Generator<Violation> {
  const handleOf = ({ handle, address, pool }: Allocation) => handle ?? `${pool} ${formatAddress(address)}`
  const suspects = new Set<string>()
  for (const allocation of inventory.allocations)
    if (allocation.system === 'calico' && judge(allocation) !== 'held') suspects.add(handleOf(allocation))
  if (suspects.size === 0) return
  const handles = groupBy(
    ofCalico(inventory).filter((allocation) => suspects.has(handleOf(allocation))),
    handleOf,
  )
  const unknown: Allocation[] = []
  for (const allocations of handles.values()) {
    const verdicts = allocations.map((allocation) => ({ allocation, verdict: judge(allocation) }))
    if (verdicts.some(({ verdict }) => verdict === 'held')) continue
    unknown.push(...verdicts.flatMap(({ allocation, verdict }) => (verdict === 'unknown-owner' ? allocation : [])))
    const found = verdicts.flatMap(({ allocation, verdict }): Found[] => (typeof verdict === 'string' ? [] : [{ allocation, leak: verdict }]))
    for (const group of groupBy(found, ({ allocation, leak }) => `${leak.cause} ${allocation.node}`).values()) yield violationOf(group, inventory)
  }
  if (unknown.length > 0) yield unknownOwners(unknown)
}

function unknownOwners(unknown: readonly Allocation[]): Violation {
  const addresses = textsOf(unknown)
  return {
    severity: 'info',
    confidence: 'possible',
    cause: 'unknown-owner',
    message: `${counted(addresses.length, 'allocation names', 'allocations name')} no owner: ${nameList(addresses)}; Calico takes them for valid, and they keep their node from being cleaned up`,
    addresses,
    owners: [...new Set(unknown.flatMap(({ handle }) => handle ?? []))].sort(),
    evidence: unknown
      .slice(0, 10)
      .map(({ address, handle, origin }) => ({ source: origin, fact: `${formatAddress(address)} has handle ${handle ?? 'none'}` })),
  }
}

function* emptyHandles(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  for (const fault of inventory.inconsistencies) {
    if (fault.cause !== 'empty-handle' || (fault.recordedAt ?? 0) + options.grace > inventory.observedAt) continue
    yield {
      severity: 'low',
      confidence: 'likely',
      cause: fault.cause,
      message: fault.message,
      addresses: fault.addresses ?? [],
      owners: fault.owners ?? [],
      subject: [fault.subject],
      evidence: [{ source: fault.origin, fact: fault.message }],
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'allocations of Calico without an owner'
  const whole = [...needsCalico(inventory, 'ipamblocks', what), ...needsWhole(inventory, 'pods', what)]
  if (whole.length > 0) return whole
  const nodes = needsWhole(inventory, 'nodes', 'allocations of nodes that are gone')
  return [...partOf(inventory, 'ipamblocks', what), ...nodes.map((gap) => ({ ...gap, whole: false }))]
}

export const calicoAllocationWithoutOwner = defineRule({
  id: 'LEAK-202',
  name: 'calico-allocation-without-owner',
  title: 'Calico keeps an address for nobody',
  severity: 'medium',
  revision: 1,
  why: 'A leaked address is lost until kube-controllers frees it; where that does not run or is stuck, blocks stay claimed and nodes run out of them.',
  predicate:
    'An allocation that names a pod, older than the grace, and the pod is not there, has finished longer than the grace ago (evicted pods too), or shows other addresses. No grace when the node of a pod or tunnel is gone. A load-balancer allocation without its Service. Low: a tunnel address that the node has replaced; a handle without any allocation. Info: allocations that name no owner. One finding for each handle; the evidence has the verdict of kube-controllers (candidate, confirmed, valid, unknown).',
  guards: [
    'T7: an address that a live pod shows is held, whatever node the record names.',
    'T8: tunnel addresses (IPIP, VXLAN, WireGuard, both families) belong to their node.',
    'T9: addresses reserved on Windows nodes.',
    'T10: allocations without pod and namespace are info.',
    'T4: a pod without any address yet keeps its allocation; so does one that is terminating.',
    'T21: allocations of virtual machines outlive their pods.',
    'Addresses that cool down (releasedAt) are no allocations; borrowed ones lie in another node’s block.',
    'A handle that still has an address in use is left alone, as Calico does.',
    'What the CNI itself wrote onto the pod counts as shown (DUP-106 tells the difference).',
  ],
  playbook: 'R3',
  links: [
    'https://github.com/projectcalico/calico/blob/master/kube-controllers/pkg/controllers/node/ipam.go',
    'https://github.com/projectcalico/calico/issues/4374',
    'https://github.com/projectcalico/cni-plugin/issues/908',
    'https://github.com/projectcalico/calico/issues/7382',
  ],
  gaps,
  *check(inventory, options) {
    const nodesKnown = needsWhole(inventory, 'nodes', '').length === 0
    yield* leaks(inventory, judgeOf(inventory, options.grace, nodesKnown))
    yield* emptyHandles(inventory, options)
  },
})
