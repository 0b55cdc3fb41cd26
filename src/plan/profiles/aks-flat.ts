// AKS with Azure CNI and a flat network: nodes and pods share one subnet, each node takes an address for itself and one for each pod it may run.
import { aks, aksPlanning } from './base/aks.ts'
import { defineProfile } from './define-profile.ts'

export const aksFlat = defineProfile({
  ...aks,
  id: 'aks-flat',
  title: 'AKS, Azure CNI with one subnet for nodes and pods',
  handout: 'dynamic',
  masks: 'each',
  prefixFor: (family) => (family === 6 ? 128 : 32),
  prefixes: { 4: { shortest: 32, longest: 32 }, 6: { shortest: 128, longest: 128 } },
  maxPods: () => 30,
  lost: { 4: 0, 6: 0 },
  lostPerNode: () => 1, // the node's own address
  blocksPerNode: ({ maxPods }) => 1 + maxPods,
  ends: { first: 4, last: 1 },
  podsInNodeNetwork: true,
  serviceRange: 'high',
  irreversible: ['the subnet of a node pool', 'the Service range'],
  links: [aksPlanning],
})
