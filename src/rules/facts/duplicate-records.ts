// DUP-101 by records: custom resources that give one address of one network to two pods, before both pods show it.
import type { Violation } from '../../model/finding.ts'
import type { Allocation } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isTerminal, isTerminating } from '../../model/pod-state.ts'
import { addressKey, formatAddress, sameAddress } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { recordJudge } from './record-owners.ts'

type Group = [Allocation, ...Allocation[]]

/** Records of pods that give one address of one domain more than once; nearly all addresses have one record, and cost one entry. */
function sharedRecords(inventory: Inventory): readonly Group[] {
  const domains = new Map<string, Map<number | bigint, Allocation | Group>>()
  const shared: Group[] = []
  for (const allocation of inventory.allocations) {
    const { owner, purpose, half, system, domain } = allocation
    if (owner.kind !== 'pod' || purpose !== undefined || half !== undefined || system === 'services') continue
    const index = domains.get(domain) ?? new Map<number | bigint, Allocation | Group>()
    domains.set(domain, index)
    const key = addressKey(allocation.address)
    const before = index.get(key)
    if (before === undefined) index.set(key, allocation)
    else if (Array.isArray(before)) before.push(allocation)
    else {
      const group: Group = [before, allocation]
      index.set(key, group)
      shared.push(group)
    }
  }
  return shared
}

/** @param known `domain\0address` of what pods themselves show twice */
export function* duplicateRecords(inventory: Inventory, options: RuleOptions, known: ReadonlySet<string>): Generator<Violation> {
  const judge = recordJudge(inventory, options)
  /** The pod is there, and shows this address or none: one that shows another has long moved on. */
  const holds = ({ owner, domain, address }: Allocation): boolean => {
    const pod = inventory.podOf(owner.id)
    if (pod === undefined || pod.hostNetwork || isTerminal(pod) || isTerminating(pod)) return false
    const shown = judge.shown(pod, domain)
    return pod.addresses.length === 0 || shown.some((other) => sameAddress(other, address))
  }
  for (const group of sharedRecords(inventory)) {
    const owners = [...new Set(group.map(({ owner }) => owner.id))]
    const [first] = group
    if (first === undefined || owners.length < 2 || known.has(`${first.domain}\0${formatAddress(first.address)}`)) continue
    const holders = group.filter(holds)
    const holding = [...new Set(holders.map(({ owner }) => owner.id))].sort()
    if (holding.length < 2) continue
    const text = formatAddress(first.address)
    const nodes = [...new Set(holding.flatMap((id) => inventory.podOf(id)?.node ?? []))].sort()
    yield {
      confidence: 'likely',
      cause: 'two-records',
      message: `${text} is recorded for ${holding.length} pods that are both there: ${holding.join(', ')}`,
      domain: first.domain,
      addresses: [text],
      nodes,
      owners: holding,
      evidence: holders.map(({ origin, owner, pool, system }) => ({
        source: origin,
        fact: `${system}${pool === '' ? '' : ` pool ${pool}`} gives ${text} to ${owner.id}`,
      })),
    }
  }
}
