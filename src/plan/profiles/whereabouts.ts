// whereabouts: attachments draw single addresses from one range for the whole cluster.

import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const whereabouts = defineProfile({
  ...nodeRange,
  id: 'whereabouts',
  title: 'whereabouts, one range for all nodes',
  handout: 'dynamic',
  masks: 'each',
  prefixFor: (family) => (family === 6 ? 128 : 32),
  prefixes: { 4: { shortest: 32, longest: 32 }, 6: { shortest: 128, longest: 128 } },
  lost: { 4: 0, 6: 0 },
  blocksPerNode: ({ maxPods }) => maxPods, // attachments to this network on one node
  claimsAtOnce: false,
  doubling: false,
  ends: { first: 1, last: 1 }, // network and broadcast; a gateway and other hosts on the segment have to be reserved
  serviceRange: 'high',
  irreversible: ['the range, while addresses of it are given'],
  links: ['https://github.com/k8snetworkplumbingwg/whereabouts/blob/master/doc/extended-configuration.md'],
})
