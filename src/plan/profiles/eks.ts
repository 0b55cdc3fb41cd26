// EKS with the VPC CNI: pods have addresses of the VPC's subnets, by way of the network interfaces of their node.

import { kubeletPods, nodeRange } from './base/node-range.ts'
import { defineProfile, type Instance, type NodeShape } from './define-profile.ts'

const calculator = 'https://github.com/awslabs/amazon-eks-ami'

/** kube-proxy and aws-node use the node's own address. */
const hostNetworkPods = 2

/** Addresses in one prefix of an interface. */
const inPrefix = 16

/** WARM_ENI_TARGET and WARM_PREFIX_TARGET. */
const warm = 1

const forPods = ({ interfaces, customNetworking }: Instance): number => interfaces - (customNetworking ? 1 : 0)

/** max-pods-calculator.sh: by the interfaces, capped at 110 up to 30 vCPUs and at 250 above. */
export function eksMaxPods(instance: Instance): number {
  const secondary = forPods(instance) * (instance.addresses - 1)
  const byInterfaces = secondary * (instance.prefixes ? inPrefix : 1) + hostNetworkPods
  return Math.min(byInterfaces, (instance.vcpus ?? 0) > 30 ? 250 : kubeletPods)
}

/** Interfaces that are attached for so many pods, one of them warm. */
export function eksInterfaces(instance: Instance, pods: number): number {
  return Math.min(instance.interfaces, Math.ceil(pods / (instance.addresses - 1)) + warm)
}

/** Addresses, or prefixes of 16, that a node holds in its subnet. */
function held({ family, maxPods, instance }: NodeShape): number {
  if (family === 6) return 1 // one /80
  if (instance === undefined) return maxPods + 1
  const pods = Math.max(0, maxPods - hostNetworkPods)
  // An interface's own address lies outside of the prefixes; it is counted as one prefix, which is what it spoils.
  if (instance.prefixes) return Math.ceil(pods / inPrefix) + warm + 1
  return eksInterfaces(instance, pods) * instance.addresses
}

export const eks = defineProfile({
  ...nodeRange,
  id: 'eks',
  title: 'EKS, Amazon VPC CNI',
  handout: 'dynamic',
  masks: 'each',
  prefixFor: (family, _, instance) => (family === 6 ? 80 : instance?.prefixes === true ? 28 : 32),
  prefixes: { 4: { shortest: 28, longest: 32 }, 6: { shortest: 80, longest: 80 } },
  maxPods: (instance) => (instance === undefined ? kubeletPods : eksMaxPods(instance)),
  lost: { 4: 0, 6: 0 },
  lostPerNode: (shape) => {
    if (shape.family === 6) return 1
    if (shape.instance === undefined) return 1
    return shape.instance.prefixes ? inPrefix : eksInterfaces(shape.instance, Math.max(0, shape.maxPods - hostNetworkPods))
  },
  blocksPerNode: held,
  podLimit: (instance) =>
    instance && { most: eksMaxPods(instance), says: `the interfaces of this instance serve at most ${eksMaxPods(instance)} pods`, link: calculator },
  doubling: false,
  ends: { first: 4, last: 1 },
  lostPerNodeNetwork: 5,
  podsInNodeNetwork: true,
  serviceRange: 'high',
  irreversible: ['the Service range', 'the address family of the cluster'],
  links: [
    calculator,
    'https://github.com/aws/amazon-vpc-cni-k8s/issues/853',
    'https://aws.github.io/aws-eks-best-practices/networking/prefix-mode/index_linux',
  ],
})
