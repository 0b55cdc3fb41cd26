// Whose a state directory is: podman, nerdctl and LXC keep theirs in the same tree as kubelet's networks (podman #3759).
import { networkOfDirectory } from '../../model/host-local-ranges.ts'
import type { Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { NodeState, StateDirectory } from '../../model/node-state.ts'
import { isLive } from '../../model/pod-state.ts'
import { addressKey } from '../../net/index.ts'

export type DirectoryUse =
  /** The runtime's default network, a network that Multus attaches, or any directory where no configuration was given. */
  | 'pods'
  /** A configuration names it that the runtime does not take. */
  | 'idle'
  | 'other-engine'
  /** No configuration names it. */
  | 'abandoned'

const ENGINE_NAMES = /^(podman|nerdctl|lxc)/

/** nerdctl writes `<namespace>-<id>`; a sandbox id of a Kubernetes runtime is hexadecimal digits only. */
const ENGINE_ID = /^[a-z0-9][a-z0-9_.]*(-[a-z0-9_.]+)*-[0-9a-f]{12,64}$/i

function isOtherEngine(state: NodeState, directory: StateDirectory): boolean {
  if (ENGINE_NAMES.test(directory.network)) return true
  const owners = directory.files.filter((file) => file.fault === undefined && file.sandbox !== '')
  if (owners.length > 0 && owners.every((file) => ENGINE_ID.test(file.sandbox))) return true
  // nerdctl's default network; hand-made clusters call theirs so too, which only their configuration can tell.
  return directory.network === 'bridge' && state.configurationKnown
}

/** Live pods that have an address of the directory on a secondary network: a NetworkAttachmentDefinition names it, which is no file on the node. */
function isAttached(pods: readonly Pod[], directory: StateDirectory): boolean {
  const keys = new Set(directory.files.flatMap(({ address }) => (address === undefined ? [] : [addressKey(address)])))
  return pods.some((pod) => isLive(pod) && pod.interfaces.some((attached) => attached.addresses.some((address) => keys.has(addressKey(address)))))
}

export function useOf(inventory: Inventory, state: NodeState, directory: StateDirectory): DirectoryUse {
  const network = networkOfDirectory(state, directory)
  if (network !== undefined) return network.order === 0 || network.order === undefined ? 'pods' : 'idle'
  if (isOtherEngine(state, directory)) return 'other-engine'
  if (!state.configurationKnown) return 'pods'
  return isAttached(inventory.podsOfNode.get(state.node) ?? [], directory) ? 'pods' : 'abandoned'
}
