// With Calico: live pods whose address lies in none of its pools, so that no block can hold it and no route leads to it.
import type { Gap, Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isLive, podId } from '../../model/pod-state.ts'
import { type Address, addressKey, compareAddresses, formatAddress, formatRange, holds, rangeOf, rangeSet } from '../../net/index.ts'
import { needsCalico, partOf } from './calico-records.ts'
import { counted, nameList } from './name-list.ts'

type Verdict = 'outside-every-pool' | 'pool-of-another-system' | 'pool-retired'

const SEVERITIES = { 'outside-every-pool': 'critical', 'pool-of-another-system': 'high', 'pool-retired': 'info' } as const
const TAILS = {
  'outside-every-pool': 'and no known pool holds them: another CNI, or an old configuration, gave them out',
  'pool-of-another-system': 'but in a range of another address system: another CNI configuration came first',
  'pool-retired': 'but Calico’s blocks still hold them: the pool was deleted while they were in use',
} as const

export const calicoPoolGaps = (inventory: Inventory): readonly Gap[] => {
  const what = 'pod addresses against the pools of Calico'
  const missing = needsCalico(inventory, 'ippools', what)
  if (missing.length > 0) return missing
  const part = partOf(inventory, 'ippools', what)
  if (part.length > 0) return part.map((gap) => ({ ...gap, whole: true }))
  return inventory.pools.some(({ system }) => system === 'calico') ? [] : [{ reason: `${what}: no IPPool is known`, whole: true }]
}

export function* outsideCalicoPools(inventory: Inventory): Generator<Violation> {
  const own = inventory.pools.filter(({ system }) => system === 'calico')
  const pools = rangeSet(own.flatMap(({ ranges }) => ranges))
  const families = new Set(own.map(({ family }) => family))
  const others = rangeSet([
    ...inventory.pools.filter(({ system, domain }) => system !== 'calico' && domain === 'default').flatMap(({ ranges }) => ranges),
    ...inventory.nodes.flatMap(({ podCidrs }) => podCidrs.map(rangeOf)),
  ])
  const allocated = new Set(inventory.allocations.filter(({ system }) => system === 'calico').map(({ address }) => addressKey(address)))
  const verdictOf = (address: Address): Verdict =>
    allocated.has(addressKey(address)) ? 'pool-retired' : holds(others, address) ? 'pool-of-another-system' : 'outside-every-pool'

  const outside = inventory.pods.flatMap((pod): { pod: Pod; address: Address; verdict: Verdict }[] =>
    !isLive(pod) || (pod.node !== undefined && inventory.nodeOf.get(pod.node)?.virtual === true)
      ? []
      : pod.addresses
          .filter((address) => families.has(address.family) && !holds(pools, address))
          .map((address) => ({ pod, address, verdict: verdictOf(address) })),
  )
  for (const group of groupBy(outside, ({ pod, verdict }) => `${pod.node} ${verdict}`).values()) {
    const [first] = group
    if (first === undefined) continue
    const { verdict } = first
    const node = first.pod.node
    const owners = [...new Set(group.map(({ pod }) => podId(pod)))].sort()
    const addresses = [...group.map(({ address }) => address)].sort(compareAddresses).map(formatAddress)
    yield {
      severity: SEVERITIES[verdict],
      confidence: 'likely',
      cause: verdict,
      message: `${counted(owners.length, 'live pod')}${node === undefined ? '' : ` on ${node}`} ${owners.length === 1 ? 'has an address' : 'have addresses'} outside of the pools of Calico: ${nameList(addresses)}, ${TAILS[verdict]}`,
      addresses,
      nodes: node === undefined ? [] : [node],
      owners,
      evidence: [
        ...own.map((pool) => ({ source: pool.origin, fact: `pool ${pool.name} is ${pool.ranges.map(formatRange).join(', ')}` })),
        ...group.slice(0, 5).map(({ pod, address }) => ({ source: pod.origin, fact: `${podId(pod)} shows ${formatAddress(address)}` })),
      ],
    }
  }
}
