// Azure Kubernetes Service: what its three network modes share.
import type { VendorLimit } from '../define-profile.ts'
import { nodeRange } from './node-range.ts'

export const aksPlanning = 'https://github.com/MicrosoftDocs/azure-aks-docs/blob/main/articles/aks/concepts-network-ip-address-planning.md'
export const aksOverlayPage = 'https://github.com/MicrosoftDocs/azure-aks-docs/blob/main/articles/aks/concepts-network-azure-cni-overlay.md'

const aksPods: VendorLimit = { most: 250, says: 'AKS takes at most 250 pods a node', link: aksPlanning }

export const aks = {
  ...nodeRange,
  doubling: false,
  lostPerNodeNetwork: 5, // Azure keeps the first four addresses of a subnet and the last
  podLimit: () => aksPods,
} as const
