// Masks come from flags, ConfigMaps and custom resources that anybody may have written: one that is no prefix length of its family is said, and not used.
import { formatCidr, formatRange } from '../net/index.ts'
import type { DeclaredRange, Pool, Problem } from './inventory.ts'

export interface SaneMasks {
  readonly pools: readonly Pool[]
  readonly declared: readonly DeclaredRange[]
  readonly problems: readonly Problem[]
}

const isMask = (prefix: number, family: Pool['family']): boolean => Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 4 ? 32 : 128)

/** @param pools may be cut into blocks; @param declared may state the node mask */
export function saneMasks(pools: readonly Pool[], declared: readonly DeclaredRange[]): SaneMasks {
  const problems: Problem[] = []
  const note = (subject: string, mask: number, origin: string, addresses: readonly string[]) =>
    problems.push({
      kind: 'wrong-range',
      source: 'configuration',
      subject,
      message: `${subject}: ${mask} is no prefix length of its blocks`,
      origin,
      addresses,
    })
  return {
    pools: pools.map((pool) => {
      const { blockPrefix, ...rest } = pool
      if (blockPrefix === undefined || isMask(blockPrefix, pool.family)) return pool
      note(`${pool.system} pool ${pool.name}`, blockPrefix, pool.origin, pool.ranges.map(formatRange))
      return rest
    }),
    declared: declared.map((range) => {
      const { nodePrefix, ...rest } = range
      if (nodePrefix === undefined || isMask(nodePrefix, range.cidr.family)) return range
      note(range.by, nodePrefix, range.origin, [formatCidr(range.cidr)])
      return rest
    }),
    problems,
  }
}
