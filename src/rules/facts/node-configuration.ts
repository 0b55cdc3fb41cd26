// The CNI configuration of nodes as rules ask for it, and the gap where it was not given.
import type { Gap } from '../../model/finding.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { NodeNetwork, NodeState } from '../../model/node-state.ts'
import { nameList } from './name-list.ts'

/** The order of node folders in the input must not show in what is reported. */
export const byNodeName = (states: readonly NodeState[]): readonly NodeState[] => [...states].sort((a, b) => (a.node < b.node ? -1 : 1))

/** The default network when host-local serves it; undefined when another plugin does or nothing is known. */
export const defaultHostLocal = (state: NodeState): NodeNetwork | undefined =>
  state.networks.find((network) => network.order === 0 && network.ipam === 'host-local')

/** The same, only where the ranges are written in the file and not taken from the node object or a daemon. */
export function fixedDefault(state: NodeState): NodeNetwork | undefined {
  const network = defaultHostLocal(state)
  return network === undefined || network.rangesFromNode ? undefined : network
}

/** Nodes that could have configuration and of which none was given. */
function unknownNodes(inventory: Inventory): string[] {
  const known = new Set(inventory.nodeStates.filter((state) => state.configurationKnown).map((state) => state.node))
  const all = [...inventory.nodes.filter((node) => !node.virtual).map((node) => node.name), ...inventory.nodeStates.map((state) => state.node)]
  return [...new Set(all)].filter((name) => !known.has(name)).sort()
}

/** One gap for all nodes without configuration, not one each: an audit of one node in a large cluster is ordinary. */
export function needsConfiguration(inventory: Inventory, what: string): readonly Gap[] {
  if (!inventory.nodeStates.some((state) => state.configurationKnown))
    return [{ reason: `${what}: the input holds no usable CNI configuration of any node`, whole: true }]
  const unknown = unknownNodes(inventory)
  return unknown.length === 0 ? [] : [{ reason: `${what}: no usable CNI configuration of ${nameList(unknown)} in the input`, whole: false }]
}
