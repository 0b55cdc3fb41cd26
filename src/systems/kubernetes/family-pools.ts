// One object may hold ranges of both families; a pool has one.
import type { Pool } from '../../model/inventory.ts'
import { type Range, rangeSet, sizeOf, subtract } from '../../net/index.ts'

/** @param excluded what the system never hands out of them; the capacity is what is left */
export const familyPools = (base: Omit<Pool, 'family' | 'ranges'>, ranges: readonly Range[], excluded: readonly Range[] = []): Pool[] =>
  ([4, 6] as const).flatMap((family): Pool[] => {
    const own = ranges.filter((range) => range.family === family)
    if (own.length === 0) return []
    const left = sizeOf(subtract(rangeSet(own), rangeSet(excluded)))
    return [{ ...base, family, ranges: own, ...(excluded.length === 0 || base.capacity !== undefined ? {} : { capacity: left }) }]
  })
