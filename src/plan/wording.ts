// Small words that messages share.
import { bitsOf, formatCidr } from '../net/index.ts'
import type { FamilyPool, PoolPlan } from './address-plan.ts'

/** `1 node`, `3 nodes` */
export const count = (number: number | bigint, noun: string): string => `${number} ${noun}${Number(number) === 1 ? '' : 's'}`

/** The first few, and how many more there are. */
export const listed = (items: readonly string[], most = 5): readonly string[] =>
  items.length <= most ? items : [...items.slice(0, most), `${items.length - most} more`]

/** `10.244.0.0/16 in blocks of /24` */
export const inBlocks = ({ cidr, nodePrefix }: FamilyPool): string =>
  nodePrefix === bitsOf(cidr.family) ? `${formatCidr(cidr)} address by address` : `${formatCidr(cidr)} in blocks of /${nodePrefix}`

export const cidrsOf = ({ families }: Pick<PoolPlan, 'families'>): string[] => families.map(({ cidr }) => formatCidr(cidr))

/** The family that runs out first, and why: `10.244.0.0/16 in blocks of /24 has room for 255, 1 of its 256 blocks being reserved` */
export function roomInWords({ families }: PoolPlan, room: bigint): string {
  const [first, second] = families
  if (first === undefined) return ''
  const tightest = second !== undefined && second.slots - second.withheld < first.slots - first.withheld ? second : first
  const reserved = tightest.withheld === 0n ? '' : `, ${tightest.withheld} of its ${tightest.slots} blocks being reserved`
  return `${inBlocks(tightest)} has room for ${room}${reserved}`
}

/** Day arithmetic without a clock: the month that lies `years` after `today` (YYYY-MM-DD), as YYYY-MM; undefined beyond the year 9999. */
export function monthAfter(today: string, years: number): string | undefined {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number)
  const months = Math.floor(year * 12 + (month - 1) + (day - 1) / 31 + years * 12)
  const inYear = Math.floor(months / 12)
  return inYear > 9999 ? undefined : `${inYear}-${String((months % 12) + 1).padStart(2, '0')}`
}
