// Allocations that lie in no range of the pool that they name: the range was edited, or the record is of another pool.
import type { Allocation, Inconsistency, Pool } from '../../model/inventory.ts'
import { formatAddress, holds, type RangeSet, rangeSet } from '../../net/index.ts'

/** Pools of one system; allocations of pools that are not among them are not judged. */
export function outsideTheirPools(pools: readonly Pool[], allocations: readonly Allocation[], minor = false): Inconsistency[] {
  const ranges = new Map<string, RangeSet>()
  for (const name of new Set(pools.map((pool) => pool.name)))
    ranges.set(name, rangeSet(pools.filter((pool) => pool.name === name).flatMap((pool) => pool.ranges)))
  return allocations.flatMap((allocation): Inconsistency[] => {
    const own = ranges.get(allocation.pool)
    if (own === undefined || allocation.unsettled === true || holds(own, allocation.address)) return []
    const address = formatAddress(allocation.address)
    return [
      {
        system: allocation.system,
        subject: `${allocation.pool} ${address}`,
        cause: 'outside-pool',
        message: `${address} is recorded in ${allocation.pool} for ${allocation.owner.id}, and no range of that pool holds it`,
        ...(minor ? { minor: true as const } : {}),
        addresses: [address],
        owners: [allocation.owner.id],
        origin: allocation.origin,
      },
    ]
  })
}
