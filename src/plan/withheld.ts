// What no node may get of a pool.
import { type Cidr, lastOf, type Range, rangeOf } from '../net/index.ts'
import type { PlanRequest } from './plan-request.ts'

/** Reservations, the Service ranges, which kube-controller-manager never hands out either, and what the cloud keeps of a range. */
export function withheldRanges({ reservations, serviceCidrs, profile }: PlanRequest, cidr: Cidr): readonly Range[] {
  const { family, base } = cidr
  const { first, last } = profile.ends
  const ends: Range[] = []
  if (first > 0) ends.push({ family, first: base, last: base + BigInt(first) - 1n })
  if (last > 0) ends.push({ family, first: lastOf(cidr) - BigInt(last) + 1n, last: lastOf(cidr) })
  return [...reservations.map(({ range }) => range), ...serviceCidrs.map(rangeOf), ...ends]
}
