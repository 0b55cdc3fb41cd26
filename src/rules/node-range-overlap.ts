// DUP-102: two nodes hold ranges that share addresses.
import type { Severity } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Block, Mode } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { showTime } from '../model/show-time.ts'
import { compareCidrs, formatCidr, overlappingPairs, rangeOf } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { ignoresPodCidrs } from './facts/cluster-cidr.ts'

interface Group {
  readonly blocks: Set<Block>
}

/** Nodes whose ranges overlap, joined: three nodes with one range are one finding. */
function overlappingGroups(blocks: readonly Block[]): Group[] {
  const groupOf = new Map<Block, Group>()
  for (const [a, b] of overlappingPairs(blocks, (block) => rangeOf(block.cidr))) {
    if (a.node === b.node) continue
    const [first, second] = [groupOf.get(a), groupOf.get(b)]
    const group = first ?? second ?? { blocks: new Set<Block>() }
    const joined = first !== undefined && second !== undefined && first !== second ? [...second.blocks] : []
    for (const block of [a, b, ...joined]) {
      group.blocks.add(block)
      groupOf.set(block, group)
    }
  }
  return [...new Set(groupOf.values())]
}

const severityFor = (system: string, mode: Mode): Severity => (system === 'node-cidr' && ignoresPodCidrs(mode) ? 'low' : 'critical')

function fact(block: Block, inventory: Inventory): string {
  const node = inventory.nodeOf.get(block.node)
  const created = node?.createdAt === undefined ? '' : `, created ${showTime(node.createdAt)}`
  return `${block.node} holds ${formatCidr(block.cidr)}${created}${node?.deletedAt === undefined ? '' : ', being deleted'}`
}

export const nodeRangeOverlap = defineRule({
  id: 'DUP-102',
  name: 'node-range-overlap',
  title: 'Two nodes hold one range',
  severity: 'critical',
  revision: 1,
  why: 'Both nodes give the same addresses to their pods, and only one of them can have the route: the pods of the other are unreachable.',
  predicate: 'Ranges of two nodes overlap, by interval, inside one source of node ranges. Low for podCIDRs that the mode in force does not use.',
  guards: [
    'T11: with Calico, Cilium pools and cloud CNIs nobody takes addresses from podCIDRs.',
    'One node seen through two sources is not an overlap; sources are never compared with each other.',
    'A node that is being deleted still counts (kubernetes #127792).',
  ],
  playbook: 'R1',
  links: [
    'https://github.com/kubernetes/kubernetes/issues/127792',
    'https://github.com/kubernetes/kubernetes/issues/29058',
    'https://github.com/antrea-io/antrea/issues/7893',
  ],
  gaps: (inventory) => (inventory.blocks.length > 0 ? [] : [{ reason: 'overlapping node ranges: no node has a range in the input', whole: true }]),
  *check(inventory) {
    const owned = inventory.blocks.filter((block) => block.node !== '')
    for (const blocks of groupBy(owned, (block) => `${block.system}\0${block.domain}`).values()) {
      for (const group of overlappingGroups(blocks)) {
        const members = [...group.blocks].sort((a, b) => compareCidrs(a.cidr, b.cidr) || (a.node < b.node ? -1 : 1))
        const system = members[0]?.system ?? ''
        const nodes = [...new Set(members.map((block) => block.node))].sort()
        const addresses = [...new Set(members.map((block) => formatCidr(block.cidr)))]
        const severity = severityFor(system, inventory.mode)
        const unused = severity === 'low' ? `; mode ${inventory.mode} takes no addresses from podCIDRs` : ''
        yield {
          severity,
          message: `${nodes.join(' and ')} hold overlapping ranges: ${addresses.join(', ')}${unused}`,
          domain: members[0]?.domain ?? 'default',
          addresses,
          nodes,
          evidence: members.map((block) => ({ source: block.origin, fact: fact(block, inventory) })),
        }
      }
    }
  },
})
