// Finds a free range for the pods in a larger network, and says why it is the best one.
import { aggregate, type Cidr, formatCidr, type Range, rangeOf, rangeSet, subtract } from '../net/index.ts'
import { sharedPrefix } from './layout-pools.ts'
import type { PlanRequest } from './plan-request.ts'
import { hostBridges, popularRanges, specialRanges } from './special-use.ts'
import { count } from './wording.ts'

export interface Proposal {
  readonly cidr: Cidr
  /** The free network around it. */
  readonly around: Cidr
  /** How often it can be doubled in place. */
  readonly doublings: number
  readonly why: string
}

export interface Search {
  readonly within: Cidr
  /** Prefix length that the request needs. */
  readonly prefix: number
  /** The best first; empty when nothing so large is free. */
  readonly proposals: readonly Proposal[]
  /** What is free at all, the largest first. */
  readonly free: readonly Cidr[]
}

/** More are no help to anybody. */
const mostProposals = 5

/** Space with a meaning of its own that the request does not declare to be its own. */
const specialsOf = ({ owned }: PlanRequest, level: 'high' | 'info'): readonly Range[] =>
  subtract(rangeSet(specialRanges.filter(({ severity }) => severity === level).map(({ cidr }) => rangeOf(cidr))), rangeSet(owned.map(rangeOf))).ranges

/** Of networks that somebody has, and of those that are not made for pods. */
function takenRanges(request: PlanRequest): readonly Range[] {
  return [
    ...request.externalNetworks.map(({ range }) => range),
    ...request.reservations.map(({ range }) => range),
    ...request.loadBalancerRanges,
    ...[...request.serviceCidrs, ...request.nodeNetworks].map(rangeOf),
    ...request.nodePools.flatMap(({ cidrs }) => cidrs).map(rangeOf),
    ...request.secondaryNetworks.map(({ cidr }) => rangeOf(cidr)),
    ...[...hostBridges, ...request.profile.internal].map(({ cidr }) => rangeOf(cidr)),
    ...specialsOf(request, 'high'),
  ]
}

function proposalIn(around: Cidr, prefix: number, isPopular: boolean): Proposal {
  const doublings = prefix - around.prefix
  const cidr = { ...around, prefix }
  const room =
    doublings === 0
      ? 'it fills a gap exactly, and cannot be doubled in place'
      : `${formatCidr(around)} around it is free, so that it can be doubled ${count(doublings, 'time')} in place`
  return { cidr, around, doublings, why: isPopular ? `${room}; others are likely to use it too` : room }
}

/** Room to double once comes first; then the smallest gap, which leaves large ones whole; then the lowest address. */
function compare(a: Proposal, b: Proposal): number {
  const growing = Number(b.doublings > 0) - Number(a.doublings > 0)
  if (growing !== 0) return growing
  return a.doublings - b.doublings || (a.cidr.base < b.cidr.base ? -1 : 1)
}

/** A range for all node pools that bring none; nothing that the request knows of is touched. */
export function findSpace(request: PlanRequest, within: Cidr): Search {
  const prefix = Math.max(within.prefix, sharedPrefix(request, within.family))
  const open = subtract(rangeSet([rangeOf(within)]), rangeSet(takenRanges(request)))
  const unpopular = subtract(open, rangeSet([...popularRanges.map(({ cidr }) => rangeOf(cidr)), ...specialsOf(request, 'info')]))
  const fitting = (isPopular: boolean): Proposal[] =>
    [...aggregate(isPopular ? open : unpopular)].filter((free) => free.prefix <= prefix).map((free) => proposalIn(free, prefix, isPopular))
  const quiet = fitting(false)
  const proposals = (quiet.length > 0 ? quiet : fitting(true)).sort(compare).slice(0, mostProposals)
  return { within, prefix, proposals, free: [...aggregate(open)].sort((a, b) => a.prefix - b.prefix) }
}

/** Where nothing is large enough, the largest that there is: the plan then says what does not fit. */
export const chosenOf = ({ proposals, free }: Search): Cidr | undefined => proposals[0]?.cidr ?? free[0] ?? undefined
