// Antrea's own NodeIPAM in antrea-controller: the same idea, with bounds of its own.

import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const antrea = defineProfile({
  ...nodeRange,
  id: 'antrea',
  title: 'NodeIPAM of antrea-controller',
  prefixes: { 4: { shortest: 16, longest: 30 }, 6: { shortest: 64, longest: 126 } },
  serviceRange: 'medium', // nodeIPAM.serviceCIDR is left out
  irreversible: ['nodeIPAM.clusterCIDRs', 'nodeIPAM.nodeCIDRMaskSizeIPv4 and nodeCIDRMaskSizeIPv6'],
  links: ['https://github.com/antrea-io/antrea/blob/main/docs/antrea-ipam.md'],
})
