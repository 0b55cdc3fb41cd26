// DRF-506: live pods that the allocation store knows nothing of.
import type { Gap, Violation } from '../model/finding.ts'
import { isDefaultNetwork, rangesOfDirectory } from '../model/host-local-ranges.ts'
import type { Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeState, StateDirectory } from '../model/node-state.ts'
import { isLive, isTerminating, podId, runningSince } from '../model/pod-state.ts'
import { type Address, addressKey, formatAddress, rangeHolds } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { needs } from './facts/gaps.ts'
import { judgeDirectory } from './facts/judge-files.ts'
import { unrecordedAttachments } from './facts/unrecorded-attachments.ts'
import { calicoSplitBrain, hasCalicoStore } from './facts/unrecorded-pods.ts'

/** The node's directories of the default network, when host-local is what fills them. */
const storesOf = (state: NodeState): readonly StateDirectory[] =>
  state.directories.filter((directory) => directory.error === undefined && isDefaultNetwork(state, directory))

/** Pods old enough to be recorded, in a range that the store covers, and not in it. */
function unrecorded(inventory: Inventory, state: NodeState, options: RuleOptions): { pod: Pod; address: Address }[] {
  const stores = storesOf(state)
  const known = new Set(stores.flatMap((store) => store.files.flatMap((file) => (file.address === undefined ? [] : [addressKey(file.address)]))))
  const node = inventory.nodeOf.get(state.node)
  const ranges = stores.flatMap((store) => rangesOfDirectory(state, store, node).map((range) => range.range))
  const latest = Math.min(state.collectedAt, inventory.podsReadAt ?? state.collectedAt) - options.grace
  return (inventory.podsOfNode.get(state.node) ?? []).flatMap((pod) => {
    if (!isLive(pod) || isTerminating(pod) || (runningSince(pod) ?? state.collectedAt) >= latest) return []
    return pod.addresses
      .filter((address) => !known.has(addressKey(address)) && ranges.some((range) => rangeHolds(range, address)))
      .map((address) => ({ pod, address }))
  })
}

function violationOf(inventory: Inventory, state: NodeState, options: RuleOptions): Violation | undefined {
  const missing = unrecorded(inventory, state, options)
  if (missing.length === 0) return undefined
  const leaks = storesOf(state).flatMap((store) => judgeDirectory(inventory, state, store, options).filter((item) => item.verdict.kind === 'stale'))
  const both = leaks.length > 0
  const skewed = inventory.podsReadAt !== undefined && Math.abs(inventory.podsReadAt - state.collectedAt) > 120_000
  const count = new Set(missing.map(({ pod }) => pod)).size
  const also = both
    ? `, and ${leaks.length} recorded ${leaks.length === 1 ? 'address belongs' : 'addresses belong'} to nobody: the shape of a restored or copied store`
    : ''
  return {
    severity: both ? 'critical' : 'high',
    confidence: skewed ? 'possible' : 'likely',
    message: `${count} live ${count === 1 ? 'pod' : 'pods'} on ${state.node} ${count === 1 ? 'has an address' : 'have addresses'} that host-local has no record of, so it will hand them out again${also}`,
    addresses: missing.map(({ address }) => formatAddress(address)),
    nodes: [state.node],
    owners: [...new Set(missing.map(({ pod }) => podId(pod)))],
    evidence: storesOf(state).map((store) => ({ source: store.origin, fact: `${store.files.length} allocation files, none for these addresses` })),
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const judged = inventory.nodeStates.filter((state) => storesOf(state).length > 0)
  const attached = inventory.pools.some(({ use, blockPrefix }) => use === 'attachments' && blockPrefix === undefined)
  if (judged.length === 0 && !attached && !hasCalicoStore(inventory))
    return [{ reason: 'live pods without a record: the input holds no allocation store of the default network', whole: true }]
  return needs(inventory, 'pods', 'live pods without a record')
}

export const storeSplitBrain = defineRule({
  id: 'DRF-506',
  name: 'store-split-brain',
  title: 'Live pods are missing from the allocation store',
  severity: 'high',
  revision: 1,
  why: 'The allocator believes that these addresses are free and gives them to the next pods: duplicates are only a matter of time.',
  predicate:
    'A live pod, not terminating and older than the grace, has an address of a range that the store covers, and the store has no record of it. High; critical when the same store also holds addresses that nobody has. host-local: a node whose state directory was read. Calico: pools of a cluster whose blocks were read whole; an address that the store records for another pod, which does not have it, counts too. Secondary networks: pools of the system that the attachment definition names.',
  guards: [
    'A pod younger than the grace may have been started between the reads.',
    'A network that the store does not cover.',
    'Addresses outside the configured ranges or pools are DRF-504.',
    'Calico: only where its blocks hold the addresses of pods at all; virtual machines keep theirs under their own name.',
  ],
  playbook: 'R13',
  links: ['https://github.com/projectcalico/calico/issues/4374', 'https://github.com/coreos/coreos-kubernetes/issues/755'],
  gaps,
  *check(inventory, options) {
    yield* calicoSplitBrain(inventory, options)
    for (const state of inventory.nodeStates) {
      if (storesOf(state).length === 0) continue
      const violation = violationOf(inventory, state, options)
      if (violation !== undefined) yield violation
    }
    yield* unrecordedAttachments(inventory, options)
  },
})
