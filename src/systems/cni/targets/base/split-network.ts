// Divides one segment among nodes: the same subnet for all, and for each node a range of its own in it.
import { UsageError } from '../../../../model/errors.ts'
import { bitsOf, blockSize, formatCidr, lastOf, type Range, rangesOverlap } from '../../../../net/index.ts'
import type { ConfRange } from '../../conf-settings.ts'
import type { PlannedNetwork } from './conf-plan.ts'

/** More nodes than 2^17 share no segment. */
const mostBits = 17

/** Blocks of one size, without those that touch what is excluded; at most `count` of them. */
function blocksOf({ cidr, excluded }: PlannedNetwork, prefix: number, count: number): readonly Range[] {
  const { family, base } = cidr
  const size = blockSize(family, prefix)
  const blocks: Range[] = []
  // The first address of the segment is nobody's, and in IPv4 the last one too.
  const end = lastOf(cidr)
  for (let at = base; at <= end && blocks.length < count; at += size) {
    const last = at + size - 1n
    const block = { family, first: at === base ? at + 1n : at, last: last === end && family === 4 ? last - 1n : last }
    if (block.first <= block.last && !excluded.some((range) => rangesOverlap(range, block))) blocks.push(block)
  }
  return blocks
}

/**
 * The largest ranges that are one for each node.
 *
 * @throws UsageError when the segment is too small
 */
export function splitNetwork(network: PlannedNetwork, nodes: readonly string[]): ReadonlyMap<string, ConfRange> {
  const { cidr, name } = network
  const { family } = cidr
  for (let prefix = cidr.prefix; prefix <= bitsOf(family) - 1 && prefix - cidr.prefix <= mostBits; prefix++) {
    const blocks = blocksOf(network, prefix, nodes.length)
    if (blocks.length < nodes.length) continue
    return new Map(
      nodes.map((node, index) => {
        const { first, last } = blocks[index] as Range
        return [node, { subnet: cidr, start: { family, value: first }, end: { family, value: last }, gateway: undefined }]
      }),
    )
  }
  throw new UsageError(
    `the network ${name}: ${formatCidr(cidr)} has no range for each of ${nodes.length} nodes; give it a shorter prefix, or use whereabouts`,
  )
}
