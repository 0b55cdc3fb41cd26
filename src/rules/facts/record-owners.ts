// Does the pod that a record names hold the address? One judgement for all stores that keep one record for each address.
import { groupByEach } from '../../model/group-by.ts'
import type { Allocation, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isLive, isOverdue, isTerminal, isTerminating, runningSince } from '../../model/pod-state.ts'
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
}

const UNSURE: Verdict = { kind: 'unsure' }
const HELD: Verdict = { kind: 'held' }

export function recordJudge(inventory: Inventory, options: RuleOptions): RecordJudge {
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
  // Of secondary networks only; the inventory knows who has an address of the default one.
  const attached = groupByEach(inventory.attachedPods, (pod) =>
    isLive(pod) ? pod.interfaces.flatMap(({ addresses }) => addresses.map(addressKey)) : [],
  )
  const shows = (pod: Pod, { domain, address }: Allocation) => shown(pod, domain).some((other) => sameAddress(other, address))
  const isHeld = (allocation: Allocation) =>
    inventory.holders(allocation.address).length > 0 || attached.get(addressKey(allocation.address))?.some((pod) => shows(pod, allocation)) === true

  function verdict(allocation: Allocation): Verdict {
    const { owner, purpose, unsettled, recordedAt } = allocation
    if (owner.kind !== 'pod' || purpose !== undefined || unsettled === true) return UNSURE
    if (recordedAt !== undefined && recordedAt > limit) return UNSURE
    if (isHeld(allocation)) return HELD
    const pod = inventory.podOf(owner.id)
    if (pod === undefined) return { kind: 'absent' }
    if (isTerminal(pod) || isOverdue(pod, inventory.observedAt, options.grace)) return { kind: 'finished', pod }
    // Without any address the pod has not reported yet, or has just lost it (trap T4).
    if (pod.hostNetwork || isTerminating(pod) || (pod.addresses.length === 0 && pod.interfaces.length === 0)) return UNSURE
    if ((runningSince(pod) ?? inventory.observedAt) > limit) return UNSURE
    return { kind: 'other-address', pod }
  }
  return { verdict, shown }
}
