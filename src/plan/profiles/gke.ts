// GKE Standard: the pods of a node pool decide the size of its nodes' ranges, all cut from one secondary range.
import { bitsOf } from '../../net/index.ts'
import { bitsFor } from '../capacity.ts'
import { kubeletPods, nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const gke = defineProfile({
  ...nodeRange,
  id: 'gke',
  title: 'GKE Standard, VPC-native',
  masks: 'each',
  // 31 - ceil(log2 pods): twice the pods, rounded up. IPv6 ranges are chosen by the cloud.
  prefixFor: (family, maxPods = kubeletPods) => (family === 6 ? 112 : bitsOf(4) - 1 - bitsFor(BigInt(Math.max(8, maxPods)))),
  prefixes: { 4: { shortest: 23, longest: 28 }, 6: { shortest: 112, longest: 112 } },
  doubling: false,
  lostPerNodeNetwork: 4, // first two and last two of the primary range
  podLimit: () => ({
    most: 256,
    says: 'GKE takes at most 256 pods a node',
    link: 'https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr',
  }),
  serviceRange: 'low', // GKE itself cuts the Service range out of the pod range where it is told to
  irreversible: ['the secondary ranges of pods and Services', 'the maximum of pods a node of each node pool'],
  links: [
    'https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr',
    'https://cloud.google.com/kubernetes-engine/docs/archive/gke-address-management-options',
  ],
})
