// Range sets: hand-made cases, and random ones against the plainest model there is: an array of 256 booleans.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  aggregate,
  coversRange,
  emptyRangeSet,
  type Family,
  formatCidr,
  formatRange,
  holds,
  intersect,
  parseAddress,
  parseRange,
  type Range,
  type RangeSet,
  rangeOf,
  rangeSet,
  rangeWith,
  sizeOf,
  splitCidr,
  subtract,
  union,
} from '../../src/net/index.ts'
import { maxOf, splitting } from './arbitraries.ts'

const setOf = (...texts: string[]): RangeSet => rangeSet(texts.map(parseRange))
const textsOf = (set: RangeSet): string[] => set.ranges.map(formatRange)

describe('the union of ranges', () => {
  test.each([
    [[], []],
    [['10.0.1.0/24', '10.0.0.0/24'], ['10.0.0.0/23']],
    [
      ['10.0.0.0/24', '10.0.2.0/24'],
      ['10.0.0.0/24', '10.0.2.0/24'],
    ],
    [['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'], ['10.0.0.0/8']],
    [['10.0.0.1-10.0.0.5', '10.0.0.3-10.0.0.9', '10.0.0.10'], ['10.0.0.1-10.0.0.10']],
    [['10.0.0.0/24', '10.0.0.0/24', '10.0.0.0/25'], ['10.0.0.0/24']],
    [
      ['255.255.255.255', '::', '255.255.255.254'],
      ['255.255.255.254/31', '::'],
    ], // the top of IPv4 does not touch the bottom of IPv6
    [
      ['0.0.0.0/0', '::/0'],
      ['0.0.0.0/0', '::/0'],
    ],
    [
      ['0.0.0.0', '::', '::ffff:ffff', '255.255.255.255'],
      ['0.0.0.0', '255.255.255.255', '::', '::ffff:ffff'],
    ],
    [['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'], ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127']],
    [
      ['fd00::/64', 'fd00:0:0:1::/64', 'fd00:0:0:3::/64'],
      ['fd00::/63', 'fd00:0:0:3::/64'],
    ],
    [['fd00::1', 'fd00::3', 'fd00::2'], ['fd00::1-fd00::3']], // three numbers that are one double
    [
      ['fd00::1', 'fd00::3'],
      ['fd00::1', 'fd00::3'],
    ],
    [['::/1', '::5', '8000::'], ['::-8000::']],
  ])('%j', (input, expected) => {
    expect(textsOf(setOf(...input))).toEqual(expected)
    expect(textsOf(setOf(...input.toReversed()))).toEqual(expected)
  })
})

describe('subtracting and intersecting', () => {
  test.each([
    [['10.0.0.0/24'], ['10.0.0.0/25'], ['10.0.0.128/25'], ['10.0.0.0/25']],
    [['10.0.0.0/24'], ['10.0.0.64-10.0.0.127'], ['10.0.0.0/26', '10.0.0.128/25'], ['10.0.0.64/26']],
    [['10.0.0.0/24', '10.0.2.0/24'], ['10.0.0.128-10.0.2.127'], ['10.0.0.0/25', '10.0.2.128/25'], ['10.0.0.128/25', '10.0.2.0/25']],
    [
      ['10.0.0.0/24'],
      ['10.0.0.1', '10.0.0.3', '10.0.0.255'],
      ['10.0.0.0', '10.0.0.2', '10.0.0.4-10.0.0.254'],
      ['10.0.0.1', '10.0.0.3', '10.0.0.255'],
    ],
    [['10.0.0.0/24'], ['11.0.0.0/8', '9.0.0.0/8'], ['10.0.0.0/24'], []],
    [['10.0.0.0/24'], ['::/0'], ['10.0.0.0/24'], []],
    [['0.0.0.0/0', '::/0'], ['0.0.0.0/0'], ['::/0'], ['0.0.0.0/0']],
    [['0.0.0.0/0', '::/0'], ['::/0'], ['0.0.0.0/0'], ['::/0']],
    [['0.0.0.0/0'], ['255.255.255.255'], ['0.0.0.0-255.255.255.254'], ['255.255.255.255']],
    [
      ['255.255.255.254/31', '::/127'],
      ['255.255.255.255', '::'],
      ['255.255.255.254', '::1'],
      ['255.255.255.255', '::'],
    ],
    [
      ['::/0'],
      ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
      ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe'],
      ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ],
    [[], ['10.0.0.0/8'], [], []],
  ])('%j and %j', (a, b, rest, common) => {
    expect(textsOf(subtract(setOf(...a), setOf(...b)))).toEqual(rest)
    expect(textsOf(intersect(setOf(...a), setOf(...b)))).toEqual(common)
    expect(textsOf(intersect(setOf(...b), setOf(...a)))).toEqual(common)
  })
})

test('sizes are exact, by family and together', () => {
  const set = setOf('10.0.0.0/8', '192.168.0.1', 'fd00::/8')
  expect(sizeOf(set, 4)).toBe(16777217n)
  expect(sizeOf(set, 6)).toBe(1329227995784915872903807060280344576n)
  expect(sizeOf(set)).toBe(1329227995784915872903807060297121793n)
  expect(sizeOf(emptyRangeSet)).toBe(0n)
  expect(sizeOf(setOf('0.0.0.0/0', '::/0'))).toBe((1n << 32n) + (1n << 128n))
})

test('the range of a set that holds an address, and ranges that are wholly inside', () => {
  const set = setOf('10.0.0.0/24', '10.0.2.0/24', '255.255.255.255', '::', 'fd00::/64')
  const found = ['9.255.255.255', '10.0.0.0', '10.0.0.255', '10.0.1.0', '10.0.2.7', '255.255.255.255', '::', '::1', 'fd00::ffff', 'fd00:0:0:1::']
  expect(found.map((text) => rangeWith(set, parseAddress(text))).map((range) => range && formatRange(range))).toEqual([
    undefined,
    '10.0.0.0/24',
    '10.0.0.0/24',
    undefined,
    '10.0.2.0/24',
    '255.255.255.255',
    '::',
    undefined,
    'fd00::/64',
    undefined,
  ])
  expect(
    ['10.0.0.0/24', '10.0.0.9', '10.0.0.0/23', '10.0.0.255-10.0.2.0', '::/127', 'fd00::/65', 'fd00::/63'].map((text) =>
      coversRange(set, parseRange(text)),
    ),
  ).toEqual([true, true, false, false, false, true, false])
  expect(holds(emptyRangeSet, parseAddress('::'))).toBe(false)
})

test.each([
  [['10.0.0.0/25', '10.0.0.128/25', '10.0.1.0/24'], ['10.0.0.0/23']],
  [
    ['10.0.1.0/24', '10.0.2.0/24'],
    ['10.0.1.0/24', '10.0.2.0/24'],
  ],
  [
    ['10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::/64', 'fd00:0:0:1::/64'],
    ['10.0.0.1/32', '10.0.0.2/31', 'fd00::/63'],
  ],
])('%j aggregates to %j', (input, expected) => expect([...aggregate(setOf(...input))].map(formatCidr)).toEqual(expected))

test('the blocks of a network, in any order, aggregate to the network', () => {
  fc.assert(
    fc.property(splitting(6), fc.infiniteStream(fc.nat()), ([whole, prefix], keys) => {
      const blocks = [...splitCidr(whole, prefix)].map((block) => ({ block, key: keys.next().value ?? 0 }))
      const shuffled = blocks.sort((a, b) => a.key - b.key).map(({ block }) => rangeOf(block))
      expect([...aggregate(rangeSet(shuffled))]).toEqual([whole])
    }),
  )
})

/** 256 addresses of one family: the first, the last, around 2^53 where doubles stop being exact, and in the middle of IPv6. */
const windows: ReadonlyArray<{ readonly name: string; readonly family: Family; readonly base: bigint }> = [
  { name: 'the bottom of IPv4', family: 4, base: 0n },
  { name: 'the middle of IPv4', family: 4, base: 0x0af40080n },
  { name: 'the top of IPv4', family: 4, base: maxOf(4) - 255n },
  { name: 'the bottom of IPv6', family: 6, base: 0n },
  { name: 'around 2^53', family: 6, base: (1n << 53n) - 2n ** 33n - 128n },
  { name: 'the middle of IPv6', family: 6, base: (0xfdn << 120n) - 128n },
  { name: 'the top of IPv6', family: 6, base: maxOf(6) - 255n },
]

const span = fc
  .tuple(fc.nat({ max: 255 }), fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 255 })))
  .map(([first, length]) => [first, Math.min(255, first + length)] as const)
const spans = fc.array(span, { maxLength: 12 })

describe.each(windows)('against 256 booleans at $name', ({ family, base }) => {
  const rangesFor = (list: ReadonlyArray<readonly [number, number]>): Range[] =>
    list.map(([first, last]) => ({ family, first: base + BigInt(first), last: base + BigInt(last) }))

  const slotsOf = (list: ReadonlyArray<readonly [number, number]>): boolean[] =>
    Array.from({ length: 256 }, (_, slot) => list.some(([first, last]) => first <= slot && slot <= last))

  /** The only set with these addresses that is sorted, disjoint and without touching ranges. */
  const setFrom = (slots: readonly boolean[]): RangeSet => {
    const starts = slots.flatMap((slot, i) => (slot && !slots[i - 1] ? [i] : []))
    const ends = slots.flatMap((slot, i) => (slot && !slots[i + 1] ? [i] : []))
    return { ranges: rangesFor(starts.map((start, i) => [start, ends[i] ?? -1] as const)) }
  }

  test('every operation gives the canonical set of the right addresses', () => {
    fc.assert(
      fc.property(spans, spans, span, (listA, listB, [first, last]) => {
        const [a, b] = [rangeSet(rangesFor(listA)), rangeSet(rangesFor(listB))]
        const [slotsA, slotsB] = [slotsOf(listA), slotsOf(listB)]
        expect(a).toEqual(setFrom(slotsA))
        expect(union(a, b)).toEqual(setFrom(slotsA.map((slot, i) => slot || slotsB[i] === true)))
        expect(subtract(a, b)).toEqual(setFrom(slotsA.map((slot, i) => slot && !slotsB[i])))
        expect(intersect(a, b)).toEqual(setFrom(slotsA.map((slot, i) => slot && slotsB[i] === true)))
        expect(sizeOf(a, family)).toBe(BigInt(slotsA.filter(Boolean).length))
        expect(sizeOf(a, family === 4 ? 6 : 4)).toBe(0n)
        expect(slotsA.map((_, i) => holds(a, { family, value: base + BigInt(i) }))).toEqual(slotsA)
        const [probe] = rangesFor([[first, last]])
        expect(probe && coversRange(a, probe)).toBe(slotsA.slice(first, last + 1).every(Boolean))
        expect(rangeSet([...aggregate(a)].map(rangeOf))).toEqual(a)
      }),
      { numRuns: 100 },
    )
  })
})
