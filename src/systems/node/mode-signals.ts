// What a node's CNI configuration says about who hands out the default network's addresses.
import type { Mode, ModeSignal } from '../../model/inventory.ts'
import type { NodeNetwork, NodeState } from '../../model/node-state.ts'

/** ipam types, and main plugins that bring their own. */
const MODES: Readonly<Record<string, Mode>> = {
  'host-local': 'nodeipam+host-local',
  'calico-ipam': 'calico',
  'cilium-cni': 'cilium-cluster-pool',
  'aws-cni': 'aws-vpc',
  'azure-vnet': 'azure-flat',
  'azure-vnet-ipam': 'azure-flat',
  'azure-ipam': 'azure-overlay',
  'ovn-k8s-cni-overlay': 'ovn-k',
  'kube-ovn': 'kube-ovn',
  'weave-net': 'weave',
  weave: 'weave',
}

function modeOf(network: NodeNetwork): Mode | undefined {
  return Object.hasOwn(MODES, network.ipam) ? MODES[network.ipam] : Object.hasOwn(MODES, network.type) ? MODES[network.type] : undefined
}

export function modeSignals(states: readonly NodeState[]): ModeSignal[] {
  const signals = new Map<Mode, { nodes: number; example: string; network: NodeNetwork }>()
  for (const state of states) {
    const network = state.networks.find((candidate) => candidate.order === 0)
    const mode = network === undefined ? undefined : modeOf(network)
    if (network === undefined || mode === undefined) continue
    signals.set(mode, { nodes: (signals.get(mode)?.nodes ?? 0) + 1, example: `${state.origin}/${network.file}`, network })
  }
  const found = [...signals].map(([mode, { nodes, example, network }]): ModeSignal => {
    const how = network.ipam === '' ? network.type : `${network.type} with ${network.ipam}`
    return { mode, weight: 2, fact: `the first CNI configuration of ${nodes === 1 ? '1 node' : `${nodes} nodes`} is ${how}`, origin: example }
  })
  const holding = states.find((state) => state.directories.some((directory) => directory.files.length > 0))
  if (holding !== undefined)
    found.push({ mode: 'nodeipam+host-local', weight: 1, fact: 'host-local state directories hold allocation files', origin: holding.origin })
  return found
}
