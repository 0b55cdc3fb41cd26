// DRF-505: a block that no pool holds any more, or that the node's interfaces and the allocator's list disagree on.
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Block, Pool } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { coversRange, formatCidr, formatRange, type RangeSet, rangeOf, rangeSet, subtract } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { counted, nameList } from './facts/name-list.ts'

/** Node ranges of kube-controller-manager are held against the cluster CIDR by DRF-501. */
const blocksOf = (inventory: Inventory): readonly Block[] => inventory.blocks.filter(({ system }) => system !== 'node-cidr')

const spaceKey = (item: { system: string; domain: string }, family: number): string => `${item.system}\0${item.domain}\0${family}`

interface Space {
  readonly all: RangeSet
  /** By name; one name may have several pools (ranges). */
  readonly named: ReadonlyMap<string, RangeSet>
  readonly pools: readonly Pool[]
}

/** Pools that hold blocks; disabled ones are still there. */
function spacesOf(inventory: Inventory): ReadonlyMap<string, Space> {
  const pools = inventory.pools.filter(({ system, node, certainty, use }) => {
    return system !== 'node-cidr' && system !== 'services' && node === undefined && certainty === 'declared' && use !== 'load-balancers'
  })
  const spaces = new Map<string, Space>()
  for (const [key, group] of groupBy(pools, (pool) => spaceKey(pool, pool.family))) {
    const named = new Map([...groupBy(group, ({ name }) => name)].map(([name, same]) => [name, rangeSet(same.flatMap(({ ranges }) => ranges))]))
    spaces.set(key, { all: rangeSet(group.flatMap(({ ranges }) => ranges)), named, pools: group })
  }
  return spaces
}

type Fault = 'outside-every-pool' | 'outside-its-pool'

function faultOf(block: Block, space: Space): Fault | undefined {
  const range = rangeOf(block.cidr)
  if (!coversRange(space.all, range)) return 'outside-every-pool'
  const own = space.named.get(block.pool)
  return own === undefined || coversRange(own, range) ? undefined : 'outside-its-pool'
}

function orphanViolation(fault: Fault, blocks: readonly Block[], space: Space): Violation {
  const [first] = blocks as readonly [Block, ...Block[]]
  const nodes = [...new Set(blocks.flatMap(({ node }) => (node === '' ? [] : [node])))].sort()
  const texts = blocks.map(({ cidr }) => formatCidr(cidr))
  const where = fault === 'outside-every-pool' ? `no pool of ${first.system} holds` : `pool ${first.pool} of ${first.system} no longer holds`
  const on = nodes.length === 0 ? '' : ` on ${nameList(nodes)}`
  return {
    cause: fault,
    message: `${where} ${counted(blocks.length, 'block')} that ${blocks.length === 1 ? 'is' : 'are'} given out: ${nameList(texts)}${on}; pods there keep addresses that the pool may give away again`,
    domain: first.domain,
    addresses: texts,
    nodes,
    subject: [first.system, first.pool],
    evidence: [
      ...blocks
        .slice(0, 10)
        .map((block) => ({ source: block.origin, fact: `${block.node || 'nobody'} holds ${formatCidr(block.cidr)} of pool ${block.pool || '?'}` })),
      ...space.pools.slice(0, 5).map((pool) => ({ source: pool.origin, fact: `pool ${pool.name} is ${pool.ranges.map(formatRange).join(', ')}` })),
    ],
  }
}

function* orphans(inventory: Inventory): Generator<Violation> {
  const spaces = spacesOf(inventory)
  const faults = blocksOf(inventory).flatMap((block) => {
    const space = spaces.get(spaceKey(block, block.cidr.family))
    const fault = space === undefined ? undefined : faultOf(block, space)
    return space === undefined || fault === undefined ? [] : [{ block, space, fault }]
  })
  for (const group of groupBy(faults, ({ block, fault }) => `${spaceKey(block, block.cidr.family)}\0${block.pool}\0${fault}`).values()) {
    const [first] = group
    if (first !== undefined)
      yield orphanViolation(
        first.fault,
        group.map(({ block }) => block),
        first.space,
      )
  }
}

/** Ranges on the interfaces that the allocator's list lacks: traffic for them reaches the node, and the allocator may give them to another. */
function* unsynced(inventory: Inventory): Generator<Violation> {
  for (const record of inventory.nodeRecords) {
    if (record.attached === undefined) continue
    const lost = subtract(rangeSet(record.attached), rangeSet(record.ranges)).ranges
    if (lost.length === 0) continue
    const texts = lost.map(formatRange)
    yield {
      cause: 'unsynced',
      confidence: 'likely',
      message: `the interfaces of ${record.node} have ${counted(lost.length, 'range')} that its ${record.what} does not list: ${nameList(texts)}`,
      addresses: texts,
      nodes: [record.node],
      subject: [record.system],
      evidence: [
        {
          source: record.origin,
          fact: `on interfaces: ${record.attached.map(formatRange).join(', ')}; listed: ${record.ranges.map(formatRange).join(', ')}`,
        },
      ],
      steps: [`Restart the agent on ${record.node}, then the operator, so that both read the interfaces again.`, 'Audit again.'],
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'blocks against the pools that they come from'
  const blocks = blocksOf(inventory)
  if (blocks.length === 0 && !inventory.nodeRecords.some(({ attached }) => attached !== undefined))
    return [{ reason: `${what}: the input holds no blocks of a CNI`, whole: true }]
  const spaces = spacesOf(inventory)
  const poolless = blocks.filter((block) => !spaces.has(spaceKey(block, block.cidr.family)))
  return [...new Set(poolless.map(({ system, cidr }) => `${system} (IPv${cidr.family})`))].sort().map((systemName) => ({
    reason: `${what}: the pools of ${systemName} are not known`,
    whole: poolless.length === blocks.length && !inventory.nodeRecords.some(({ attached }) => attached !== undefined),
  }))
}

export const orphanOrUnsyncedRange = defineRule({
  id: 'DRF-505',
  name: 'orphan-or-unsynced-range',
  title: 'A block that no pool holds',
  severity: 'high',
  revision: 1,
  why: 'A pool was edited or removed while nodes held blocks of it. Their pods run on, unknown to the allocator, which can hand the same space to another node; after a restart such nodes get no addresses at all.',
  predicate:
    'A block that a node holds lies in no current pool of its system, or in another pool than the one that it is listed under; or the interfaces of a node have ranges that its record does not list. One finding for each pool.',
  guards: [
    'Disabled pools count as present: their blocks are kept on purpose.',
    'Without the pools of a system its blocks are not judged.',
    'Node ranges of kube-controller-manager are DRF-501’s.',
  ],
  playbook: 'R20',
  links: [
    'https://github.com/cilium/cilium/issues/41986',
    'https://github.com/cilium/cilium/pull/42126',
    'https://github.com/cilium/cilium/issues/46598',
    'https://github.com/cilium/cilium/issues/47910',
  ],
  gaps,
  *check(inventory) {
    yield* orphans(inventory)
    yield* unsynced(inventory)
  },
})
