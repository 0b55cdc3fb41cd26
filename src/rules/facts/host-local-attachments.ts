// Network attachments that give host-local to a segment that all nodes share: part a of DUP-103.
import type { Evidence, Violation } from '../../model/finding.ts'
import type { Attachment, Node, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { podId } from '../../model/pod-state.ts'
import { type Address, addressKey, compareAddresses, formatAddress, formatRange, holds, rangeSet } from '../../net/index.ts'
import { attachmentsInUse } from './attachment-domains.ts'
import { counted, nameList } from './name-list.ts'

/** Trap T27: on one node host-local keeps its addresses apart. */
const workers = (inventory: Inventory): readonly Node[] => inventory.nodes.filter((node) => node.schedulable && !node.virtual && node.os === 'linux')

/** Addresses of the definition's directory that two nodes have a file of. */
function takenTwice(inventory: Inventory, attachment: Attachment): { address: Address; nodes: string[] }[] {
  const set = rangeSet(attachment.ranges)
  const taken = new Map<number | bigint, { address: Address; nodes: string[] }>()
  for (const state of inventory.nodeStates) {
    for (const directory of state.directories) {
      if (directory.network !== attachment.network) continue
      for (const { address } of directory.files) {
        if (address === undefined || !holds(set, address)) continue
        const entry = taken.get(addressKey(address)) ?? { address, nodes: [] }
        taken.set(addressKey(address), entry)
        if (!entry.nodes.includes(state.node)) entry.nodes.push(state.node)
      }
    }
  }
  return [...taken.values()].filter(({ nodes }) => nodes.length > 1).sort((a, b) => compareAddresses(a.address, b.address))
}

function violationOf(attachment: Attachment, users: readonly Pod[], inventory: Inventory): Violation {
  const twice = takenTwice(inventory, attachment)
  const used = users.length > 0
  const ranges = attachment.ranges.map(formatRange)
  const evidence: Evidence[] = [
    { source: attachment.origin, fact: `${attachment.id} is ${attachment.plugin} with host-local and ${nameList(ranges)}` },
    ...(used ? [{ source: users[0]?.origin ?? 'pods', fact: `used by ${nameList(users.map(podId), 3)}` }] : []),
    ...twice.slice(0, 5).map(({ address, nodes }) => ({ source: 'nodes', fact: `${formatAddress(address)} is taken on ${nameList(nodes)}` })),
  ]
  return {
    severity: twice.length > 0 ? 'critical' : used ? 'high' : 'info',
    // A bridge never names its uplink: that it has one is read from its gateway or VLAN.
    confidence: attachment.plugin === 'bridge' && twice.length === 0 ? 'likely' : 'certain',
    cause: 'attachment',
    message: `${attachment.id} puts pods of all nodes on one segment (${attachment.plugin}), and host-local gives them ${nameList(ranges)} on each node alone${used ? '' : '; no pod uses it yet'}${twice.length === 0 ? '' : `; ${counted(twice.length, 'address is', 'addresses are')} taken on two nodes already`}`,
    domain: attachment.domain,
    addresses: ranges,
    nodes: [...new Set(twice.flatMap(({ nodes }) => nodes))].sort(),
    owners: [attachment.id],
    evidence,
    steps: [
      'Change the ipam of the definition to whereabouts, dhcp or static, or give each node a definition with a range of its own.',
      'Recreate the pods that use it, one node at a time.',
    ],
  }
}

export function* hostLocalAttachments(inventory: Inventory): Generator<Violation> {
  if (workers(inventory).length < 2) return
  const users = attachmentsInUse(inventory)
  for (const attachment of inventory.attachments)
    if (attachment.shared && attachment.ipam === 'host-local' && attachment.ranges.length > 0)
      yield violationOf(attachment, users.get(attachment.id) ?? [], inventory)
}
