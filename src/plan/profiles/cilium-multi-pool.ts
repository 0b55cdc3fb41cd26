// Cilium, multi-pool mode: nodes take blocks of maskSize from named pools when they need them.
import { blockSize } from '../../net/index.ts'
import { cilium, ciliumLost, ciliumOwn } from './cilium.ts'
import { defineProfile } from './define-profile.ts'

export const ciliumMultiPool = defineProfile({
  ...cilium,
  id: 'cilium-multi-pool',
  title: 'Cilium, multi-pool',
  handout: 'dynamic',
  masks: 'each',
  prefixFor: (family) => (family === 6 ? 120 : 27),
  blocksPerNode: ({ family, prefix, maxPods }) => {
    const inBlock = Number(blockSize(family, prefix)) - ciliumLost[family]
    return inBlock <= 0 ? 1 : Math.ceil((maxPods + ciliumOwn) / inBlock)
  },
  claimsAtOnce: false,
  doubling: false,
  irreversible: ['the mask size of a pool', 'ranges of a pool, while they are used'],
  links: ['https://docs.cilium.io/en/stable/network/concepts/ipam/multi-pool/'],
})
