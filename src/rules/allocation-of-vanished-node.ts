// LEAK-203: a node is gone, and an address system still keeps blocks for it.

import { cidrIndex } from '../model/cidr-index.ts'
import type { Gap, Severity, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Allocation, NodeRecord, Time } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { podId } from '../model/pod-state.ts'
import { showTime } from '../model/show-time.ts'
import { cidrsOf, compareRanges, formatRange, holds, type Range, rangeOf, rangeSet, sizeOf } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { needsCalico } from './facts/calico-records.ts'
import { fixBy } from './facts/fix-by.ts'
import { needsWhole } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'

interface Vanished {
  readonly system: string
  readonly node: string
  readonly what: string
  readonly ranges: readonly Range[]
  readonly newest: Time | undefined
  readonly origin: string
}

/** Blocks that nobody has a record of the node for: the block itself says whose it is. */
const recordsOfBlocks = (inventory: Inventory): NodeRecord[] =>
  inventory.blocks
    .filter(({ node, system }) => node !== '' && system !== 'node-cidr')
    .map(({ system, node, cidr, origin }) => ({ system, node, what: `${system} block`, ranges: [rangeOf(cidr)], origin }))

function vanished(inventory: Inventory, options: RuleOptions): Vanished[] {
  const told = new Set(inventory.nodeRecords.map(({ system, node }) => `${system}\0${node}`))
  const records = [...inventory.nodeRecords, ...recordsOfBlocks(inventory).filter(({ system, node }) => !told.has(`${system}\0${node}`))]
  const orphans = records.filter(({ node, foreign }) => foreign !== true && !inventory.nodeOf.has(node))
  return [...groupBy(orphans, ({ system, node }) => `${system}\0${node}`).values()].flatMap((group) => {
    const [first] = group as [NodeRecord, ...NodeRecord[]]
    const times = group.flatMap(({ recordedAt }) => recordedAt ?? [])
    const newest = times.length === 0 ? undefined : Math.max(...times)
    // A node that joins or is renamed has its record for a moment before or after its object.
    if (newest !== undefined && newest + options.grace > inventory.observedAt) return []
    const ranges = [...new Map(group.flatMap((record) => record.ranges).map((range) => [formatRange(range), range])).values()].sort(compareRanges)
    return [{ system: first.system, node: first.node, what: first.what, ranges, newest, origin: first.origin }]
  })
}

/** More than 1 % of the system's pools, or more than 10 blocks. */
function severityOf(inventory: Inventory, system: string, all: readonly Vanished[]): Severity {
  const ranges = all.flatMap((one) => one.ranges)
  if (ranges.length > 10) return 'high'
  const lost = rangeSet(ranges)
  const pools = rangeSet(inventory.pools.filter((pool) => pool.system === system).flatMap((pool) => pool.ranges))
  const isLarge = ([4, 6] as const).some((family) => sizeOf(pools, family) > 0n && sizeOf(lost, family) * 100n > sizeOf(pools, family))
  return isLarge ? 'high' : 'medium'
}

/** What still stands in the blocks, by block. */
function contentOf(inventory: Inventory, all: readonly Vanished[]): ReadonlyMap<Vanished, readonly Allocation[]> {
  const space = rangeSet(all.flatMap(({ ranges }) => ranges))
  const index = cidrIndex(all, ({ ranges }) => ranges.flatMap((range) => [...cidrsOf(range)]))
  const content = new Map<Vanished, Allocation[]>()
  for (const allocation of inventory.allocations) {
    if (!holds(space, allocation.address)) continue
    for (const one of index.find(allocation.address))
      if (one.system === allocation.system) content.set(one, [...(content.get(one) ?? []), allocation])
  }
  return content
}

const PLAYBOOKS: Readonly<Record<string, string>> = { calico: 'R3', cilium: 'R4' }
const STEPS = [
  'Prove that the node is gone for good, and not only renamed or being replaced.',
  'Remove its record with the means of its address system; never edit the allocations themselves.',
  'Find out why the system’s own clean-up did not do it, and audit again.',
]

function violationOf(one: Vanished, severity: Severity, content: readonly Allocation[], inventory: Inventory): Violation {
  const texts = one.ranges.map(formatRange)
  const held = content.flatMap(({ address }) => inventory.holders(address).filter((pod) => pod.node !== one.node))
  const addresses = texts.length === 0 ? 'no block' : `${counted(texts.length, 'block')} (${nameList(texts)})`
  const playbook = PLAYBOOKS[one.system]
  return {
    severity,
    confidence: one.newest === undefined ? 'likely' : 'certain',
    message: `there is no node ${one.node}, and the ${one.what} of that name keeps ${addresses}${content.length === 0 ? '' : ` with ${counted(content.length, 'allocation')}`}`,
    addresses: texts,
    nodes: [one.node],
    owners: [one.node],
    subject: [one.system],
    evidence: [
      {
        source: one.origin,
        fact: `${one.what} ${one.node} keeps ${addresses}${one.newest === undefined ? '' : `, last changed ${showTime(one.newest)}`}`,
      },
      ...(held.length === 0
        ? []
        : [
            {
              source: 'pods',
              fact: `addresses in it are in use on other nodes by ${nameList([...new Set(held.map(podId))].sort())}: the clean-up waits for them`,
            },
          ]),
    ],
    ...(playbook === undefined ? { playbook: 'R19', steps: STEPS } : fixBy(playbook)),
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'records of nodes that are gone'
  const nodes = needsWhole(inventory, 'nodes', what)
  if (nodes.length > 0) return nodes
  if (inventory.nodes.length === 0) return [{ reason: `${what}: the list of nodes is empty`, whole: true }]
  if (inventory.nodeRecords.length > 0 || recordsOfBlocks(inventory).length > 0)
    return needsCalico(inventory, 'ipamblocks', what).filter(({ incomplete }) => incomplete === true)
  return [{ reason: `${what}: the input holds no records of nodes of any address system`, whole: true }]
}

export const allocationOfVanishedNode = defineRule({
  id: 'LEAK-203',
  name: 'allocation-of-vanished-node',
  title: 'Blocks are kept for a node that is gone',
  severity: 'medium',
  revision: 1,
  why: 'Whole blocks are lost with every node that leaves: the pool runs out while most of its addresses are in use by nobody, and new nodes cannot start pods.',
  predicate:
    'A system’s own record of a node (a Calico block or affinity, a CiliumNode, a peer of a ring) for whose name there is no Node, older than the grace. High when all such blocks of a system are more than 1 % of its pools or more than 10, else medium. One finding for each node.',
  guards: [
    'Hosts that Calico manages outside Kubernetes (no orchRef to it), and node names that an orchRef maps.',
    'A record younger than the grace: the node may be joining or was renamed.',
    'Only a complete list of nodes proves absence.',
  ],
  playbook: 'R3',
  links: [
    'https://github.com/projectcalico/calico/issues/2713',
    'https://github.com/projectcalico/calico/issues/8643',
    'https://github.com/projectcalico/calico/issues/5218',
    'https://github.com/cilium/cilium/issues/17837',
  ],
  gaps,
  *check(inventory, options) {
    for (const [system, all] of groupBy(vanished(inventory, options), (one) => one.system)) {
      const severity = severityOf(inventory, system, all)
      const content = contentOf(inventory, all)
      for (const one of all) yield violationOf(one, severity, content.get(one) ?? [], inventory)
    }
  },
})
