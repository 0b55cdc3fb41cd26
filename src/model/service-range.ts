// How many addresses a Service range has, and how many of them are kept for fixed addresses.
import type { Cidr } from '../net/index.ts'

/** Addresses that the API server can hand out: the network address is skipped, in IPv4 the broadcast too (kubernetes ipallocator.go). */
export function serviceCapacity(cidr: Cidr): bigint {
  const usable = (1n << BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefix)) - (cidr.family === 4 ? 2n : 1n)
  return usable > 0n ? usable : 0n
}

/**
 * Addresses at the lower end that are given out by themselves only when the rest is full: min(max(16, size / 16), 256), none in a range of 16 or fewer
 * (https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation).
 */
export function staticBand(cidr: Cidr): bigint {
  const size = 1n << BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefix)
  if (size <= 16n) return 0n
  const sixteenth = size / 16n
  return sixteenth < 16n ? 16n : sixteenth > 256n ? 256n : sixteenth
}
