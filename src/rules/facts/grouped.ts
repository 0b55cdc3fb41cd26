// Items by key, in order of first appearance; an item may have several keys, or none.

export function grouped<T, K>(items: Iterable<T>, keysFor: (item: T) => Iterable<K>): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items)
    for (const key of keysFor(item)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [item])
      else group.push(item)
    }
  return groups
}
