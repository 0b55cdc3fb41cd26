// Counts that a system keeps beside its records, held against the records.
import type { Inconsistency } from '../../model/inventory.ts'

/**
 * Whether a count is the one that was counted; undefined for what is no count. Kube-OVN and others write IPv6 counts as bare numbers above 2^53, which any
 * JSON parser of Node rounds: those are compared as the double that they have become.
 */
export function sameCount(stated: unknown, counted: bigint): boolean | undefined {
  if (typeof stated === 'number') return Number.isSafeInteger(stated) ? BigInt(stated) === counted : Number(counted) === stated
  if (typeof stated !== 'string') return undefined
  return /^\d+$/.test(stated) ? BigInt(stated) === counted : undefined
}

interface Counter {
  readonly system: string
  /** Pool or object, as people name it. */
  readonly subject: string
  /** Field that states the count. */
  readonly field: string
  readonly stated: unknown
  /** What was counted, in words: `allocations in status.ipAddresses`. */
  readonly what: string
  readonly counted: bigint
  /** Differences up to this many are what two lists read one after the other can make; they are minor. */
  readonly slack?: bigint
  readonly minor?: boolean
  readonly origin: string
}

export function counterFault({ system, subject, field, stated, what, counted, slack = 0n, minor, origin }: Counter): Inconsistency[] {
  if (sameCount(stated, counted) !== false) return []
  const difference = BigInt(Math.trunc(Number(stated))) - counted
  const small = difference <= slack && -difference <= slack
  return [
    {
      system,
      subject: `${subject} ${field}`,
      cause: 'counters',
      message: `${subject} says ${field} ${String(stated)}, and there are ${counted} ${what}`,
      ...(small || minor === true ? { minor: true as const } : {}),
      origin,
    },
  ]
}
