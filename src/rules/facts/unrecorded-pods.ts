// Live pods with an address of Calico's pools that its blocks do not hold, or hold for somebody else.
import type { Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Allocation, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isLive, isTerminating, podId, runningSince } from '../../model/pod-state.ts'
import { type Address, addressKey, compareAddresses, formatAddress, holds, rangeSet } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { needsCalico, partOf } from './calico-records.ts'
import { fixBy } from './fix-by.ts'
import { needsWhole } from './gaps.ts'
import { judgeOf } from './judge-allocation.ts'
import { counted, nameList } from './name-list.ts'

interface Unrecorded {
  readonly pod: Pod
  readonly address: Address
  /** Whose it is by the record; undefined without a record. */
  readonly recorded: Allocation | undefined
}

/** Calico's own blocks, whole: an allocation that was not read proves nothing. With host-local under Calico's pools (Canal) there are none. */
export const hasCalicoStore = (inventory: Inventory): boolean =>
  inventory.mode === 'calico' &&
  inventory.allocations.some(({ system, owner }) => system === 'calico' && owner.kind === 'pod') &&
  [...needsCalico(inventory, 'ipamblocks', ''), ...partOf(inventory, 'ipamblocks', '')].length === 0

function unrecorded(inventory: Inventory, { grace }: RuleOptions): Unrecorded[] {
  const records = new Map<number | bigint, Allocation>()
  for (const allocation of inventory.allocations) if (allocation.system === 'calico') records.set(addressKey(allocation.address), allocation)
  const pools = rangeSet(inventory.pools.filter(({ system }) => system === 'calico').flatMap(({ ranges }) => ranges))
  return inventory.pods.flatMap((pod): Unrecorded[] => {
    const since = Math.max(pod.sandboxAt ?? 0, runningSince(pod) ?? inventory.observedAt)
    if (!isLive(pod) || isTerminating(pod) || since + grace > inventory.observedAt) return []
    if (pod.node !== undefined && inventory.nodeOf.get(pod.node)?.virtual === true) return []
    return pod.addresses.flatMap((address): Unrecorded[] => {
      if (!holds(pools, address)) return []
      const recorded = records.get(addressKey(address))
      if (recorded === undefined) return [{ pod, address, recorded }]
      const isAnother = recorded.owner.kind === 'pod' && recorded.owner.id !== podId(pod) && recorded.unsettled !== true
      // Two live pods with one address are DUP-101's.
      const isShared = () => inventory.holders(address).some((other) => podId(other) === recorded.owner.id)
      return isAnother && !isShared() ? [{ pod, address, recorded }] : []
    })
  })
}

function leakCount(inventory: Inventory, options: RuleOptions): number {
  const judge = judgeOf(inventory, options.grace, needsWhole(inventory, 'nodes', '').length === 0)
  return inventory.allocations.filter((allocation) => {
    const verdict = allocation.system === 'calico' && allocation.owner.kind === 'pod' ? judge(allocation) : 'held'
    return typeof verdict !== 'string' && verdict.cause !== 'finished-pod' && verdict.confidence !== 'possible'
  }).length
}

/** One finding for each node. */
export function* calicoSplitBrain(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  if (!hasCalicoStore(inventory)) return
  const missing = unrecorded(inventory, options)
  if (missing.length === 0) return
  const leaks = leakCount(inventory, options)
  const also =
    leaks === 0 ? '' : `, and ${counted(leaks, 'recorded address belongs', 'recorded addresses belong')} to nobody: the shape of a restored datastore`
  for (const [node, group] of groupBy(missing, ({ pod }) => pod.node ?? '')) {
    const pods = [...new Set(group.map(({ pod }) => podId(pod)))].sort()
    const addresses = group
      .map(({ address }) => address)
      .sort(compareAddresses)
      .map(formatAddress)
    yield {
      severity: leaks > 0 ? 'critical' : 'high',
      confidence: 'likely',
      cause: 'calico',
      message: `${counted(pods.length, 'live pod')}${node === '' ? '' : ` on ${node}`} ${pods.length === 1 ? 'has an address' : 'have addresses'} that Calico does not hold for ${pods.length === 1 ? 'it' : 'them'} (${nameList(addresses)}), so it will hand ${addresses.length === 1 ? 'it' : 'them'} out again${also}`,
      addresses,
      nodes: node === '' ? [] : [node],
      owners: pods,
      evidence: group.slice(0, 10).map(({ pod, address, recorded }) => ({
        source: recorded?.origin ?? pod.origin,
        fact:
          recorded === undefined
            ? `${formatAddress(address)} of ${podId(pod)} is allocated in no block`
            : `${formatAddress(address)} of ${podId(pod)} is allocated to ${recorded.owner.id}, which does not have it`,
      })),
      ...fixBy('R13'),
    }
  }
}
