// OVL-305: a load-balancer pool holds addresses that something else has.
import type { Gap, Violation } from '../model/finding.ts'
import type { Pool } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { compareRanges, formatRange, intersect, type Range, rangeHolds, rangeSet, rangesOverlap } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { neighbours, type Taken } from './facts/load-balancer-neighbours.ts'
import { nameList } from './facts/name-list.ts'

const DOMAIN = 'load-balancers'

/** Lists that hold such pools. Kinds that share their plural with others are named in full where both are served. */
const SOURCES = ['ipaddresspools', 'ciliumloadbalancerippools', 'externalippools', 'ippools.crd.projectcalico.org', 'configmaps']

interface Part {
  readonly pool: Pool
  readonly range: Range
}

const poolName = ({ system, name }: Pool): string => `${system} ${name}`

const partsOf = (inventory: Inventory): Part[] =>
  inventory.pools
    .filter((pool) => pool.use === 'load-balancers' && pool.disabled !== true)
    .flatMap((pool) => pool.ranges.map((range) => ({ pool, range })))
    .sort((a, b) => compareRanges(a.range, b.range) || (poolName(a.pool) < poolName(b.pool) ? -1 : 1))

const overlap = (a: Range, b: Range): Range => intersect(rangeSet([a]), rangeSet([b])).ranges[0] ?? a

/** One finding for a pool and all addresses of one kind that it holds. */
function violation({ pool, range }: Part, taken: readonly Taken[]): Violation | undefined {
  const [first] = taken
  if (first === undefined) return undefined
  const shared = [...new Set(taken.map((other) => formatRange(overlap(range, other.range))))]
  const names = [...new Set(taken.map(({ what }) => what))].sort()
  return {
    cause: first.kind,
    domain: DOMAIN,
    message: `load-balancer pool ${poolName(pool)} (${formatRange(range)}) holds ${nameList(shared)}: ${nameList(names)}; ${first.effect}`,
    addresses: shared,
    nodes: [...new Set(taken.flatMap(({ node }) => node ?? []))].sort(),
    subject: [poolName(pool)],
    evidence: [
      { source: pool.origin, fact: `pool ${poolName(pool)} has ${formatRange(range)}` },
      ...taken.slice(0, 10).map(({ origin, what }) => ({ source: origin, fact: what })),
    ],
  }
}

function* betweenPools(parts: readonly Part[]): Generator<Violation> {
  for (const [i, a] of parts.entries()) {
    for (const b of parts.slice(i + 1)) {
      if (a.pool === b.pool || !rangesOverlap(a.range, b.range)) continue
      const names = [poolName(a.pool), poolName(b.pool)].sort()
      const text = formatRange(overlap(a.range, b.range))
      yield {
        cause: 'another-pool',
        domain: DOMAIN,
        message: `load-balancer pools ${names.join(' and ')} share ${text}: two Services can get one address`,
        addresses: [text],
        subject: names,
        evidence: [a, b].map(({ pool, range }) => ({ source: pool.origin, fact: `pool ${poolName(pool)} has ${formatRange(range)}` })),
      }
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'load-balancer pools'
  const lists = inventory.coverage.filter(({ source }) => SOURCES.some((name) => source === name || source.startsWith(`${name}.`)))
  const broken = lists.find(({ status }) => status === 'forbidden' || status === 'failed')
  const some = partsOf(inventory).length > 0
  if (broken !== undefined)
    return [{ reason: `${what}: ${broken.source} could not be read (${broken.error ?? broken.status})`, whole: !some, incomplete: true }]
  if (some)
    return inventory.nodes.length > 0 ? [] : [{ reason: `${what}: the input holds no nodes, so their addresses were not compared`, whole: false }]
  // A server that does not serve the kinds, or lists that came empty, leave nothing to look at.
  const told = lists.some(
    ({ source, status, error }) => source !== 'configmaps' && (status === 'complete' || (status === 'absent' && error !== null)),
  )
  return told ? [] : [{ reason: `${what}: the input holds none`, whole: true }]
}

export const lbPoolOverlap = defineRule({
  id: 'OVL-305',
  name: 'lb-pool-overlap',
  title: 'Load-balancer pool overlaps something else',
  severity: 'high',
  revision: 1,
  why: 'The load balancer answers ARP for an address that a node or gateway has: nodes drop off for minutes to hours, as soon as a Service gets that address.',
  predicate:
    'A range of a load-balancer pool (MetalLB, Cilium, kube-vip, Antrea, Calico) holds the address of a node, a known gateway, the network or broadcast address of a declared node network that it lies in, a part of a pod or Service range or of a connected cluster, or a part of another load-balancer pool. One finding for each range and kind.',
  guards: [
    'T13: ranges written start-end are compared as they are, never widened to CIDRs.',
    'T14: a pool in the subnet of the nodes with addresses of its own is fine: addresses are compared, not subnets.',
    'A pool that is the address of a single node on purpose is reported; accept it with a waiver.',
    'A pool that is a whole declared network is routed, and has no network and broadcast address to spare.',
    'Disabled pools are not judged.',
  ],
  playbook: 'R11',
  links: [
    'https://github.com/metallb/metallb/issues/364',
    'https://github.com/metallb/metallb/issues/2700',
    'https://github.com/metallb/metallb/issues/772',
    'https://github.com/metallb/metallb/issues/2779',
  ],
  gaps,
  *check(inventory) {
    const parts = partsOf(inventory)
    if (parts.length === 0) return
    const kinds = neighbours(inventory)
    for (const part of parts) {
      for (const taken of kinds) {
        const touching = taken.filter(({ range, inside }) =>
          inside === undefined
            ? rangesOverlap(part.range, range)
            : rangeHolds(part.range, { family: range.family, value: range.first }) && inside(part.range),
        )
        const found = violation(part, touching)
        if (found !== undefined) yield found
      }
    }
    yield* betweenPools(parts)
  },
})
