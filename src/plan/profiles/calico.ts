// Calico IPAM: nodes claim blocks of blockSize from the pool when they need them.
import { blockSize } from '../../net/index.ts'
import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

/** A node with IPIP, VXLAN or WireGuard takes an address for its tunnel. */
const tunnel = 1

const configuration = 'https://docs.tigera.io/calico/latest/reference/resources/ipamconfig'

export const calico = defineProfile({
  ...nodeRange,
  id: 'calico',
  title: 'Calico IPAM',
  handout: 'dynamic',
  masks: 'each',
  prefixFor: (family) => (family === 6 ? 122 : 26), // blockSize
  prefixes: { 4: { shortest: 20, longest: 32 }, 6: { shortest: 116, longest: 128 } },
  lost: { 4: 0, 6: 0 }, // Calico gives out the first and the last address of a block, on purpose
  lostPerNode: () => tunnel,
  blocksPerNode: ({ family, prefix, maxPods }) => Math.max(1, Math.ceil((maxPods + tunnel) / Number(blockSize(family, prefix)))),
  mostBlocksPerNode: { most: 20, says: 'maxBlocksPerHost is 20 unless it is set otherwise', link: configuration },
  claimsAtOnce: false,
  doubling: false,
  serviceRange: 'high',
  irreversible: ['the CIDR and the blockSize of a pool'],
  links: ['https://docs.tigera.io/calico/latest/reference/resources/ippool', configuration],
})
