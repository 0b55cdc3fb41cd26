// Free addresses that make up no aligned block: prefix delegation needs a whole /28 and fails although hundreds of single addresses are free.
import type { CloudSubnet } from '../../model/inventory.ts'
import { blockSize, rangeOf, rangeSet, sizeOf, subtract } from '../../net/index.ts'

export interface Fragmentation {
  /** Single addresses: what the cloud counts, else what its list leaves over. */
  readonly free: bigint
  /** Aligned blocks of the wanted prefix without a single address in use. A list that lacks some addresses can only make it too high. */
  readonly blocks: bigint
}

/**
 * @param prefix of the blocks that the plugin asks for: /28 with AWS and GKE (https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html)
 * @returns undefined where nobody listed the addresses in use, which alone can tell
 */
export function fragmentation({ cidr, free, used }: CloudSubnet, prefix = cidr.family === 4 ? 28 : 80): Fragmentation | undefined {
  if (used === undefined) return undefined
  const left = subtract(rangeSet([rangeOf(cidr)]), rangeSet(used))
  const size = blockSize(cidr.family, prefix)
  let blocks = 0n
  for (const range of left.ranges) {
    const start = ((range.first + size - 1n) / size) * size
    const end = ((range.last + 1n) / size) * size
    if (end > start) blocks += (end - start) / size
  }
  return { free: free ?? sizeOf(left), blocks }
}

/** Addresses are free, and not one block is. */
export const isFragmented = ({ free, blocks }: Fragmentation): boolean => free > 0n && blocks === 0n
