// Which addresses have more than one holder. Nearly all have one, and cost one entry of an index: there may be a million.
import { type Address, addressKey } from '../../net/index.ts'

interface Holding {
  readonly address: Address
}

/** Holdings that share an address inside one space, in the order in which the second was seen. @param spaceOf addresses are compared inside one only */
export function sharedAddresses<T extends Holding>(holdings: Iterable<T>, spaceOf: (holding: T) => string): readonly (readonly [T, ...T[]])[] {
  const spaces = new Map<string, Map<number | bigint, T | [T, ...T[]]>>()
  const shared: [T, ...T[]][] = []
  for (const holding of holdings) {
    const space = spaceOf(holding)
    const index = spaces.get(space) ?? new Map<number | bigint, T | [T, ...T[]]>()
    spaces.set(space, index)
    const key = addressKey(holding.address)
    const before = index.get(key)
    if (before === undefined) index.set(key, holding)
    else if (Array.isArray(before)) before.push(holding)
    else {
      const group: [T, ...T[]] = [before, holding]
      index.set(key, group)
      shared.push(group)
    }
  }
  return shared
}
