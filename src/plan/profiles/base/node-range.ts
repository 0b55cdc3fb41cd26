// What all systems with one range per node and host-local on the node have in common.
import { bitsOf, type Family } from '../../../net/index.ts'
import { bitsFor, hostLocalLost } from '../../capacity.ts'
import type { Profile } from '../define-profile.ts'

/**
 * Prefix of the smallest block with twice as many addresses as pods, so that an address rests before it is given again, and with room for what pods
 * never get. GKE sizes this way: https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr
 */
export function prefixForPods(maxPods: number, lost: number): number {
  return bitsOf(4) - bitsFor(BigInt(Math.max(2 * maxPods, maxPods + lost)))
}

/** IPv4 by the pods, 24 where their number is not known; IPv6 always 64, which holds any number of pods. */
const usualPrefix = (family: Family, maxPods: number | undefined): number =>
  family === 6 ? 64 : maxPods === undefined ? 24 : prefixForPods(maxPods, hostLocalLost[4])

/** kubelet's --max-pods where nobody sets it. */
export const kubeletPods = 110

export const nodeRange = {
  handout: 'fixed',
  masks: 'one',
  prefixFor: usualPrefix,
  prefixes: { 4: { shortest: 0, longest: 30 }, 6: { shortest: 0, longest: 126 } }, // host-local refuses longer ones
  gap: { 4: [], 6: [] },
  oneBlock: true,
  maxPods: () => kubeletPods,
  lost: hostLocalLost,
  lostPerNode: () => 0,
  blocksPerNode: () => 1,
  claimsAtOnce: true,
  doubling: true,
  ends: { first: 0, last: 0 },
  lostPerNodeNetwork: 2, // network and broadcast address
  podsInNodeNetwork: false,
  podLimit: () => undefined,
  outsideControlPlane: false,
  internal: [],
} as const satisfies Partial<Profile>
