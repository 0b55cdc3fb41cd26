// PLN-015: nothing is set aside for the day when the first pool is full.
import {
  aggregate,
  bitsOf,
  type Cidr,
  cidrSize,
  formatCidr,
  networkOf,
  rangeOf,
  rangeSet,
  rangeSize,
  rangesOverlap,
  subtract,
} from '../../net/index.ts'
import type { AddressPlan } from '../address-plan.ts'
import { networksOf } from '../networks.ts'
import { homeOf, hostBridges, popularRanges } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

/** A range set aside that is at least half as large and touches no network of the plan. */
function isSetAside({ request }: AddressPlan, cidr: Cidr, networks: readonly Cidr[]): boolean {
  return request.reservations.some(
    ({ range }) =>
      range.family === cidr.family && 2n * rangeSize(range) >= cidrSize(cidr) && networks.every((network) => !rangesOverlap(rangeOf(network), range)),
  )
}

/** A free place of the same size, else of half the size, in the same private space: the next one behind the pool, else the first. */
function proposal(cidr: Cidr, networks: readonly Cidr[], { request }: AddressPlan): Cidr | undefined {
  const home = homeOf(cidr)
  if (home === undefined) return undefined
  const larger = cidr.prefix === 0 ? cidr : networkOf({ family: cidr.family, value: cidr.base }, cidr.prefix - 1) // its other half is for growth in place
  const avoided = [larger, ...networks, ...hostBridges.map((bridge) => bridge.cidr), ...popularRanges.map((popular) => popular.cidr)].map(rangeOf)
  const free = [...aggregate(subtract(rangeSet([rangeOf(home)]), rangeSet([...avoided, ...request.reservations.map(({ range }) => range)])))]
  for (const prefix of [cidr.prefix, cidr.prefix + 1]) {
    const fitting = prefix > bitsOf(cidr.family) ? [] : free.filter((candidate) => candidate.prefix <= prefix)
    const found = fitting.find(({ base }) => base > cidr.base) ?? fitting[0]
    if (found !== undefined) return { ...found, prefix }
  }
  return undefined
}

export const roomForASecondPool = defineCheck({
  id: 'PLN-015',
  name: 'room-for-a-second-pool',
  title: 'A second pool has a place to go',
  severity: 'info',
  revision: 1,
  why: 'Most systems can add a pool and none can enlarge one; when the first is full, only space that was kept free helps.',
  predicate: 'No reservation outside of all networks of the plan is at least half as large as the pool.',
  guards: ['a plan without nodes, which is a calculation'],
  fix: ['reserve a disjoint range of at least half the size'],
  links: ['https://github.com/cilium/cilium/issues/15977'],
  *check(plan) {
    if (plan.nodeCount === 0) return
    const networks = networksOf(plan)
    const cidrs = networks.map(({ cidr }) => cidr)
    const [first] = networks.filter(({ role }) => role === 'pods')
    // Pools that stand beside the first are second pools already.
    for (const { cidr } of networks.filter(({ role, label }) => role === 'pods' && label === first?.label)) {
      if (isSetAside(plan, cidr, cidrs)) continue
      const place = proposal(cidr, cidrs, plan)
      yield {
        message:
          `nothing is set aside for a second pool beside ${formatCidr(cidr)}` +
          (place === undefined ? ', and its private space has no place for one half as large' : `; ${formatCidr(place)} would do`),
        addresses: [formatCidr(cidr)],
        steps:
          place === undefined
            ? ['plan the pool smaller, or find space elsewhere']
            : [`keep ${formatCidr(place)} free: --reserve ${formatCidr(place)}`],
      }
    }
  },
})
