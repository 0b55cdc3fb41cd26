// LEAK-205: an address is kept for a pod that no longer runs.
import type { Violation } from '../model/finding.ts'
import { domainOf, rangesOfDirectory, usableOf } from '../model/host-local-ranges.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isOverdue, isTerminal, isTerminating, podId } from '../model/pod-state.ts'
import { formatAddress, rangeSet, sameAddress, sizeOf } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { useOf } from './facts/directory-use.ts'
import { finishedOwners, recordsOfPods } from './facts/finished-owners.ts'
import { needsWhole } from './facts/gaps.ts'
import { judgeDirectory, nodeGap } from './facts/judge-files.ts'

/** Allocations of Calico for pods that hang on a node that does not answer. What Calico keeps for finished pods is LEAK-202. */
function* stuckOnLostNodes(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  const stuck = new Map(
    inventory.pods
      .filter((pod) => isTerminating(pod) && !isTerminal(pod) && isOverdue(pod, inventory.observedAt, options.grace))
      .filter((pod) => pod.node !== undefined && inventory.nodeOf.get(pod.node)?.ready !== true)
      .map((pod) => [podId(pod), pod]),
  )
  if (stuck.size === 0) return
  const held = inventory.allocations.flatMap((allocation) => {
    const pod = allocation.system === 'calico' && allocation.owner.kind === 'pod' ? stuck.get(allocation.owner.id) : undefined
    return pod?.addresses.some((address) => sameAddress(address, allocation.address)) === true ? [{ allocation, pod }] : []
  })
  for (const { allocation, pod } of held) {
    const pool = inventory.pools.find(({ system, name }) => system === 'calico' && name === allocation.pool)
    const size = pool === undefined ? 0n : sizeOf(rangeSet(pool.ranges))
    const inPool = held.filter((other) => other.allocation.pool === allocation.pool).length
    const node = pod.node ?? ''
    yield {
      severity: BigInt(inPool) * 10n > size && size > 0n ? 'medium' : 'low',
      confidence: 'likely',
      cause: 'node-lost',
      message: `${formatAddress(allocation.address)} is kept for ${podId(pod)}, which is stuck in termination on ${node}, ${inventory.nodeOf.has(node) ? 'a node that is not ready' : 'a node that is gone'}`,
      addresses: [formatAddress(allocation.address)],
      nodes: [node],
      owners: [podId(pod)],
      subject: [allocation.pool],
      evidence: [{ source: allocation.origin, fact: `allocated with handle ${allocation.handle ?? 'none'}` }],
      steps: STEPS,
    }
  }
}

const STEPS = [
  'Find out whether the node is really down: a node that is only cut off may still run the pod.',
  'Fence it (power it off), then taint it with node.kubernetes.io/out-of-service, or delete the pod by force.',
  'Audit again: the address is free once the pod object is gone.',
]

export const nonRunningPodHoldsAddress = defineRule({
  id: 'LEAK-205',
  name: 'non-running-pod-holds-address',
  title: 'A finished or stuck pod keeps its address',
  severity: 'low',
  revision: 1,
  why: 'Finished Jobs and pods stuck in termination on a lost node take addresses that nobody can use.',
  predicate:
    'An allocation that only a finished pod shows, or one whose deletion deadline passed longer than the grace ago. Medium when such pods hold more than a tenth of a range. Calico: only pods whose deletion is overdue on a node that is not ready or gone.',
  guards: [
    'T1: a finished pod whose allocation is already gone is normal.',
    'T21: addresses kept on purpose (stopped machines, static annotations).',
  ],
  playbook: 'R2',
  links: ['https://github.com/kubernetes/kubernetes/issues/65943', 'https://github.com/aws/amazon-vpc-cni-k8s/issues/123'],
  gaps: (inventory) =>
    inventory.nodeStates.some((state) => state.directories.length > 0) ||
    inventory.allocations.some(({ system }) => system === 'calico') ||
    recordsOfPods(inventory).length > 0
      ? needsWhole(inventory, 'pods', 'addresses of finished pods')
      : [{ reason: 'addresses of finished pods: the input holds no allocations', whole: true }],
  *check(inventory, options) {
    yield* stuckOnLostNodes(inventory, options)
    for (const state of inventory.nodeStates) {
      if (nodeGap(inventory, state) !== undefined) continue
      for (const directory of state.directories) {
        if (useOf(inventory, state, directory) !== 'pods') continue
        const held = judgeDirectory(inventory, state, directory, options).filter((item) => item.verdict.kind === 'finished')
        const usable = rangesOfDirectory(state, directory, inventory.nodeOf.get(state.node)).reduce((sum, range) => sum + usableOf(range), 0n)
        for (const { file, verdict } of held) {
          if (verdict.kind !== 'finished' || file.address === undefined) continue
          const condition = isTerminal(verdict.pod) ? `has ${verdict.pod.phase.toLowerCase()}` : 'is stuck in termination'
          const violation: Violation = {
            severity: usable > 0n && held.length * 10 > Number(usable) ? 'medium' : 'low',
            confidence: 'likely',
            message: `${formatAddress(file.address)} on ${state.node} is kept for ${podId(verdict.pod)}, which ${condition}`,
            domain: domainOf(state, directory),
            addresses: [formatAddress(file.address)],
            nodes: [state.node],
            owners: [podId(verdict.pod)],
            subject: [directory.network],
            evidence: [{ source: directory.origin, fact: `allocation file with owner ${file.sandbox}` }],
          }
          yield violation
        }
      }
    }
    yield* finishedOwners(inventory, options)
  },
})
