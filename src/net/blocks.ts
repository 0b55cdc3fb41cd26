// A network split into equal blocks: how many, which one has which number, and back.
import type { Address } from './address.ts'
import { blockSize, type Cidr, cidrHolds, cidrSize, formatCidr } from './cidr.ts'

/** How many blocks of `prefix` a network holds; 0 when the prefix is shorter than its own. @throws RangeError when the family has no such prefix length */
export function blockCount(cidr: Cidr, prefix: number): bigint {
  return cidrSize(cidr) / blockSize(cidr.family, prefix)
}

/** The block number `index` of a network split into blocks of `prefix`. @throws RangeError outside the network */
export function blockAt(cidr: Cidr, prefix: number, index: bigint): Cidr {
  if (index < 0n || index >= blockCount(cidr, prefix)) throw new RangeError(`block ${index} is outside ${formatCidr(cidr)} split into /${prefix}`)
  return { family: cidr.family, base: cidr.base + index * blockSize(cidr.family, prefix), prefix }
}

/** The number of the block of `prefix` that holds `address`; undefined when the network holds no such block or not the address. */
export function blockIndex(cidr: Cidr, prefix: number, address: Address): bigint | undefined {
  const size = blockSize(cidr.family, prefix)
  if (prefix < cidr.prefix || !cidrHolds(cidr, address)) return undefined
  return (address.value - cidr.base) / size
}

/** All blocks of `prefix` in order, one at a time; none when the prefix is shorter than the network's. @throws RangeError when the family has no such prefix length */
export function* splitCidr(cidr: Cidr, prefix: number): Generator<Cidr> {
  const step = blockSize(cidr.family, prefix)
  if (prefix < cidr.prefix) return
  const end = cidr.base + cidrSize(cidr)
  for (let base = cidr.base; base < end; base += step) yield { family: cidr.family, base, prefix }
}
