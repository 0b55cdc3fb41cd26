// Ranges written into each node's CNI configuration by hand or by this tool: no controller, only host-local's own limits.

import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const hostLocal = defineProfile({
  ...nodeRange,
  id: 'host-local',
  title: 'fixed ranges per node in CNI configuration, handed out by host-local',
  masks: 'each',
  serviceRange: 'high',
  irreversible: ['the range of a node, while pods run on it'],
  links: ['https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/allocator/range.go'],
})
