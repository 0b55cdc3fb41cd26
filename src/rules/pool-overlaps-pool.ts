// OVL-307: two pools of one allocator share addresses, two blocks of one node do, or a pool is too small for a single block.
import type { Gap, Severity, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Block, Pool } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { asCidr, compareCidrs, formatCidr, formatRange, intersect, overlappingPairs, type Range, rangeOf, rangeSet } from '../net/index.ts'
import { defineRule } from './define-rule.ts'

/** ServiceCIDRs may nest; cluster CIDRs are one pool stated in several places; state directories are DUP-103's and load balancers OVL-305's. */
const ELSEWHERE = new Set(['services', 'node-cidr', 'host-local'])

const poolsOf = (inventory: Inventory): readonly Pool[] =>
  inventory.pools.filter(({ system, node, use }) => !ELSEWHERE.has(system) && node === undefined && use !== 'load-balancers')

interface Part {
  readonly pool: Pool
  readonly range: Range
}

const partsOf = (pools: readonly Pool[]): Part[] => pools.flatMap((pool) => (pool.handedOut ?? pool.ranges).map((range) => ({ pool, range })))

function severityOf(a: Pool, b: Pool): { severity: Severity; why: string } {
  if (a.disabled === true || b.disabled === true) return { severity: 'info', why: 'one of them is disabled, as when a pool replaces another' }
  if (a.guarded === true && b.guarded === true) return { severity: 'low', why: 'the allocator checks addresses across both before it gives them out' }
  return { severity: 'high', why: 'nothing keeps the allocator from giving one address twice' }
}

const titleOf = (pool: Pool): string => `${pool.name} (${pool.ranges.map(formatRange).join(', ')})`

function pairViolation(a: Pool, b: Pool): Violation {
  const { severity, why } = severityOf(a, b)
  const shared = intersect(rangeSet(a.handedOut ?? a.ranges), rangeSet(b.handedOut ?? b.ranges)).ranges.map(formatRange)
  const pair = a === b ? `pool ${titleOf(a)} of ${a.system} lists a range twice` : `pools ${titleOf(a)} and ${titleOf(b)} of ${a.system} overlap`
  return {
    severity: a === b ? 'low' : severity,
    cause: 'pools',
    message: a === b ? pair : `${pair} in ${shared.slice(0, 3).join(', ')}: ${why}`,
    domain: a.domain,
    addresses: [...new Set([...a.ranges, ...b.ranges].map(formatRange))],
    owners: [...new Set([a.name, b.name])],
    subject: [a.system],
    evidence: [...new Set([a, b])].map((pool) => ({
      source: pool.origin,
      fact: `${pool.system} pool ${titleOf(pool)}${pool.disabled === true ? ', disabled' : ''}`,
    })),
  }
}

function* overlaps(pools: readonly Pool[]): Generator<Violation> {
  for (const group of groupBy(pools, ({ system, domain }) => `${system}\0${domain}`).values()) {
    const seen = new Map<Pool, Set<Pool>>()
    for (const [x, y] of overlappingPairs(partsOf(group), ({ range }) => range)) {
      const [a, b] = x.pool.name <= y.pool.name ? [x.pool, y.pool] : [y.pool, x.pool]
      if (seen.get(a)?.has(b) === true) continue
      seen.set(a, (seen.get(a) ?? new Set<Pool>()).add(b))
      yield pairViolation(a, b)
    }
  }
}

function* tooSmall(pools: readonly Pool[]): Generator<Violation> {
  for (const pool of pools) {
    const blockPrefix = pool.blockPrefix ?? pool.claims?.prefix
    if (blockPrefix === undefined || pool.disabled === true) continue
    for (const range of pool.ranges) {
      const cidr = asCidr(range)
      if (cidr === undefined || cidr.prefix <= blockPrefix) continue
      yield {
        cause: 'smaller-than-block',
        message: `${formatCidr(cidr)} of pool ${pool.name} (${pool.system}) is smaller than one block of it (/${blockPrefix}): no node can ever get an address of it`,
        domain: pool.domain,
        addresses: [formatCidr(cidr)],
        owners: [pool.name],
        subject: [pool.system],
        evidence: [{ source: pool.origin, fact: `pool ${titleOf(pool)} has blocks of /${blockPrefix}` }],
      }
    }
  }
}

/** Blocks of two nodes are DUP-102's; here are those of one node or of nobody. The same block in two records is one block. */
function* nestedBlocks(inventory: Inventory): Generator<Violation> {
  const blocks = inventory.blocks.filter(({ system, state }) => !ELSEWHERE.has(system) && state === undefined)
  for (const group of groupBy(blocks, ({ system, domain }) => `${system}\0${domain}`).values()) {
    for (const [a, b] of overlappingPairs(group, (block) => rangeOf(block.cidr))) {
      const twoNodes = a.node !== '' && b.node !== '' && a.node !== b.node
      if (twoNodes || formatCidr(a.cidr) === formatCidr(b.cidr)) continue
      yield compareCidrs(a.cidr, b.cidr) <= 0 ? blockViolation(a, b) : blockViolation(b, a)
    }
  }
}

function blockViolation(a: Block, b: Block): Violation {
  const holders = [...new Set([a.node, b.node].filter((node) => node !== ''))].sort()
  const addresses = [formatCidr(a.cidr), formatCidr(b.cidr)]
  return {
    cause: 'blocks',
    message: `blocks ${addresses.join(' and ')} of ${a.system}${holders.length === 0 ? '' : ` on ${holders.join(' and ')}`} overlap: the block size of a pool was changed while blocks were given out`,
    domain: a.domain,
    addresses,
    nodes: holders,
    subject: [a.system],
    evidence: [a, b].map((block) => ({
      source: block.origin,
      fact: `${block.node || 'nobody'} holds ${formatCidr(block.cidr)} of ${block.pool || 'no pool'}`,
    })),
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  if (poolsOf(inventory).length > 0) return []
  return [{ reason: 'overlapping pools: the input holds no pools of a CNI', whole: true }]
}

export const poolOverlapsPool = defineRule({
  id: 'OVL-307',
  name: 'pool-overlaps-pool',
  title: 'Pools of one allocator overlap',
  severity: 'high',
  revision: 1,
  why: 'Each pool counts its own addresses: what both hold is given to two pods in the end, or to blocks of two sizes that lie in each other.',
  predicate:
    'Two pools of one system in one routing domain share addresses that both hand out (high); a range of a pool is smaller than one of its blocks (high); two blocks of one node, or of nobody, overlap (high). Low where the allocator itself checks across both pools (whereabouts with enable_overlapping_ranges), info where one of them is disabled.',
  guards: [
    'T24: pools of separate networks are not compared.',
    'T13: ranges are compared by their ends, bounds and exclusions taken off.',
    'A disabled pool beside its replacement is info; slices of nodes lie in their pool by design.',
    'Blocks of two nodes are DUP-102; load-balancer pools OVL-305; fixed ranges of host-local DUP-103.',
  ],
  playbook: 'R5',
  links: [
    'https://github.com/projectcalico/calico/pull/13564',
    'https://github.com/antrea-io/antrea/issues/7306',
    'https://github.com/k8snetworkplumbingwg/whereabouts/pull/49',
  ],
  gaps,
  *check(inventory) {
    const pools = poolsOf(inventory)
    yield* overlaps(pools)
    yield* tooSmall(pools)
    yield* nestedBlocks(inventory)
  },
})
