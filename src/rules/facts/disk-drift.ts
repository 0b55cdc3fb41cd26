// Where a node's own files disagree with the ranges that its node object has: the configuration of its default network, flannel's
// subnet.env, and addresses that live pods keep outside of everything configured.

import { usesNodeRanges } from '../../model/detect-mode.ts'
import { domainOf, networkOfDirectory, rangesOfDirectory } from '../../model/host-local-ranges.ts'
import type { Node, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { HostLocalRange, NodeNetwork, NodeState, StateDirectory } from '../../model/node-state.ts'
import { isLive } from '../../model/pod-state.ts'
import { type Address, addressKey, type Cidr, cidrHolds, formatCidr, rangeCovers, rangeHolds, rangeOf } from '../../net/index.ts'
import { defaultHostLocal, fixedDefault } from './node-configuration.ts'
import { sharedRangesByNode } from './shared-fixed-ranges.ts'

/** An allocation file outside every configured range of its network, whose address a live pod on the node has. */
interface Stray {
  readonly directory: StateDirectory
  readonly address: Address
  readonly pods: readonly Pod[]
}

export interface DiskDrift {
  readonly state: NodeState
  readonly node: Node
  readonly network: NodeNetwork | undefined
  /** Configured ranges that lie in none of the node's podCIDRs. */
  readonly ranges: readonly HostLocalRange[]
  /** flannel subnets that are none of the node's podCIDRs. */
  readonly flannel: readonly Cidr[]
  readonly strays: readonly Stray[]
}

function driftedRanges(state: NodeState, node: Node): readonly HostLocalRange[] {
  const own = node.podCidrs.map(rangeOf)
  return (fixedDefault(state)?.ranges ?? []).filter(
    ({ range }) => range.first <= range.last && own.some((cidr) => cidr.family === range.family) && !own.some((cidr) => rangeCovers(cidr, range)),
  )
}

/** Only where flannel's file decides: a default network with ranges of its own does not read it. */
function driftedFlannel(state: NodeState, node: Node): readonly Cidr[] {
  if (state.flannel === undefined || (state.configurationKnown && defaultHostLocal(state)?.rangesFromNode !== true)) return []
  return state.flannel.subnets.filter((subnet) => {
    const own = node.podCidrs.filter((cidr) => cidr.family === subnet.family).map(formatCidr)
    return own.length > 0 && !own.includes(formatCidr(subnet))
  })
}

function straysOf(inventory: Inventory, state: NodeState, node: Node | undefined): readonly Stray[] {
  const pods = (inventory.podsOfNode.get(state.node) ?? []).filter(isLive)
  return state.directories.flatMap((directory) => {
    const ranges = rangesOfDirectory(state, directory, node)
    if (networkOfDirectory(state, directory) === undefined || ranges.length === 0) return []
    const outside = directory.files.flatMap(({ address }) =>
      address === undefined || ranges.some(({ range }) => rangeHolds(range, address)) ? [] : [address],
    )
    if (outside.length === 0) return []
    const isDefault = domainOf(state, directory) === 'default'
    const holders = new Map<number | bigint, Pod[]>()
    for (const pod of pods) {
      for (const address of isDefault ? pod.addresses : pod.interfaces.flatMap((attached) => attached.addresses))
        holders.set(addressKey(address), [...(holders.get(addressKey(address)) ?? []), pod])
    }
    return outside.flatMap((address) => {
      const holding = holders.get(addressKey(address))
      return holding === undefined ? [] : [{ directory, address, pods: holding }]
    })
  })
}

/** Nodes that disagree, by name. Nodes with a range that others hand out too are left out: DUP-103 reports those. */
export function diskDrifts(inventory: Inventory): ReadonlyMap<string, DiskDrift> {
  const shared = sharedRangesByNode(inventory)
  const drifts = new Map<string, DiskDrift>()
  for (const state of inventory.nodeStates) {
    const node = inventory.nodeOf.get(state.node)
    if (node === undefined || shared.has(state.node)) continue
    const compared = usesNodeRanges(inventory.mode)
    const ranges = compared ? driftedRanges(state, node) : []
    const flannel = compared ? driftedFlannel(state, node) : []
    const strays = straysOf(inventory, state, node)
    if (ranges.length + flannel.length + strays.length > 0)
      drifts.set(state.node, { state, node, network: defaultHostLocal(state), ranges, flannel, strays })
  }
  return drifts
}

/** True when the node's own files explain why a pod there has this address. */
export function explains(drift: DiskDrift, address: Address): boolean {
  return (
    drift.ranges.some(({ range }) => rangeHolds(range, address)) ||
    drift.flannel.some((subnet) => cidrHolds(subnet, address)) ||
    drift.strays.some((stray) => addressKey(stray.address) === addressKey(address))
  )
}
