// The first and last address of networks, which most allocators leave out.
import { type Cidr, lastOf, type Range, rangeOfAddress } from '../../net/index.ts'

/** Not of /31 and /32, /127 and /128: these have nothing else. */
export const edges = (cidrs: readonly Cidr[]): Range[] =>
  cidrs.flatMap((cidr) => {
    if (cidr.prefix >= (cidr.family === 4 ? 31 : 127)) return []
    return [cidr.base, lastOf(cidr)].map((value) => rangeOfAddress({ family: cidr.family, value }))
  })
