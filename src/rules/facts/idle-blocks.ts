// Blocks that a node keeps although nothing in them is in use and what it asked for fits into its other blocks (cilium #37746).
import type { Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Block, NodeRecord } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { isTerminal } from '../../model/pod-state.ts'
import { type Address, cidrHolds, cidrSize, formatCidr } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { counted, nameList } from './name-list.ts'

/** Cilium leaves out the first and the last address of a block unless the pool says otherwise; to count them in would only hide idle blocks. */
const usableOf = ({ cidr }: Block): bigint => (cidrSize(cidr) > 2n ? cidrSize(cidr) - 2n : cidrSize(cidr))

/** What is left idle when blocks in use are kept, and then as many others as the request needs, the largest first. */
function surplus(blocks: readonly Block[], used: readonly Address[], needed: bigint): Block[] {
  const inUse = (block: Block) => used.some((address) => cidrHolds(block.cidr, address))
  let kept = blocks.filter(inUse).reduce((sum, block) => sum + usableOf(block), 0n)
  return blocks
    .filter((block) => !inUse(block))
    .sort((a, b) => a.cidr.prefix - b.cidr.prefix)
    .filter((block) => {
      if (kept >= needed) return true
      kept += usableOf(block)
      return false
    })
}

export function* idleBlocks(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  const records = inventory.nodeRecords.filter(
    (record): record is NodeRecord & Required<Pick<NodeRecord, 'requested'>> => record.requested !== undefined,
  )
  for (const record of records) {
    const fresh = record.recordedAt !== undefined && record.recordedAt > inventory.observedAt - options.grace
    // Blocks of nodes that are gone are LEAK-203's.
    if (fresh || !inventory.nodeOf.has(record.node)) continue
    const pods = (inventory.podsOfNode.get(record.node) ?? []).filter((pod) => !isTerminal(pod))
    // A pod that has not reported its address may have one of any block.
    if (pods.some((pod) => !pod.hostNetwork && pod.addresses.length === 0)) continue
    const own = inventory.allocations.filter(({ system, node }) => system === record.system && node === record.node)
    const used = [...pods.flatMap((pod) => pod.addresses), ...own.map(({ address }) => address)]
    const blocks = inventory.blocks.filter(({ system, node, state }) => system === record.system && node === record.node && state === undefined)
    for (const group of groupBy(blocks, (block) => `${block.pool}\0${block.cidr.family}`).values()) {
      const [first] = group
      if (first === undefined) continue
      const asked = record.requested.find(({ pool, family }) => pool === first.pool && family === first.cidr.family)?.count ?? 0n
      const idle = surplus(group, used, asked)
      if (idle.length === 0) continue
      const texts = idle.map(({ cidr }) => formatCidr(cidr))
      yield {
        confidence: 'likely',
        cause: 'idle-block',
        message: `${record.node} keeps ${counted(idle.length, 'block')} of ${record.system} pool ${first.pool} in which nothing has an address (${nameList(texts)}), and asked for ${asked} addresses, which its other blocks hold`,
        addresses: texts,
        nodes: [record.node],
        subject: [record.system, first.pool],
        evidence: [
          {
            source: record.origin,
            fact: `${record.what} ${record.node} holds ${group.map(({ cidr }) => formatCidr(cidr)).join(', ')} of ${first.pool} and needs ${asked}`,
          },
        ],
        steps: [
          `Restart the agent on ${record.node}; it gives back blocks that it does not need.`,
          'Watch that the blocks go back to the pool, then audit again.',
        ],
      }
    }
  }
}
