// A plan as a map: each pool as squares in the order of their addresses, and who has which blocks.
import { blockSize, type Cidr, formatCidr, formatValue, parseCidr } from '../net/index.ts'
import type { AddressPlan, FamilyPool } from '../plan/address-plan.ts'
import { blocksTouched } from '../plan/block-space.ts'
import { withheldRanges } from '../plan/withheld.ts'
import { count, inBlocks } from '../plan/wording.ts'
import type { AddressMap, MapCell, MapGrid } from './report.ts'

/** 512 squares are as many as can be told apart on a screen. */
const mostBits = 9
const inRow = 32
const mostHolders = 300

/** How many blocks of each square are given and reserved, and who has the first. */
interface Tally {
  given: number
  reserved: number
  first: string
}

interface Squares {
  readonly cidr: Cidr
  /** Prefix length of a square. */
  readonly prefix: number
  /** Blocks in a square. */
  readonly each: number
  readonly tallies: readonly Tally[]
}

function squaresOf({ cidr, nodePrefix }: FamilyPool): Squares {
  const bits = Math.min(mostBits, nodePrefix - cidr.prefix)
  const prefix = cidr.prefix + bits
  const tallies = Array.from({ length: 2 ** bits }, (): Tally => ({ given: 0, reserved: 0, first: '' }))
  return { cidr, prefix, each: 2 ** Math.min(50, nodePrefix - prefix), tallies }
}

/** Adds to each square what lies in it of `first` to `last`, in blocks. */
function tally(
  { cidr, prefix, tallies }: Squares,
  nodePrefix: number,
  range: { first: bigint; last: bigint },
  add: (each: Tally, blocks: number) => void,
) {
  const square = blockSize(cidr.family, prefix)
  for (let at = (range.first - cidr.base) / square; at <= (range.last - cidr.base) / square; at++) {
    const each = tallies[Number(at)]
    if (each === undefined) return
    const [low, high] = [cidr.base + at * square, cidr.base + (at + 1n) * square - 1n]
    const part = (range.last < high ? range.last : high) - (range.first > low ? range.first : low) + 1n
    const block = blockSize(cidr.family, nodePrefix)
    add(each, part < block ? 1 : Number(part / block))
  }
}

/** Where the system itself chooses, the number of blocks is known and their places are not: they are drawn from the front. */
function placeByNumber(squares: Squares, used: bigint): void {
  let left = Number(used)
  for (const each of squares.tallies) {
    const room = Math.max(0, squares.each - each.reserved)
    each.given = Math.min(room, left)
    left -= each.given
  }
}

function stateOf({ given, reserved }: Tally, each: number): MapCell['state'] {
  if (given + reserved === 0) return 'free'
  if (given + reserved < each) return 'part'
  return given > 0 ? 'given' : 'reserved'
}

const words = { given: 'given', part: 'partly given', reserved: 'reserved', free: 'free' } as const

function cellOf({ cidr, prefix, each }: Squares, index: number, tallied: Tally, isFixed: boolean): MapCell {
  const state = stateOf(tallied, each)
  const range = formatCidr({ family: cidr.family, base: cidr.base + BigInt(index) * blockSize(cidr.family, prefix), prefix })
  const who =
    tallied.first === '' ? words[state] : each === 1 ? tallied.first : `${tallied.given} of ${each} blocks given, the first to ${tallied.first}`
  return { state, text: isFixed ? `${range}: ${who}` : `${range}: about ${tallied.given} of ${each} blocks` }
}

function gridOf(name: string, family: FamilyPool, squares: Squares, isFixed: boolean): MapGrid {
  const { cidr, prefix, each, tallies } = squares
  const cells = tallies.map((tallied, index) => cellOf(squares, index, tallied, isFixed))
  const rows = Array.from({ length: Math.ceil(cells.length / inRow) }, (_, row) => ({
    label: formatValue(cidr.family, cidr.base + BigInt(row * inRow) * blockSize(cidr.family, prefix)),
    cells: cells.slice(row * inRow, (row + 1) * inRow),
  }))
  const square = each === 1 ? `a square is one /${prefix}` : `a square is a /${prefix}, ${each} blocks of /${family.nodePrefix}`
  const places = isFixed ? '' : '; the system chooses the places, so only the number is right'
  return {
    title: `${name}: ${inBlocks(family)}, ${family.used + family.withheld} of ${count(family.slots, 'block')} taken`,
    note: `${square}${places}`,
    rows,
  }
}

export function planMap(plan: AddressPlan): AddressMap {
  const { request, pools } = plan
  const isFixed = request.profile.handout === 'fixed'
  const drawn = pools.flatMap(({ name, families }) => families.map((family) => ({ name, family, squares: squaresOf(family) })))
  for (const { family, squares } of drawn) {
    const { cidr, nodePrefix } = family
    for (const range of blocksTouched(cidr, nodePrefix, withheldRanges(request, cidr)).ranges)
      tally(squares, nodePrefix, range, (each, blocks) => {
        each.reserved += blocks
      })
    if (!isFixed) placeByNumber(squares, family.used)
  }
  const holders = [...holdersOf(plan, isFixed ? drawn : [])]
  return {
    grids: drawn.map(({ name, family, squares }) => gridOf(name, family, squares, isFixed)),
    holders,
    more: Math.max(0, plan.nodeCount - holders.length),
  }
}

/** Goes over all nodes, counts their blocks, and lists the first of them. */
function* holdersOf(plan: AddressPlan, drawn: readonly { readonly name: string; readonly family: FamilyPool; readonly squares: Squares }[]) {
  let listed = 0
  for (const { name, pool, subnets } of plan.nodes()) {
    for (const text of subnets) {
      const subnet = parseCidr(text)
      const home = drawn.find((each) => each.name === pool && each.family.cidr.family === subnet.family)
      if (home === undefined) continue
      const range = { first: subnet.base, last: subnet.base + blockSize(subnet.family, subnet.prefix) - 1n }
      tally(home.squares, home.family.nodePrefix, range, (each, blocks) => {
        each.given += blocks
        if (each.first === '') each.first = name
      })
    }
    if (listed++ < mostHolders) yield { name, ranges: subnets.join('  ') }
  }
}
