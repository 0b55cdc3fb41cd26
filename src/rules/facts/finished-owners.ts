// LEAK-205 for records in custom resources: the pod has finished, or is stuck in termination, and its record keeps the address.
import type { Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Allocation, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isTerminal } from '../../model/pod-state.ts'
import { formatAddress } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { recordJudge } from './record-owners.ts'

/** Calico frees addresses of finished pods by rules of its own. */
export const recordsOfPods = (inventory: Inventory): readonly Allocation[] =>
  inventory.allocations.filter(
    ({ system, owner, half }) => owner.kind === 'pod' && half === undefined && system !== 'calico' && system !== 'services',
  )

export function* finishedOwners(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  const judge = recordJudge(inventory, options)
  const held = recordsOfPods(inventory).flatMap((allocation): { allocation: Allocation; pod: Pod }[] => {
    const verdict = judge.verdict(allocation)
    return verdict.kind === 'finished' ? [{ allocation, pod: verdict.pod }] : []
  })
  if (held.length === 0) return
  const capacity = new Map(inventory.usage().map((usage) => [`${usage.pool.system}\0${usage.pool.name}`, usage.capacity]))
  const sizes = groupBy(held, ({ allocation }) => `${allocation.system}\0${allocation.pool}`)
  for (const { allocation, pod } of held) {
    const { system, pool, domain, address, owner, node, origin } = allocation
    const same = sizes.get(`${system}\0${pool}`)?.length ?? 0
    const size = capacity.get(`${system}\0${pool}`)
    const text = formatAddress(address)
    yield {
      severity: size !== undefined && BigInt(same) * 10n > size ? 'medium' : 'low',
      confidence: 'likely',
      message: `${text} of ${system} pool ${pool} is kept for ${owner.id}, which ${isTerminal(pod) ? `has ${pod.phase.toLowerCase()}` : 'is stuck in termination'}`,
      domain,
      addresses: [text],
      nodes: [...new Set([node, pod.node].filter((name): name is string => name !== undefined))].sort(),
      owners: [owner.id],
      subject: [system, pool],
      evidence: [{ source: origin, fact: `${text} belongs to ${owner.id}` }],
      steps: [
        'Delete the pod, or force it off a node that is lost (taint out-of-service) once the node is really down.',
        'Set ttlSecondsAfterFinished on Jobs that leave many finished pods.',
      ],
    }
  }
}
