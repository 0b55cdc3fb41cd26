// CAP-404: nodes run out of Calico blocks, however many addresses are free in the blocks of others.
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import type { Allocation } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { cidrHolds, compareAddresses, formatAddress, formatRange } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { type BlockGroup, blockGroups, borrowed, claimPools, limitedNodes } from './facts/block-pressure.ts'
import { needsCalico, partOf } from './facts/calico-records.ts'
import { fixBy } from './facts/fix-by.ts'
import { needsWhole } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'

const namesOf = (group: BlockGroup): string => nameList(group.pools.map(({ name }) => name))
const rangesOf = (group: BlockGroup): string[] => group.pools.flatMap(({ ranges }) => ranges.map(formatRange))

const poolEvidence = (group: BlockGroup): Evidence[] =>
  group.pools.map((pool) => ({
    source: pool.origin,
    fact: `pool ${pool.name} ${pool.ranges.map(formatRange).join(', ')} is claimed in blocks of /${pool.claims.prefix}${pool.claims.strict ? ', strictAffinity' : ''}`,
  }))

/** Blocks that nodes which are gone still keep: freeing them is the cure. */
const lost = (group: BlockGroup, inventory: Inventory): number => group.blocks.filter(({ node }) => node !== '' && !inventory.nodeOf.has(node)).length

function pressure(group: BlockGroup, taken: readonly Allocation[], inventory: Inventory): Violation | undefined {
  const { total, claimed, free, without, strict } = group
  // One block for the only node there is: complete, not full (trap T27 in small).
  if (total <= 1n && inventory.nodes.length <= 1) return undefined
  const short = free < BigInt(without.length + 1)
  if (!short && claimed * 5n < total * 4n) return undefined
  const critical = strict && without.length > 0 && free === 0n
  const gone = lost(group, inventory)
  const lackingText = without.length === 0 ? '' : `; ${nameList(without.map(({ name }) => name))} ${without.length === 1 ? 'has' : 'have'} none`
  const borrowedText = taken.length === 0 ? '' : `; ${counted(taken.length, 'address is', 'addresses are')} borrowed from blocks of other nodes`
  const goneText = gone === 0 ? '' : `; ${counted(gone, 'block is', 'blocks are')} kept for nodes that are gone (LEAK-203)`
  return {
    severity: critical ? 'critical' : short ? 'high' : 'medium',
    cause: critical ? 'node-without-block' : short ? 'too-few-blocks' : 'nearly-all-claimed',
    message: `${claimed} of ${counted(total, 'block')} of ${namesOf(group)} ${claimed === 1n ? 'is' : 'are'} claimed, ${free === 0n ? 'none is' : `${free} ${free === 1n ? 'is' : 'are'}`} left for ${counted(group.nodes.length, 'node')}${lackingText}${borrowedText}${goneText}`,
    addresses: rangesOf(group),
    nodes: without.map(({ name }) => name),
    subject: [`IPv${group.family}`],
    evidence: [...poolEvidence(group), ...borrowEvidence(taken)],
    ...fixBy(gone > 0 ? 'R3' : 'R5'),
  }
}

const borrowEvidence = (taken: readonly Allocation[]): Evidence[] =>
  taken.slice(0, 10).map(({ address, owner, node, borrowedFrom, origin }) => ({
    source: origin,
    fact: `${formatAddress(address)} of ${owner.id} on ${node} lies in a block of ${borrowedFrom}`,
  }))

function borrowing(group: BlockGroup, taken: readonly Allocation[]): Violation {
  const nodes = [...new Set(taken.flatMap(({ node }) => node ?? []))].sort()
  const addresses = taken
    .map(({ address }) => address)
    .sort(compareAddresses)
    .map(formatAddress)
  return {
    cause: 'borrowed',
    message: `${counted(taken.length, 'address is', 'addresses are')} borrowed from blocks of other nodes (${nameList(addresses)}): where the owner of the block drops traffic for what is not on it, these pods cannot be reached`,
    addresses,
    nodes,
    subject: [`IPv${group.family}`],
    evidence: [...poolEvidence(group), ...borrowEvidence(taken)],
  }
}

function* limits(inventory: Inventory, group: BlockGroup): Generator<Violation> {
  const found = limitedNodes(inventory, group)
  const [first] = found
  if (first === undefined) return
  const names = found.map(({ node }) => node.name)
  yield {
    cause: 'host-limit',
    message: `${counted(found.length, 'node')} (${nameList(names)}) ${found.length === 1 ? 'has' : 'have'} all the blocks that maxBlocksPerHost allows: ${counted(first.blocks, 'block')} with ${counted(first.room, 'address', 'addresses')} for up to ${first.node.maxPods ?? 'any number of'} pods`,
    addresses: rangesOf(group),
    nodes: names,
    subject: [`IPv${group.family}`],
    evidence: [
      ...poolEvidence(group),
      ...found.slice(0, 10).map(({ node, blocks, room, used }) => ({
        source: node.origin,
        fact: `${node.name}: ${counted(blocks, 'block')}, ${room} addresses, ${used} allocated, allocatable.pods ${node.maxPods ?? 'unknown'}`,
      })),
    ],
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'blocks of Calico that are left'
  const whole = [...needsCalico(inventory, 'ipamblocks', what), ...needsWhole(inventory, 'nodes', what)]
  if (whole.length > 0) return whole
  const pools = claimPools(inventory)
  if (pools.length === 0) {
    const isCalico = inventory.blocks.some(({ system }) => system === 'calico')
    return [{ reason: isCalico ? `${what}: no enabled IPPool is known` : `${what}: Calico hands out nothing here`, whole: true }]
  }
  const unclear = pools.filter(({ claims }) => claims.nodes === 'unknown').map(({ name }) => name)
  return [
    ...partOf(inventory, 'ipamblocks', what),
    ...partOf(inventory, 'ippools', what),
    ...(unclear.length === 0 ? [] : [{ reason: `${what}: the nodeSelector of ${nameList(unclear)} cannot be read`, whole: false }]),
  ]
}

export const calicoBlockPressure = defineRule({
  id: 'CAP-404',
  name: 'calico-block-pressure',
  title: 'Calico runs out of blocks',
  severity: 'high',
  revision: 1,
  why: 'A node takes addresses from blocks of its own. When no block is left, it borrows from other nodes, whose routes may swallow the traffic, or with strictAffinity starts no pod at all, while most of the pool is free.',
  predicate:
    'Over the enabled pools whose nodeSelector matches a group of schedulable nodes: critical when strictAffinity is set, a node has no block and none is left. High when fewer blocks are left than nodes have none, plus one; when addresses are borrowed; when a node has all blocks that maxBlocksPerHost allows and they are full or hold fewer addresses than the node may run pods. Medium when 80 % of the blocks are claimed.',
  guards: [
    'Blocks of nodes that are gone are named, and freed first (LEAK-203).',
    'T7: an address is borrowed only where its pod really runs on another node than its block.',
    'Disabled pools, pools for load balancers only, and pools that hand out on explicit request.',
    'One block for the only node; a limit of blocks that is large enough for all pods of a node.',
    'Addresses of virtual machines move with them.',
  ],
  playbook: 'R5',
  links: [
    'https://github.com/projectcalico/calico/issues/2713',
    'https://github.com/projectcalico/calico/issues/3246',
    'https://github.com/projectcalico/calico/issues/4861',
    'https://github.com/projectcalico/calico/issues/7382',
    'https://github.com/projectcalico/calico/issues/8435',
  ],
  gaps,
  *check(inventory) {
    const all = borrowed(inventory)
    for (const group of blockGroups(inventory)) {
      const taken = all.filter(({ address }) => group.blocks.some(({ cidr }) => cidrHolds(cidr, address)))
      const found = pressure(group, taken, inventory)
      if (found !== undefined) yield found
      if (taken.length > 0 && found?.cause !== 'too-few-blocks' && found?.cause !== 'node-without-block') yield borrowing(group, taken)
      yield* limits(inventory, group)
    }
  },
})
