// DUP-101 by records: custom resources that give one address of one network to two pods, before both pods show it.
import type { Violation } from '../../model/finding.ts'
import type { Allocation } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isTerminal, isTerminating } from '../../model/pod-state.ts'
import { formatAddress, sameAddress } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { recordJudge } from './record-owners.ts'
import { sharedAddresses } from './shared-addresses.ts'

/** Records of pods; what stands in half, or for no pod, is another rule's. */
const recordsOfPods = ({ allocations }: Inventory): readonly Allocation[] =>
  allocations.filter(
    ({ owner, purpose, half, system }) => owner.kind === 'pod' && purpose === undefined && half === undefined && system !== 'services',
  )

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
  for (const group of sharedAddresses(recordsOfPods(inventory), ({ domain }) => domain)) {
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
