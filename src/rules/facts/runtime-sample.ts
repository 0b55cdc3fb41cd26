// Sample configurations that runtimes and engines ship: one fixed range, the same on every machine.
import type { Node } from '../../model/inventory.ts'
import type { NodeState } from '../../model/node-state.ts'
import { rangeCovers, rangeOf } from '../../net/index.ts'

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** containerd's install-cni, CRI-O's contrib/cni, podman's 87-podman-bridge. */
const SAMPLE = /containerd-net|crio-(ipv4-)?bridge|podman/

/** containerd's conf_template writes 10-containerd-net.conflist too, with the node's own podCIDR: that file is right (GKE). */
export function isRuntimeSample(file: string, state: NodeState, node: Node | undefined): boolean {
  if (!SAMPLE.test(baseName(file))) return false
  const own = (node?.podCidrs ?? []).map(rangeOf)
  const networks = state.networks.filter((network) => network.file === file && network.ipam === 'host-local')
  const fitted = networks.every(
    (network) =>
      network.rangesFromNode || (network.ranges.length > 0 && network.ranges.every(({ range }) => own.some((cidr) => rangeCovers(cidr, range)))),
  )
  return networks.length === 0 || !fitted
}
