// Cilium, cluster-pool mode: the operator gives each node one range.

import { kubeletPods, nodeRange, prefixForPods } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

/** The allocator keeps two addresses of each range. */
export const ciliumLost = { 4: 2, 6: 2 } as const

/** Router and health endpoint. */
export const ciliumOwn = 2

export const cilium = defineProfile({
  ...nodeRange,
  id: 'cilium',
  title: 'Cilium, cluster-pool',
  // clusterPoolIPv4MaskSize and clusterPoolIPv6MaskSize
  prefixFor: (family, maxPods) => (family === 6 ? 120 : maxPods === undefined ? 24 : prefixForPods(maxPods, ciliumLost[4] + ciliumOwn)),
  prefixes: { 4: { shortest: 0, longest: 29 }, 6: { shortest: 0, longest: 125 } }, // up to 30 is taken; 29 is what leaves a pod an address
  oneBlock: false,
  maxPods: () => kubeletPods,
  lost: ciliumLost,
  lostPerNode: () => ciliumOwn,
  serviceRange: 'high',
  irreversible: ['clusterPoolIPv4PodCIDRList: entries can be added, not changed', 'the mask sizes'],
  links: ['https://docs.cilium.io/en/stable/network/concepts/ipam/cluster-pool/'],
})
