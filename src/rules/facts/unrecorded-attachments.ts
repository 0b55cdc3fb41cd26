// DRF-506 for secondary networks: a live pod shows an address of a pool whose store has no record of it, so the next pod can get it too (whereabouts #162).
import type { Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Pod, Pool } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isLive, isTerminating, podId, runningSince } from '../../model/pod-state.ts'
import { type Address, formatAddress, formatRange, holds, rangeSet } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { interfaceDomains } from './attachment-domains.ts'
import { counted, nameList } from './name-list.ts'
import { recordJudge } from './record-owners.ts'

interface Missing {
  readonly pool: Pool
  readonly pod: Pod
  readonly address: Address
}

/** Only what the definition says that this very system allocates: static and foreign addresses have no record there. */
function missingRecords(inventory: Inventory, options: RuleOptions): Missing[] {
  const pools = inventory.pools.filter(({ use, blockPrefix }) => use === 'attachments' && blockPrefix === undefined)
  if (pools.length === 0) return []
  const sets = pools.map((pool) => ({ pool, set: rangeSet(pool.ranges) }))
  // A second record alone (an overlapping reservation) is asked for before an address is given only where all who draw from the pool do so;
  // whereabouts 0.8.0 then passes the address over, and the missing half is LEAK-204's.
  const names = new Set(pools.map(({ system, name }) => `${system}\0${name}`))
  const keyOf = (domain: string, address: Address): string => `${domain}\0${formatAddress(address)}`
  const known = new Set<string>()
  const kept = new Set<string>()
  for (const { system, pool, domain, address } of inventory.allocations) {
    if (names.has(`${system}\0${pool}`)) known.add(keyOf(domain, address))
    else kept.add(`${system}\0${keyOf(domain, address)}`)
  }
  const domainOf = interfaceDomains(inventory)
  const latest = Math.min(inventory.observedAt, inventory.podsReadAt ?? inventory.observedAt) - options.grace
  return inventory.attachedPods.flatMap((pod) => {
    if (!isLive(pod) || isTerminating(pod) || (runningSince(pod) ?? inventory.observedAt) >= latest) return []
    return pod.interfaces.flatMap(({ network, addresses }) => {
      const { domain, attachment } = domainOf(pod, network)
      return addresses.flatMap((address): Missing[] => {
        if (attachment === undefined || known.has(keyOf(domain, address))) return []
        const found = sets.find(({ pool, set }) => pool.domain === domain && pool.system === attachment.ipam && holds(set, address))
        if (found === undefined) return []
        const { pool } = found
        if (pool.guarded === true && kept.has(`${pool.system}\0${keyOf(domain, address)}`)) return []
        return [{ pool, pod, address }]
      })
    })
  })
}

export function* unrecordedAttachments(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  const missing = missingRecords(inventory, options)
  if (missing.length === 0) return
  const judge = recordJudge(inventory, options)
  for (const group of groupBy(missing, ({ pool }) => pool).values()) {
    const { pool } = group[0] as Missing
    const leaked = inventory.allocations.filter(
      (allocation) => allocation.system === pool.system && allocation.domain === pool.domain && judge.verdict(allocation).kind === 'absent',
    )
    const addresses = [...new Set(group.map(({ address }) => formatAddress(address)))]
    const both =
      leaked.length === 0
        ? ''
        : `, while ${counted(leaked.length, 'record')} there ${leaked.length === 1 ? 'has' : 'have'} no pod: as after a restored datastore`
    yield {
      severity: leaked.length === 0 ? 'high' : 'critical',
      confidence: 'likely',
      cause: 'attachment',
      message: `${pool.system} pool ${pool.name} has no record of ${counted(addresses.length, 'address', 'addresses')} that live pods use: ${nameList(addresses)}${both}; the next pod can get them too`,
      domain: pool.domain,
      addresses,
      nodes: [...new Set(group.flatMap(({ pod }) => pod.node ?? []))].sort(),
      owners: [...new Set(group.map(({ pod }) => podId(pod)))],
      subject: [pool.system, pool.name],
      evidence: [
        { source: pool.origin, fact: `pool ${pool.name} is ${pool.ranges.map(formatRange).join(', ')}` },
        ...group.slice(0, 10).map(({ pod, address }) => ({ source: pod.origin, fact: `${podId(pod)} shows ${formatAddress(address)}` })),
      ],
      ...(pool.system === 'whereabouts' ? { playbook: 'R10' } : {}),
    }
  }
}
