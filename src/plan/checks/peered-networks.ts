// PLN-011: ranges that somebody who is connected later is likely to have too.
import type { Violation } from '../../model/finding.ts'
import { cidrsOverlap, formatCidr, formatRange, intersect, overlappingPairs, type Range, rangeOf, rangeSet } from '../../net/index.ts'
import type { AddressPlan } from '../address-plan.ts'
import { networksOf } from '../networks.ts'
import { popularRanges } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

interface Side {
  readonly range: Range
  readonly label: string
  readonly isOurs: boolean
}

/** Files of external networks may have a hundred thousand lines. */
function* withExternal(plan: AddressPlan): Generator<Violation> {
  const ours = networksOf(plan).filter(({ role }) => role !== 'nodes')
  const sides: Side[] = [
    ...ours.map(({ label, cidr }) => ({ range: rangeOf(cidr), label, isOurs: true })),
    ...plan.request.externalNetworks.map(({ range, name }) => ({ range, label: name, isOurs: false })),
  ]
  for (const pair of overlappingPairs(sides, ({ range }) => range)) {
    const [own, other] = pair[0].isOurs ? pair : [pair[1], pair[0]]
    if (!own.isOurs || other.isOurs) continue
    const [shared] = intersect(rangeSet([own.range]), rangeSet([other.range])).ranges
    const who = other.label === '' ? 'outside the cluster' : `of ${other.label}`
    yield {
      severity: 'high',
      confidence: 'certain',
      message: `${own.label} ${formatRange(own.range)} overlaps ${formatRange(other.range)} ${who}: pods cannot reach ${shared === undefined ? 'it' : formatRange(shared)}`,
      addresses: [formatRange(own.range), formatRange(other.range)],
      cause: 'external',
      steps: ['choose another range: --within NETWORK --avoid FILE finds one that is free'],
    }
  }
}

export const peeredNetworks = defineCheck({
  id: 'PLN-011',
  name: 'peered-networks',
  title: 'Ranges are not those that everybody uses',
  severity: 'low',
  revision: 2,
  why: 'A company that is bought, a VPN client at home or a peered network with the same range cannot be reached from the cluster, and nothing can be renumbered by then.',
  predicate:
    'A pod or Service range overlaps a network given as external (--external): high, certain. It overlaps 192.168.0.0/24, 192.168.1.0/24, 10.0.0.0/16 or 172.31.0.0/16; low and possible, because nobody has to be there.',
  guards: ['node networks, which are what they are'],
  fix: ['choose a range in a less popular place, and ask who will be connected: acquisitions, VPN clients, peered clouds'],
  links: ['https://github.com/aws/containers-roadmap/issues/216', 'https://github.com/Azure/AKS/issues/1175'],
  *check(plan) {
    yield* withExternal(plan)
    for (const { role, label, cidr } of networksOf(plan)) {
      if (role === 'nodes') continue
      const hits = popularRanges.filter((popular) => cidrsOverlap(popular.cidr, cidr))
      if (hits.length === 0) continue
      yield {
        confidence: 'possible',
        message: `${label} ${formatCidr(cidr)} overlaps ${hits.map((hit) => `${formatCidr(hit.cidr)} (${hit.who})`).join(', ')}`,
        addresses: [formatCidr(cidr)],
      }
    }
  },
})
