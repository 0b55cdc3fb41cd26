// Cloud subnets with no room for what pods need of them: no address at all, or no whole block.
import type { Violation } from '../../model/finding.ts'
import type { CloudSubnet } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { blockSize, formatCidr, formatRange, rangeSet, rangeSize, sizeOf } from '../../net/index.ts'
import { fragmentation, isFragmented } from './fragmentation.ts'
import { counted, nameList } from './name-list.ts'

/** Prefix delegation asks for whole ones (https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html). */
const BLOCK = 28

/** Interfaces that hold a whole block show that the plugin asks for blocks; without one single addresses may be all that it wants. */
const usesBlocks = ({ used }: CloudSubnet): boolean => (used ?? []).some((range) => range.family === 4 && rangeSize(range) === blockSize(4, BLOCK))

/** What a person can free at once: interfaces whose machine is gone (aws #608). */
function leftOver({ unattached }: CloudSubnet): string {
  const held = sizeOf(rangeSet(unattached.flatMap(({ ranges }) => ranges)), 4)
  return held === 0n
    ? ''
    : `; ${counted(held, 'address is', 'addresses are')} held by ${counted(unattached.length, 'interface')} that nothing is attached to`
}

function violationOf(subnet: CloudSubnet, what: string, rest: Pick<Violation, 'severity' | 'confidence' | 'cause'>): Violation {
  const text = formatCidr(subnet.cidr)
  const left = subnet.unattached.map(({ id }) => id)
  return {
    ...rest,
    message: `subnet ${subnet.id} (${text}) ${what}${leftOver(subnet)}`,
    addresses: [text],
    subject: [subnet.id],
    playbook: 'R14',
    evidence: [
      {
        source: subnet.origin,
        fact: `${subnet.id} is ${text}${subnet.free === undefined ? '' : `, with ${subnet.free} free addresses by the cloud’s count`}`,
      },
      ...subnet.unattached
        .slice(0, 5)
        .map(({ id, ranges }) => ({ source: subnet.origin, fact: `${id} holds ${ranges.map(formatRange).join(', ')} and is attached to nothing` })),
      ...(left.length > 5 ? [{ source: subnet.origin, fact: `so do ${nameList(left.slice(5))}` }] : []),
    ],
  }
}

export function* subnetsWithoutRoom(inventory: Inventory): Generator<Violation> {
  for (const subnet of inventory.subnets) {
    if (subnet.cidr.family !== 4) continue
    const room = fragmentation(subnet, BLOCK)
    const free = subnet.free ?? room?.free
    if (free === 0n) yield violationOf(subnet, 'has no free address', { severity: 'high', cause: 'subnet-full' })
    else if (room !== undefined && isFragmented(room) && room.free >= blockSize(4, BLOCK) && subnet.cidr.prefix <= BLOCK)
      yield violationOf(subnet, `has ${room.free} free addresses, and not one aligned /${BLOCK} among them: prefix delegation gets nothing`, {
        severity: 'medium',
        confidence: usesBlocks(subnet) ? 'certain' : 'possible',
        cause: 'fragmentation',
      })
  }
}
