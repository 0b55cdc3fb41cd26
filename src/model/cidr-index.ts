// Which of many networks hold an address: one look-up for each prefix length in use, instead of one comparison for each network.

import { type Address, type Cidr, formatCidr, networkOf } from '../net/index.ts'
import { groupByEach } from './group-by.ts'

export interface CidrIndex<T> {
  /** Items whose network holds the address, the narrowest network first. */
  find(address: Address): readonly T[]
}

export function cidrIndex<T>(items: Iterable<T>, cidrsFor: (item: T) => Iterable<Cidr>): CidrIndex<T> {
  const prefixes = { 4: new Set<number>(), 6: new Set<number>() }
  const byNetwork = groupByEach(items, (item) =>
    [...cidrsFor(item)].map((cidr) => {
      prefixes[cidr.family].add(cidr.prefix)
      return formatCidr(cidr)
    }),
  )
  const narrowFirst = { 4: [...prefixes[4]].sort((a, b) => b - a), 6: [...prefixes[6]].sort((a, b) => b - a) }
  return {
    find: (address) => narrowFirst[address.family].flatMap((prefix) => byNetwork.get(formatCidr(networkOf(address, prefix))) ?? []),
  }
}
