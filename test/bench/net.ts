// Times the address arithmetic against ip-address, ipaddr.js and plain loops: ours and the other in turn, medians over the rounds.
// Absolute times depend on the machine and its load; only the ratios are gated.
import { Address4, Address6 } from 'ip-address'
import ipaddr from 'ipaddr.js'
import {
  aggregate,
  formatAddress,
  formatCidr,
  overlappingPairs,
  parseAddress,
  parseCidr,
  type Range,
  rangeOf,
  rangeSet,
  splitCidr,
  subtract,
} from '../../src/net/index.ts'

export interface BenchRow {
  readonly name: string
  /** Median CPU milliseconds; in the rows about growth, `other` is the tenth of the input. */
  readonly ours: number
  readonly other: number
  /** Median over the rounds of other / ours where the budget is ">= n" (times faster), of ours / other where it is "<= n" (times slower). */
  readonly ratio: number
  readonly budget: string
}

const PARSES = 1_000_000
const CIDRS = 65_536
/** Rounds for what takes seconds and for what takes milliseconds. */
const FEW = 5
const MANY = 25

export async function bench(): Promise<BenchRow[]> {
  const random = randomWords(20_261_123)
  const v4 = Array.from({ length: PARSES }, () => formatAddress({ family: 4, value: (10n << 24n) | BigInt(random() >>> 8) }))
  const v6 = Array.from(
    { length: PARSES },
    () => `fd${hex(random() & 255, 2)}:${hex(random() >>> 16)}:${hex(random() >>> 16)}::${hex(random() >>> 16)}`,
  )
  const texts = manyCidrs(CIDRS, random)
  const fewTexts = manyCidrs(Math.floor(CIDRS / 10), random)
  const ranges = read(texts)
  const manyRanges = read(manyCidrs(CIDRS * 10, random))
  const slash8 = parseCidr('10.0.0.0/8')
  const split = () => over([...splitCidr(slash8, 24)], formatCidr)()
  const pairs = (list: readonly string[]) => countPairs(read(list))
  const rest = (list: readonly string[]) => [...aggregate(subtract(rangeSet([rangeOf(slash8)]), rangeSet(read(list))))]
  return [
    paired(
      'parse 1e6 IPv4 addresses, ip-address',
      '>= 5',
      FEW,
      over(v4, parseAddress),
      over(v4, (text) => new Address4(text)),
    ),
    paired(
      'parse 1e6 IPv4 addresses, ipaddr.js',
      '>= 5',
      FEW,
      over(v4, parseAddress),
      over(v4, (text) => ipaddr.IPv4.parse(text)),
    ),
    paired(
      'parse 1e6 IPv6 addresses, ip-address',
      '>= 5',
      FEW,
      over(v6, parseAddress),
      over(v6, (text) => new Address6(text)),
    ),
    paired(
      'parse 1e6 IPv6 addresses, ipaddr.js',
      '>= 5',
      FEW,
      over(v6, parseAddress),
      over(v6, (text) => ipaddr.IPv6.parse(text)),
    ),
    ...formats(v4.slice(0, 200_000), v6.slice(0, 200_000)),
    paired(
      'parse 65,536 CIDRs, ipaddr.js',
      '>= 5',
      FEW,
      over(texts, parseCidr),
      over(texts, (text) => ipaddr.parseCIDR(text)),
    ),
    paired('split 10.0.0.0/8 into /24 as text, a loop over numbers', '<= 4', MANY, split, loopOverNumbers),
    paired('range set of 65,536 CIDRs, sorting as many numbers', '<= 2', MANY, () => rangeSet(ranges), sorting(ranges)),
    paired('overlaps of 65,536 CIDRs, sorting as many numbers', '<= 3', MANY, () => countPairs(ranges), sorting(ranges)),
    paired('overlaps of 655,360 CIDRs, sorting as many numbers', '<= 3', FEW, () => countPairs(manyRanges), sorting(manyRanges)),
    paired(
      'read and merge, 65,536 and 6,553 CIDRs',
      '<= 12',
      MANY,
      () => rangeSet(read(texts)),
      () => rangeSet(read(fewTexts)),
    ),
    paired(
      'read and find overlaps, 65,536 and 6,553 CIDRs',
      '<= 12',
      MANY,
      () => pairs(texts),
      () => pairs(fewTexts),
    ),
    paired(
      'read, subtract and aggregate, 65,536 and 6,553 CIDRs',
      '<= 12',
      MANY,
      () => rest(texts),
      () => rest(fewTexts),
    ),
  ]
}

function formats(v4: readonly string[], v6: readonly string[]): BenchRow[] {
  const a4 = v4.map(parseAddress)
  const a6 = v6.map(parseAddress)
  const b4 = v4.map((text) => ipaddr.IPv4.parse(text))
  const b6 = v6.map((text) => ipaddr.IPv6.parse(text))
  const c6 = v6.map((text) => new Address6(text))
  return [
    paired(
      'format 200,000 IPv4 addresses, ipaddr.js',
      '>= 0.8',
      FEW,
      over(a4, formatAddress),
      over(b4, (address) => address.toString()),
    ),
    paired(
      'format 200,000 IPv6 addresses, ipaddr.js',
      '>= 1.5',
      FEW,
      over(a6, formatAddress),
      over(b6, (address) => address.toRFC5952String()),
    ),
    paired(
      'format 200,000 IPv6 addresses, ip-address',
      '>= 1.5',
      FEW,
      over(a6, formatAddress),
      over(c6, (address) => address.correctForm()),
    ),
  ]
}

/** One round that does not count, then ours and the other in turn. */
function paired(name: string, budget: string, rounds: number, ours: () => unknown, other: () => unknown): BenchRow {
  const times: Array<readonly [number, number]> = []
  for (let round = 0; round <= rounds; round++) {
    const pair = [timed(ours), timed(other)] as const
    if (round > 0) times.push(pair)
  }
  const faster = budget.startsWith('>')
  return {
    name,
    ours: median(times.map(([a]) => a)),
    other: median(times.map(([, b]) => b)),
    ratio: median(times.map(([a, b]) => (faster ? b / a : a / b))),
    budget,
  }
}

/** CPU milliseconds of this process, garbage collection included: unlike the clock, they hardly depend on what else the machine does. */
function timed(run: () => unknown): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN

/** Keeps every result, as a caller would, so that memory is part of the cost and nothing is optimised away. */
function over<T, R>(list: readonly T[], run: (item: T) => R): () => R[] {
  return () => {
    const results: R[] = []
    for (const item of list) results.push(run(item))
    return results
  }
}

function countPairs(ranges: readonly Range[]): number {
  let count = 0
  for (const _ of overlappingPairs(ranges, (range) => range)) count++
  return count
}

const read = (texts: readonly string[]): Range[] => texts.map((text) => rangeOf(parseCidr(text)))

const sorting = (ranges: readonly Range[]) => () => ranges.map((range) => Number(range.first)).sort((a, b) => a - b)

function loopOverNumbers(): string[] {
  const lines: string[] = []
  for (let i = 0; i < 65_536; i++) lines.push(`10.${i >>> 8}.${i & 255}.0/24`)
  return lines
}

/** Distinct blocks in random order, one in 64 so much larger that it overlaps some others. */
function manyCidrs(count: number, random: () => number): string[] {
  const list = Array.from({ length: count }, (_, i) => {
    const base = (10n << 24n) | BigInt(i * 16)
    return i % 64 === 0 ? `${formatAddress({ family: 4, value: base })}/26` : `${formatAddress({ family: 4, value: base })}/29`
  })
  for (let i = list.length - 1; i > 0; i--) {
    const j = random() % (i + 1)
    ;[list[i], list[j]] = [list[j] ?? '', list[i] ?? '']
  }
  return list
}

const hex = (value: number, digits = 1): string => value.toString(16).padStart(digits, '0')

/** Repeatable 32-bit words (xorshift32). */
function randomWords(seed: number): () => number {
  let word = seed
  return () => {
    word ^= word << 13
    word ^= word >>> 17
    word ^= word << 5
    return word >>> 0
  }
}
