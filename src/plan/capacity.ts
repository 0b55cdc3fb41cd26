// How many addresses a range really offers, by who hands them out.
import { bitsOf, type Cidr, cidrSize, type Family } from '../net/index.ts'

const atLeastZero = (count: bigint): bigint => (count > 0n ? count : 0n)

/** Addresses of a block of `prefix` bits when `lost` of them can never go to a pod. */
export const usableOf = (family: Family, prefix: number, lost: number): bigint => atLeastZero((1n << BigInt(bitsOf(family) - prefix)) - BigInt(lost))

/**
 * Addresses that host-local never gives to a pod: network, gateway and broadcast; IPv6 has no broadcast.
 * https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/allocator/range.go
 */
export const hostLocalLost: Readonly<Record<Family, number>> = { 4: 3, 6: 2 }

/**
 * ClusterIPs that a Service range offers: the network address is skipped, in IPv4 the broadcast address too.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/service/ipallocator/ipallocator.go
 */
export const serviceCapacity = (cidr: Cidr): bigint => usableOf(cidr.family, cidr.prefix, cidr.family === 4 ? 2 : 1)

/**
 * Size of the lower part of a Service range, kept for ClusterIPs that are chosen by hand: min(max(16, addresses / 16), 256), none up to 16 addresses.
 * https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation
 */
export function staticBand(cidr: Cidr): bigint {
  const size = cidrSize(cidr)
  if (size <= 16n) return 0n
  const share = size / 16n
  return share < 16n ? 16n : share > 256n ? 256n : share
}

/** Shortest power of two that is not below `count`, as its exponent: 0 for 1, 8 for 220. */
export function bitsFor(count: bigint): number {
  return count <= 1n ? 0 : (count - 1n).toString(2).length
}

/** Math.min for bigint, 0 for none. */
export function leastOf(counts: readonly bigint[]): bigint {
  const [least = 0n] = [...counts].sort((a, b) => (a < b ? -1 : 1))
  return least
}
