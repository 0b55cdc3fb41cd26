// Packs blocks of different sizes into free space, without regard to the order in which they are written.
import { aggregate, type Cidr, type RangeSet } from '../net/index.ts'

export interface WantedBlock {
  readonly name: string
  readonly prefix: number
}

/** Free blocks by prefix length, each list with the lowest base last. */
type FreeBlocks = Map<number, Cidr[]>

function put(free: FreeBlocks, block: Cidr): void {
  const list = free.get(block.prefix)
  if (list === undefined) {
    free.set(block.prefix, [block])
    return
  }
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] as Cidr).base > block.base) low = middle + 1
    else high = middle
  }
  list.splice(low, 0, block)
}

/** The lowest of the smallest free blocks that are large enough, cut to size; its other parts stay free. */
function take(free: FreeBlocks, prefix: number): Cidr | undefined {
  for (let have = prefix; have >= 0; have--) {
    const block = free.get(have)?.pop()
    if (block === undefined) continue
    const bits = block.family === 4 ? 32 : 128
    for (let part = have + 1; part <= prefix; part++)
      put(free, { family: block.family, base: block.base + (1n << BigInt(bits - part)), prefix: part })
    return { ...block, prefix }
  }
  return undefined
}

/**
 * A place for each wanted block by name, aligned and disjoint; a name is missing when there is none.
 * Largest first and best fit: sizes are powers of two, so a set that can be packed at all is packed whole, in whatever order it is written.
 * (Terraform's cidrsubnets packs in the given order and fails where another order would fit: hashicorp/terraform#26013.)
 */
export function packBlocks(space: RangeSet, wanted: readonly WantedBlock[]): ReadonlyMap<string, Cidr> {
  const free: FreeBlocks = new Map()
  for (const block of aggregate(space)) put(free, block)
  const sorted = [...wanted].sort((a, b) => a.prefix - b.prefix || (a.name < b.name ? -1 : 1))
  const places = new Map<string, Cidr>()
  for (const { name, prefix } of sorted) {
    const block = take(free, prefix)
    if (block !== undefined) places.set(name, block)
  }
  return places
}

/** The same, each block with its other half left free to grow into, as long as all of them fit that way. */
export function packWithBuddies(space: RangeSet, wanted: readonly WantedBlock[]): ReadonlyMap<string, Cidr> {
  const doubled = packBlocks(
    space,
    wanted.map(({ name, prefix }) => ({ name, prefix: Math.max(0, prefix - 1) })),
  )
  if (doubled.size < wanted.length) return packBlocks(space, wanted)
  const prefixes = new Map(wanted.map(({ name, prefix }) => [name, prefix]))
  return new Map([...doubled].map(([name, block]) => [name, { ...block, prefix: prefixes.get(name) ?? block.prefix }]))
}
