// How many node ranges the cluster CIDR has, and how many are given out: exact set arithmetic, so mixed masks and overlaps cannot count twice.
import type { Pool } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import {
  bitsOf,
  blockSize,
  type Family,
  formatRange,
  intersect,
  networkOf,
  type Range,
  type RangeSet,
  rangeCovers,
  rangeOf,
  rangeSet,
  rangeSize,
  sizeOf,
  subtract,
} from '../../net/index.ts'
import { serviceRanges } from './cluster-ranges.ts'

export interface SlotCount {
  readonly family: Family
  readonly pools: readonly Pool[]
  /** Ranges of the pools as text. */
  readonly texts: readonly string[]
  readonly used: bigint
  readonly free: bigint
}

/** Whole slots that the ranges touch. The controller marks every slot that a Service range touches as taken (nodeipam cidr_set.go). */
function slotsTouched(ranges: Iterable<Range>, prefix: number): RangeSet {
  const whole: Range[] = []
  for (const { family, first, last } of ranges) {
    const start = rangeOf(networkOf({ family, value: first }, prefix))
    const end = rangeOf(networkOf({ family, value: last }, prefix))
    whole.push({ family, first: start.first, last: end.last })
  }
  return rangeSet(whole)
}

function countPool(pool: Pool, issued: readonly Range[], services: readonly Range[]): { used: bigint; free: bigint } {
  const prefix = pool.blockPrefix ?? bitsOf(pool.family)
  const own = rangeSet(pool.ranges)
  const slotSize = blockSize(pool.family, prefix)
  const sameFamily = (range: Range) => range.family === pool.family
  const used = intersect(own, slotsTouched(issued.filter(sameFamily), prefix))
  const free = subtract(subtract(own, used), slotsTouched(services.filter(sameFamily), prefix))
  return { used: sizeOf(used) / slotSize, free: sizeOf(free) / slotSize }
}

/** A node mask shorter than the pool's own prefix gives no slot at all: the controller refuses to start with it. */
const hasSlots = ({ family, ranges, blockPrefix }: Pool): boolean =>
  blockPrefix !== undefined && ranges.every((range) => rangeSize(range) >= blockSize(family, blockPrefix))

/** Slots of the node-cidr pools of one certainty, summed by family. A pool inside another is the same space stated twice. */
export function slotCounts(inventory: Inventory, certainty: Pool['certainty']): readonly SlotCount[] {
  const pools = inventory.pools.filter((pool) => pool.system === 'node-cidr' && pool.certainty === certainty && hasSlots(pool))
  const issued = inventory.blocks.filter((block) => block.system === 'node-cidr').map((block) => rangeOf(block.cidr))
  const services = serviceRanges(inventory).map(({ range }) => range)
  return ([4, 6] as const).flatMap((family): SlotCount[] => {
    const own = pools.filter((pool) => pool.family === family)
    const outer = own.filter((pool) => !own.some((other) => other !== pool && coversPool(other, pool)))
    if (outer.length === 0) return []
    const counts = outer.map((pool) => countPool(pool, issued, services))
    return [
      {
        family,
        pools: outer,
        texts: outer.flatMap((pool) => pool.ranges.map(formatRange)),
        used: counts.reduce((sum, { used }) => sum + used, 0n),
        free: counts.reduce((sum, { free }) => sum + free, 0n),
      },
    ]
  })
}

const coversPool = (outer: Pool, inner: Pool): boolean => inner.ranges.every((range) => outer.ranges.some((wide) => rangeCovers(wide, range)))
