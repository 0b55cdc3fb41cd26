// Node ranges of two sizes cut from one cluster CIDR: the mask was changed on a running cluster (kubernetes #70957).
import type { Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Block, DeclaredRange } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { cidrCovers, compareCidrs, formatCidr } from '../../net/index.ts'
import { fixBy } from './fix-by.ts'
import { counted, nameList } from './name-list.ts'

/** The pool that a block is cut from: each declared CIDR may have its own mask, blocks outside of them all are one more group. */
function poolOf(block: Block, declared: readonly DeclaredRange[]): string {
  const found = declared.find((range) => cidrCovers(range.cidr, block.cidr))
  return found === undefined ? `IPv${block.cidr.family} node ranges` : formatCidr(found.cidr)
}

export function* mixedMasks(inventory: Inventory, blocks: readonly Block[], declared: readonly DeclaredRange[]): Generator<Violation> {
  // Clouds size the ranges of each node pool by its pods; Windows nodes of a hybrid cluster have a mask of their own.
  if (inventory.mode === 'gke') return
  const linux = blocks.filter((block) => inventory.nodeOf.get(block.node)?.os !== 'windows')
  for (const [pool, members] of groupBy(linux, (block) => poolOf(block, declared))) {
    const bySize = [...groupBy(members, (block) => block.cidr.prefix)].sort(([a, x], [b, y]) => y.length - x.length || a - b)
    const usual = bySize[0]?.[0]
    if (bySize.length < 2 || usual === undefined) continue
    const odd = members.filter((block) => block.cidr.prefix !== usual).sort((a, b) => compareCidrs(a.cidr, b.cidr))
    const nodes = [...new Set(odd.map((block) => block.node))].sort()
    yield {
      severity: 'high',
      ...fixBy('R7'),
      cause: 'mixed-masks',
      message: `node ranges of ${pool} have ${bySize.length} sizes: ${bySize.map(([prefix, list]) => `${counted(list.length, 'node has', 'nodes have')} a /${prefix}`).join(', ')}; ${nameList(nodes)} can overlap the next range that the controller hands out`,
      addresses: odd.map((block) => formatCidr(block.cidr)),
      nodes,
      subject: [pool],
      evidence: odd.slice(0, 5).map((block) => ({ source: block.origin, fact: `${block.node} holds ${formatCidr(block.cidr)}` })),
    }
  }
}
