// Packing is a fact about a set of sizes, not about the order in which somebody wrote them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Cidr,
  cidrSize,
  cidrsOverlap,
  coversRange,
  formatCidr,
  parseCidr,
  parseRange,
  type RangeSet,
  rangeOf,
  rangeSet,
  sizeOf,
  subtract,
} from '../../src/net/index.ts'
import { packBlocks, packWithBuddies, type WantedBlock } from '../../src/plan/pack-blocks.ts'

const space = (...ranges: string[]): RangeSet => rangeSet(ranges.map(parseRange))
const wanted = (...prefixes: number[]): WantedBlock[] => prefixes.map((prefix, index) => ({ name: `p${index}`, prefix }))
const shown = (places: ReadonlyMap<string, Cidr>) => [...places].map(([name, cidr]) => `${name} ${formatCidr(cidr)}`).sort()

describe('packBlocks', () => {
  test('the sizes that Terraform cannot pack in this order', () => {
    // hashicorp/terraform#26013: small, large, small
    expect(shown(packBlocks(space('10.0.0.0/24'), wanted(26, 25, 26)))).toEqual(['p0 10.0.0.128/26', 'p1 10.0.0.0/25', 'p2 10.0.0.192/26'])
  })

  test('holes are filled before large space is broken', () => {
    expect(shown(packBlocks(space('10.0.0.0/16', '10.9.0.64/26'), wanted(26)))).toEqual(['p0 10.9.0.64/26'])
  })

  test('what does not fit is left out, what is smaller still fits', () => {
    expect(shown(packBlocks(space('10.0.0.0-10.0.0.130'), wanted(24, 25, 31)))).toEqual(['p1 10.0.0.0/25', 'p2 10.0.0.128/31'])
  })

  test('IPv6', () => {
    expect(shown(packBlocks(space('fd00::/48'), wanted(49, 50)))).toEqual(['p0 fd00::/49', 'p1 fd00:0:0:8000::/50'])
  })
})

describe('packWithBuddies', () => {
  test('leaves room to double in place as long as all fit that way', () => {
    expect(shown(packWithBuddies(space('10.0.0.0/22'), wanted(24, 25)))).toEqual(['p0 10.0.0.0/24', 'p1 10.0.2.0/25'])
    expect(shown(packWithBuddies(space('10.0.0.0/23'), wanted(24, 25)))).toEqual(['p0 10.0.0.0/24', 'p1 10.0.1.0/25'])
  })
})

/** A random space in 10.0.0.0/16 and random sizes. */
const cases = fc.record({
  ranges: fc.array(fc.tuple(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 0, max: 9000 })), { minLength: 1, maxLength: 6 }),
  prefixes: fc.array(fc.integer({ min: 18, max: 32 }), { maxLength: 12 }),
  shuffle: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
})

const spaceOf = (ranges: readonly (readonly [number, number])[]): RangeSet =>
  rangeSet(
    ranges.map(([from, length]) => ({ family: 4, first: 0x0a00_0000n + BigInt(from), last: 0x0a00_0000n + BigInt(Math.min(65_535, from + length)) })),
  )

test('blocks are disjoint and inside the space, and the order of writing changes nothing', () => {
  fc.assert(
    fc.property(cases, ({ ranges, prefixes, shuffle }) => {
      const free = spaceOf(ranges)
      const places = packBlocks(free, wanted(...prefixes))
      const blocks = [...places.values()]
      for (const block of blocks) expect(coversRange(free, rangeOf(block))).toBe(true)
      expect(blocks.some((block, index) => blocks.some((other, at) => at > index && cidrsOverlap(block, other)))).toBe(false)
      const mixed = wanted(...prefixes)
        .map((block, index) => ({ block, key: shuffle[index] ?? 0 }))
        .sort((a, b) => a.key - b.key)
      expect(
        packBlocks(
          free,
          mixed.map(({ block }) => block),
        ),
      ).toEqual(places)
    }),
    { numRuns: 400 },
  )
})

test('what is refused cannot be packed by anybody: not one more block of that size fits beside the larger ones', () => {
  fc.assert(
    fc.property(cases, ({ ranges, prefixes }) => {
      const free = spaceOf(ranges)
      const places = packBlocks(free, wanted(...prefixes))
      for (const { name, prefix } of wanted(...prefixes)) {
        if (places.has(name)) continue
        // Blocks at least as large were placed first; by counting aligned places of this size, none was wasted.
        const larger = [...places].filter(([other]) => (prefixes[Number(other.slice(1))] ?? 0) <= prefix).map(([, cidr]) => cidr)
        const aligned = countAligned(free, prefix)
        const used = larger.reduce((sum, cidr) => sum + cidrSize(cidr) / 2n ** BigInt(32 - prefix), 0n)
        expect(aligned - used).toBeLessThanOrEqual(0n)
      }
    }),
    { numRuns: 400 },
  )
})

/** Aligned places for blocks of this size in all of the space. */
function countAligned(free: RangeSet, prefix: number): bigint {
  const size = 2n ** BigInt(32 - prefix)
  return free.ranges.reduce((sum, { first, last }) => {
    const start = ((first + size - 1n) / size) * size
    return start > last ? sum : sum + (last + 1n - start) / size
  }, 0n)
}

test('10,000 blocks leave just what they must', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `n${index}`, prefix: 24 + (index % 5) }))
  const places = packBlocks(rangeSet([rangeOf(parseCidr('10.0.0.0/8'))]), many)
  expect(places.size).toBe(10_000)
  const left = subtract(space('10.0.0.0/8'), rangeSet([...places.values()].map(rangeOf)))
  expect(left.ranges).toHaveLength(1) // no holes between them
  expect(sizeOf(left)).toBe(2n ** 24n - 2000n * (256n + 128n + 64n + 32n + 16n))
})
