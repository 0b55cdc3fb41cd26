// How many addresses a Service range has.
import type { Cidr } from '../net/index.ts'

/** Addresses that the API server can hand out: the network address is skipped, in IPv4 the broadcast too (kubernetes ipallocator.go). */
export function serviceCapacity(cidr: Cidr): bigint {
  const usable = (1n << BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefix)) - (cidr.family === 4 ? 2n : 1n)
  return usable > 0n ? usable : 0n
}
