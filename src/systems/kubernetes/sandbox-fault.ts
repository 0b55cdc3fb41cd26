// What the words of a failed sandbox mean: one row for each message whose writer is known.
import type { SandboxFault } from '../../model/inventory.ts'

export interface FaultWords {
  readonly fault: SandboxFault
  /** What the message names as full, or missing. */
  readonly about?: string
}

interface Row {
  readonly fault: SandboxFault
  /** The first group, where there is one, is what the message is about. */
  readonly words: RegExp
}

const rows: readonly Row[] = [
  // host-local, backend/allocator: several ranges are joined by commas; the bounds include the gateway
  { fault: 'no-address-left', words: /no IP addresses available in range set: ([\d.a-fA-F:,-]+)/ },
  // Calico, libcalico-go ipam.go: strict affinity, and pools without a free block
  { fault: 'no-address-left', words: /No IPs available in pools: (\[[^\]]*\])/ },
  { fault: 'no-address-left', words: /No more free affine blocks/ },
  { fault: 'no-address-left', words: /Assigned 0 out of \d+ requested IPv[46] addresses/ },
  // whereabouts, pkg/allocate: AssignmentError
  { fault: 'no-address-left', words: /Could not allocate IP in range: ip: ([\d.a-fA-F:]+ \/ - [\d.a-fA-F:]+)/ },
  // Cilium, pkg/ipam: https://github.com/cilium/cilium/issues/39874
  {
    fault: 'no-address-left',
    words: /all (?:pod )?CIDR ranges are exhausted|postIpamFailure\W+range is full|no IPs currently available on the node/,
  },
  // https://github.com/aws/amazon-vpc-cni-k8s/issues/668 and https://github.com/Azure/AKS/issues/2532
  { fault: 'no-address-left', words: /failed to assign an IP address to container|Failed to allocate address: No available addresses/ },
  // libcni, invoke.FindInPath
  { fault: 'plugin-missing', words: /failed to find plugin "([^"]{1,64})" in path/ },
  // containerd and dockershim before the first configuration: https://github.com/flannel-io/flannel/issues/1989
  { fault: 'not-configured', words: /cni plugin not initialized|cni config uninitialized|no networks found in/i },
  // A daemon writes these when it runs: https://github.com/kubernetes/kubernetes/issues/62451 and 65526
  { fault: 'daemon-not-ready', words: /(\/var\/lib\/calico\/nodename|\/run\/flannel\/subnet\.env): no such file/ },
]

export function sandboxFault(message: string): FaultWords {
  for (const { fault, words } of rows) {
    const [found, about] = words.exec(message) ?? []
    if (found !== undefined) return { fault, ...(about === undefined ? {} : { about }) }
  }
  return { fault: 'other' }
}
