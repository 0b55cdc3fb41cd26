// Kube-OVN: pods draw single addresses from a subnet that the nodes share.
import { parseCidr } from '../../net/index.ts'
import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const kubeOvn = defineProfile({
  ...nodeRange,
  id: 'kube-ovn',
  title: 'Kube-OVN, one subnet for all nodes',
  handout: 'dynamic',
  masks: 'each',
  prefixFor: (family) => (family === 6 ? 128 : 32),
  prefixes: { 4: { shortest: 32, longest: 32 }, 6: { shortest: 128, longest: 128 } },
  lost: { 4: 0, 6: 0 },
  blocksPerNode: ({ maxPods }) => maxPods,
  claimsAtOnce: false,
  doubling: false,
  ends: { first: 2, last: 1 }, // network, gateway, broadcast
  internal: [{ cidr: parseCidr('100.64.0.0/16'), what: "Kube-OVN's join network" }],
  serviceRange: 'high',
  irreversible: ['cidrBlock of the default subnet', 'the join network'],
  links: ['https://kubeovn.github.io/docs/stable/en/guide/subnet/'],
})
