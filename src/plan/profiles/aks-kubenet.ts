// AKS with kubenet: a /24 and a route for each node.
import { aks, aksOverlayPage, aksPlanning } from './base/aks.ts'
import { defineProfile } from './define-profile.ts'

export const aksKubenet = defineProfile({
  ...aks,
  id: 'aks-kubenet',
  title: 'AKS, kubenet',
  prefixFor: (family) => (family === 6 ? 64 : 24),
  prefixes: { 4: { shortest: 24, longest: 24 }, 6: { shortest: 64, longest: 64 } },
  mostRoutes: { most: 400, says: 'AKS takes at most 400 nodes with kubenet, one route each', link: aksOverlayPage },
  serviceRange: 'high',
  irreversible: ['the pod CIDR', 'the Service range'],
  links: [aksPlanning, aksOverlayPage],
})
