// What no node may get of a pool.
import { type Cidr, lastOf, type Range, rangeOf } from '../net/index.ts'
import type { PlanRequest } from './plan-request.ts'
import type { Profile } from './profiles/define-profile.ts'

/** Reservations, and the Service ranges, which kube-controller-manager never hands out either. */
export const reservedRanges = ({ reservations, serviceCidrs }: PlanRequest): readonly Range[] => [
  ...reservations.map(({ range }) => range),
  ...serviceCidrs.map(rangeOf),
]

/** Addresses at both ends that the cloud, or the system itself, keeps. */
export function keptByCloud({ ends }: Profile, cidr: Cidr): readonly Range[] {
  const { family, base } = cidr
  const kept: Range[] = []
  if (ends.first > 0) kept.push({ family, first: base, last: base + BigInt(ends.first) - 1n })
  if (ends.last > 0) kept.push({ family, first: lastOf(cidr) - BigInt(ends.last) + 1n, last: lastOf(cidr) })
  return kept
}

export const withheldRanges = (request: PlanRequest, cidr: Cidr): readonly Range[] => [
  ...reservedRanges(request),
  ...keptByCloud(request.profile, cidr),
]
