// Does the pod that a record names hold the address? One judgement for all stores that keep one record for each address.
import type { Allocation, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isOverdue, isTerminal, isTerminating, podId, runningSince } from '../../model/pod-state.ts'
import { type Address, addressKey, sameAddress } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { interfaceDomains } from './attachment-domains.ts'

export type Verdict =
  /** A live pod shows it, or too little is known to say that none does. */
  { readonly kind: 'held' | 'unsure' } | { readonly kind: 'absent' } | { readonly kind: 'other-address' | 'finished'; readonly pod: Pod }

export interface RecordJudge {
  verdict(allocation: Allocation): Verdict
  /** Addresses that the pod shows in the allocation's domain, as far as domains are known. */
  shown(pod: Pod, domain: string): readonly Address[]
  readonly pods: ReadonlyMap<string, Pod>
}

const UNSURE: Verdict = { kind: 'unsure' }
const HELD: Verdict = { kind: 'held' }

export function recordJudge(inventory: Inventory, options: RuleOptions): RecordJudge {
  const pods = new Map(inventory.pods.map((pod) => [podId(pod), pod]))
  const domainOf = interfaceDomains(inventory)
  const limit = inventory.observedAt - options.grace

  // An interface of a definition that was not given may be of any domain; so may the default network, where another system serves it.
  const shown = (pod: Pod, domain: string): readonly Address[] => [
    ...pod.addresses,
    ...pod.interfaces.flatMap(({ network, addresses }) => {
      const found = domainOf(pod, network)
      return found.attachment === undefined || found.attachment.plugin === '' || found.domain === domain ? addresses : []
    }),
  ]
  const live = new Map<number | bigint, Pod[]>()
  for (const pod of inventory.pods) {
    if (pod.hostNetwork || isTerminal(pod)) continue
    for (const address of [...pod.addresses, ...pod.interfaces.flatMap(({ addresses }) => addresses)]) {
      const holders = live.get(addressKey(address))
      if (holders === undefined) live.set(addressKey(address), [pod])
      else holders.push(pod)
    }
  }
  const shows = (pod: Pod, { domain, address }: Allocation) => shown(pod, domain).some((other) => sameAddress(other, address))

  function verdict(allocation: Allocation): Verdict {
    const { owner, purpose, unsettled, recordedAt } = allocation
    if (owner.kind !== 'pod' || purpose !== undefined || unsettled === true) return UNSURE
    if (recordedAt !== undefined && recordedAt > limit) return UNSURE
    if (live.get(addressKey(allocation.address))?.some((pod) => shows(pod, allocation)) === true) return HELD
    const pod = pods.get(owner.id)
    if (pod === undefined) return { kind: 'absent' }
    if (isTerminal(pod) || isOverdue(pod, inventory.observedAt, options.grace)) return { kind: 'finished', pod }
    // Without any address the pod has not reported yet, or has just lost it (trap T4).
    if (pod.hostNetwork || isTerminating(pod) || (pod.addresses.length === 0 && pod.interfaces.length === 0)) return UNSURE
    if ((runningSince(pod) ?? inventory.observedAt) > limit) return UNSURE
    return { kind: 'other-address', pod }
  }
  return { verdict, shown, pods }
}
