// Who has which address, for a million holders: numbers in order, some 30 bytes for each. A Map of lists takes four times as much, and whoever goes
// through the holders themselves waits for memory at every one of them.
import { type Address, type Range, radixOrder } from '../net/index.ts'
import { firstWhere } from './first-where.ts'

/** Addresses in order, each once. */
export interface SortedAddresses {
  readonly size: number
  /** How many of them lie in the range. */
  within(range: Range): number
}

export interface AddressIndex<T> {
  /** Items that have the address, in the order in which they were added. */
  find(address: Address): readonly T[]
  has(address: Address): boolean
  /** Each address that was added more than once. */
  shared(): Iterable<Address>
  /** What was added for one group. */
  of(group: string): SortedAddresses
}

export interface AddressCollector<T> {
  /** @param item its place in the list, @param group what the address is counted for beside the whole: a node, a pool */
  add(address: Address, item: number, group: string): void
  index(): AddressIndex<T>
}

interface Entries {
  readonly keys: Float64Array
  /** Places in the list of items. */
  readonly owners: Uint32Array
  readonly groups: Uint32Array
}

/** Keys of IPv6 addresses are their places among each other; doubles hold both without loss. */
const ABOVE_IPV4 = 2 ** 32

const room = (size: number): Entries => ({ keys: new Float64Array(size), owners: new Uint32Array(size), groups: new Uint32Array(size) })

function moved(from: Entries, to: Entries): Entries {
  to.keys.set(from.keys)
  to.owners.set(from.owners)
  to.groups.set(from.groups)
  return to
}

/** @param items whoever has addresses; room is made for one address of each, and for more when they come */
export function collectAddresses<T>(items: readonly T[]): AddressCollector<T> {
  let entries = room(items.length)
  let count = 0
  const numbers = new Map<string, number>()
  const wide = new Map<number, bigint>() // IPv6, by entry
  return {
    add({ family, value }, item, group) {
      if (count === entries.keys.length) entries = moved(entries, room(Math.max(16, 2 * count)))
      const number = numbers.get(group) ?? numbers.size
      if (number === numbers.size) numbers.set(group, number)
      if (family === 6) wide.set(count, value)
      else entries.keys[count] = Number(value)
      entries.owners[count] = item
      entries.groups[count++] = number
    },
    index() {
      const values = [...new Set(wide.values())].sort((a, b) => (a < b ? -1 : 1))
      const ranks = new Map(values.map((value, rank) => [value, ABOVE_IPV4 + rank]))
      for (const [entry, value] of wide) entries.keys[entry] = ranks.get(value) as number
      return indexOf(items, inOrder(entries, count), numbers, values)
    },
  }
}

/** By key; those of one key in the order in which they were added. */
function inOrder({ keys, owners, groups }: Entries, count: number): Entries {
  const order = radixOrder(keys.slice(0, count))
  const sorted = room(count)
  for (let i = 0; i < count; i++) {
    const entry = order[i] as number
    sorted.keys[i] = keys[entry] as number
    sorted.owners[i] = owners[entry] as number
    sorted.groups[i] = groups[entry] as number
  }
  return sorted
}

function indexOf<T>(items: readonly T[], entries: Entries, numbers: ReadonlyMap<string, number>, values: readonly bigint[]): AddressIndex<T> {
  const { keys, owners } = entries

  /** Key of the first address known that is not below this one. */
  const keyOf = (family: Address['family'], value: bigint): number =>
    family === 4 ? Number(value) : ABOVE_IPV4 + firstWhere(values.length, (i) => (values[i] as bigint) >= value)
  const addressOf = (key: number): Address =>
    key < ABOVE_IPV4 ? { family: 4, value: BigInt(key) } : { family: 6, value: values[key - ABOVE_IPV4] as bigint }
  const from = (sorted: Float64Array, key: number): number => firstWhere(sorted.length, (i) => (sorted[i] as number) >= key)

  const has = ({ family, value }: Address): boolean => {
    const key = keyOf(family, value)
    return keys[from(keys, key)] === key && (family === 4 || values[key - ABOVE_IPV4] === value)
  }
  const sorted = (own: Float64Array): SortedAddresses => ({
    size: own.length,
    within: ({ family, first, last }) => (last < first ? 0 : from(own, keyOf(family, last + 1n)) - from(own, keyOf(family, first))),
  })
  const slices = sliced(entries, numbers.size)

  return {
    has,
    find(address) {
      if (!has(address)) return []
      const key = keyOf(address.family, address.value)
      return Array.from(owners.subarray(from(keys, key), from(keys, key + 1)), (owner) => items[owner] as T)
    },
    *shared() {
      for (let i = 1; i < keys.length; i++) if (keys[i] === keys[i - 1] && keys[i] !== keys[i - 2]) yield addressOf(keys[i] as number)
    },
    of(group) {
      const number = numbers.get(group)
      return sorted(number === undefined ? new Float64Array() : slices(number))
    },
  }
}

/** The different keys of each group, still in order: a counting sort by group. */
function sliced({ keys, groups }: Entries, count: number): (group: number) => Float64Array {
  const starts = new Uint32Array(count + 1)
  for (const group of groups) starts[group + 1] = (starts[group + 1] as number) + 1
  for (let group = 1; group <= count; group++) starts[group] = (starts[group] as number) + (starts[group - 1] as number)
  const ends = starts.slice(0, count)
  const own = new Float64Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const group = groups[i] as number
    const end = ends[group] as number
    if (end > (starts[group] as number) && own[end - 1] === keys[i]) continue
    own[end] = keys[i] as number
    ends[group] = end + 1
  }
  return (group) => own.subarray(starts[group], ends[group])
}
