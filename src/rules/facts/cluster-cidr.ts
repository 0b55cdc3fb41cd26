// What is said about the pods' cluster CIDR, sorted by who says it: the allocator of node ranges, the network daemon, kube-proxy.
import type { DeclaredRange, Mode } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'

/** Modes in which nobody takes pod addresses from Node.spec.podCIDRs (trap T11). */
const IGNORES_POD_CIDRS: ReadonlySet<Mode> = new Set([
  'calico',
  'aws-vpc',
  'azure-flat',
  'azure-overlay',
  'cilium-cluster-pool',
  'cilium-multi-pool',
  'kube-ovn',
  'ovn-k',
  'weave',
])

export const ignoresPodCidrs = (mode: Mode): boolean => IGNORES_POD_CIDRS.has(mode)

export interface PodRangeStatements {
  /** Ranges that node ranges are cut from. */
  readonly allocator: readonly DeclaredRange[]
  readonly flannel: readonly DeclaredRange[]
  readonly kubeProxy: readonly DeclaredRange[]
}

/** A running controller's flags are what it will hold the nodes against; kubeadm-config only says what it was once given. */
export function podRangeStatements(inventory: Inventory): PodRangeStatements {
  const pods = inventory.declared.filter((range) => range.role === 'pods' && range.certainty === 'declared')
  const flannel = pods.filter((range) => range.by.startsWith('flannel'))
  const kubeProxy = pods.filter((range) => range.by.startsWith('kube-proxy'))
  const others = pods.filter((range) => !flannel.includes(range) && !kubeProxy.includes(range))
  const flags = others.filter((range) => range.by.startsWith('kube-controller-manager'))
  return { allocator: flags.length > 0 ? flags : others, flannel, kubeProxy }
}
