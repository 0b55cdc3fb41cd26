// AKS with Azure CNI Overlay: a /24 for each node, whatever the pods.
import { aks, aksOverlayPage, aksPlanning } from './base/aks.ts'
import { defineProfile } from './define-profile.ts'

export const aksOverlay = defineProfile({
  ...aks,
  id: 'aks-overlay',
  title: 'AKS, Azure CNI Overlay',
  prefixFor: (family) => (family === 6 ? 64 : 24),
  prefixes: { 4: { shortest: 24, longest: 24 }, 6: { shortest: 64, longest: 64 } },
  maxPods: () => 250,
  mostNodes: { most: 5000, says: 'AKS takes at most 5000 nodes in overlay mode', link: aksOverlayPage },
  outsideControlPlane: true,
  serviceRange: 'high',
  irreversible: ['the pod CIDR: it can be expanded, not moved', 'the /24 of each node', 'the Service range'],
  links: [aksOverlayPage, aksPlanning],
})
