// Overlapping pairs against the loop over all pairs that they replace.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareRanges, formatRange, overlappingPairs, parseRange, type Range, rangesOverlap } from '../../src/net/index.ts'
import { maxOf, range } from './arbitraries.ts'

const pairs = (texts: readonly string[]): string[][] => [...overlappingPairs(texts, parseRange)].map((pair) => [...pair])

test.each([
  [[], []],
  [['10.0.0.0/8'], []],
  [['10.0.0.0/24', '10.0.1.0/24'], []],
  [['10.0.0.0/24', '10.0.0.255-10.0.1.5'], [['10.0.0.0/24', '10.0.0.255-10.0.1.5']]],
  [
    ['10.1.0.0/16', '10.0.0.0/8', '10.1.1.0/24'],
    [
      ['10.0.0.0/8', '10.1.0.0/16'],
      ['10.0.0.0/8', '10.1.1.0/24'],
      ['10.1.0.0/16', '10.1.1.0/24'],
    ],
  ],
  // The long range is still open after a short one has ended.
  [
    ['10.0.0.0/8', '10.1.0.0/24', '10.2.0.0/24'],
    [
      ['10.0.0.0/8', '10.1.0.0/24'],
      ['10.0.0.0/8', '10.2.0.0/24'],
    ],
  ],
  [['10.0.0.5', '10.0.0.5'], [['10.0.0.5', '10.0.0.5']]],
  [['0.0.0.0/0', '::/0'], []],
  [['255.255.255.255', '::'], []],
  [['0.0.0.1', '::1'], []],
  [['::/0', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'], [['::/0', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']]],
  // Numbers that are the same as doubles.
  [['fd00::1-fd00::2', 'fd00::3-fd00::4'], []],
  [['fd00::1-fd00::3', 'fd00::3-fd00::4'], [['fd00::1-fd00::3', 'fd00::3-fd00::4']]],
])('%j', (texts, expected) => expect(pairs(texts)).toEqual(expected))

const narrow = (base: bigint, family: 4 | 6): fc.Arbitrary<Range> =>
  fc
    .tuple(fc.nat({ max: 60 }), fc.nat({ max: 12 }))
    .map(([first, length]) => ({ family, first: base + BigInt(first), last: base + BigInt(Math.min(60, first + length)) }))

const anyRange = fc.oneof(narrow(0n, 4), narrow(maxOf(4) - 60n, 4), narrow(0n, 6), narrow(0xfdn << 120n, 6), narrow(maxOf(6) - 60n, 6), {
  weight: 2,
  arbitrary: range,
})

test('the pairs are those that a loop over all pairs finds, each once, the earlier range in front', () => {
  fc.assert(
    fc.property(fc.array(anyRange, { maxLength: 40 }), (ranges) => {
      const items = ranges.map((own, id) => ({ own, id }))
      const found = [...overlappingPairs(items, ({ own }) => own)]
      const ids = found.map(([a, b]) => `${Math.min(a.id, b.id)} ${Math.max(a.id, b.id)}`).sort()
      const all = items.flatMap((a) => items.filter((b) => a.id < b.id && rangesOverlap(a.own, b.own)).map((b) => `${a.id} ${b.id}`)).sort()
      expect(ids).toEqual(all)
      // Sorted as compareRanges says, and equal ranges in the order in which they came.
      const wrong = found.filter(([a, b]) => (compareRanges(a.own, b.own) || a.id - b.id) > 0)
      expect(wrong.map(([a, b]) => [formatRange(a.own), formatRange(b.own)])).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('many items that share their first address come in order', () => {
  const texts = Array.from({ length: 25 }, (_, i) => `fd00::/${128 - ((i * 7) % 25)}`)
  const firsts = pairs(texts).map(([first]) => first)
  expect(firsts).toHaveLength(300)
  expect(firsts[0]).toBe('fd00::/128')
})
