// Times the address arithmetic against ip-address, ipaddr.js and plain loops: ours and the other in turn, medians over the rounds.
// Absolute times depend on the machine and its load; only the ratios are gated (reference/performance.md 7.7 and 7.9).
import { Address4, Address6 } from 'ip-address'
import ipaddr from 'ipaddr.js'
import {
  aggregate,
  type Cidr,
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
  /** Median CPU milliseconds. */
  readonly ours: number
  readonly other: number
  /** Median over the rounds of other / ours where the budget is ">= n" (times faster), of ours / other where it is "<= n" (times slower). */
  readonly ratio: number
  readonly budget: string
}

const PARSES = 1_000_000
const CIDRS = 65_536

export async function bench(): Promise<BenchRow[]> {
  const random = randomWords(20_261_123)
  const v4 = Array.from({ length: PARSES }, () => formatAddress({ family: 4, value: (10n << 24n) | BigInt(random() >>> 8) }))
  const v6 = Array.from(
    { length: PARSES },
    () => `fd${hex(random() & 255, 2)}:${hex(random() >>> 16)}:${hex(random() >>> 16)}::${hex(random() >>> 16)}`,
  )
  const a4 = v4.map(parseAddress)
  const a6 = v6.map(parseAddress)
  const texts = manyCidrs(CIDRS, random)
  const ranges = texts.map((text) => rangeOf(parseCidr(text)))
  const fewRanges = manyCidrs(CIDRS / 10, random).map((text) => rangeOf(parseCidr(text)))
  const manyRanges = manyCidrs(CIDRS * 10, random).map((text) => rangeOf(parseCidr(text)))
  const slash8 = parseCidr('10.0.0.0/8')
  return [
    paired(
      'parse 1e6 IPv4 addresses, ip-address',
      '>= 5',
      over(v4, parseAddress),
      over(v4, (text) => new Address4(text)),
      5,
    ),
    paired(
      'parse 1e6 IPv4 addresses, ipaddr.js',
      '>= 5',
      over(v4, parseAddress),
      over(v4, (text) => ipaddr.IPv4.parse(text)),
      5,
    ),
    paired(
      'parse 1e6 IPv6 addresses, ip-address',
      '>= 5',
      over(v6, parseAddress),
      over(v6, (text) => new Address6(text)),
      5,
    ),
    paired(
      'parse 1e6 IPv6 addresses, ipaddr.js',
      '>= 5',
      over(v6, parseAddress),
      over(v6, (text) => ipaddr.IPv6.parse(text)),
      5,
    ),
    ...formats(a4.slice(0, 200_000), a6.slice(0, 200_000), v4, v6),
    paired(
      'parse 65,536 CIDRs, ipaddr.js',
      '>= 5',
      over(texts, parseCidr),
      over(texts, (text) => ipaddr.parseCIDR(text)),
    ),
    paired(
      'split 10.0.0.0/8 into /24 as text, a loop over numbers',
      '<= 4',
      () => over([...splitCidr(slash8, 24)], formatCidr)(),
      loopOverNumbers,
      25,
    ),
    paired('range set of 65,536 CIDRs, sorting as many numbers', '<= 4', () => rangeSet(ranges), sorting(ranges), 25),
    paired('overlaps of 65,536 CIDRs, sorting as many numbers', '<= 5', () => countPairs(ranges), sorting(ranges), 25),
    paired('overlaps of 655,360 CIDRs, sorting as many numbers', '<= 5', () => countPairs(manyRanges), sorting(manyRanges), 5),
    paired(
      'range set, 65,536 and 6,553 CIDRs',
      '<= 12',
      () => rangeSet(ranges),
      () => rangeSet(fewRanges),
      25,
    ),
    paired(
      'overlaps, 65,536 and 6,553 CIDRs',
      '<= 12',
      () => countPairs(ranges),
      () => countPairs(fewRanges),
      25,
    ),
    paired('subtract and aggregate, 65,536 and 6,553 CIDRs', '<= 12', holes(slash8, ranges), holes(slash8, fewRanges), 25),
  ]
}

function formats(a4: ReturnType<typeof parseAddress>[], a6: ReturnType<typeof parseAddress>[], v4: string[], v6: string[]): BenchRow[] {
  const b4 = a4.map((_, i) => ipaddr.IPv4.parse(v4[i] ?? ''))
  const b6 = a6.map((_, i) => ipaddr.IPv6.parse(v6[i] ?? ''))
  const c6 = a6.map((_, i) => new Address6(v6[i] ?? ''))
  return [
    paired(
      'format 200,000 IPv4 addresses, ipaddr.js',
      '>= 0.8',
      over(a4, formatAddress),
      over(b4, (address) => address.toString()),
    ),
    paired(
      'format 200,000 IPv6 addresses, ipaddr.js',
      '>= 1.5',
      over(a6, formatAddress),
      over(b6, (address) => address.toRFC5952String()),
    ),
    paired(
      'format 200,000 IPv6 addresses, ip-address',
      '>= 1.5',
      over(a6, formatAddress),
      over(c6, (address) => address.correctForm()),
    ),
  ]
}

/** One untimed round, then ours and the other in turn. */
function paired(name: string, budget: string, ours: () => unknown, other: () => unknown, rounds = 9): BenchRow {
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

const holes = (cidr: Cidr, ranges: readonly Range[]) => () => [...aggregate(subtract(rangeSet([rangeOf(cidr)]), rangeSet(ranges)))]

const sorting = (ranges: readonly Range[]) => () => ranges.map((range) => Number(range.first)).sort((a, b) => a - b)

function loopOverNumbers(): string[] {
  const lines: string[] = []
  for (let i = 0; i < 65_536; i++) lines.push(`10.${i >>> 8}.${i & 255}.0/24`)
  return lines
}

/** Distinct blocks in random order, one in 64 so much larger that it overlaps some others. */
function manyCidrs(count: number, random: () => number): string[] {
  const list = Array.from({ length: Math.floor(count) }, (_, i) => {
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
