import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { safe } from '../../src/formats/safe.ts'
import { columnsOf, cut, fold, pad } from '../../src/formats/text/measure.ts'

const word = fc.oneof(fc.string({ minLength: 1, maxLength: 30 }), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }))
const text = fc.array(word, { maxLength: 12 }).map((words) => safe(words.join(' ')))

test('folded lines fit and hold the same text', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 60 }), fc.integer({ min: 0, max: 5 }), (given, columns, more) => {
      const lines = fold(given, columns, columns + more)
      for (const [index, line] of lines.entries()) expect(columnsOf(line)).toBeLessThanOrEqual(columns + (index === 0 ? more : 0))
      expect(lines.join('').replaceAll(' ', '')).toBe(given.replaceAll(' ', ''))
    }),
  )
})

test.each([
  ['one two three', 7, 7, ['one two', 'three']],
  ['one two three', 5, 7, ['one two', 'three']],
  ['one two three', 5, 5, ['one', 'two', 'three']],
  ['fits', 10, 10, ['fits']],
  ['fd00:10:244:1::/64', 8, 8, ['fd00:10:', '244:1::/', '64']],
  ['東京都 x', 4, 4, ['東京', '都 x']],
])('%j in %i, %i', (given, columns, first, lines) => {
  expect(fold(safe(given), columns, first)).toEqual(lines)
})

test('infinite room folds nothing', () => {
  expect(fold(safe('a b '.repeat(100)), Number.POSITIVE_INFINITY)).toHaveLength(1)
})

test('what is cut fits and is marked; what fits is left', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 40 }), fc.constantFrom('…', '...'), (given, columns, mark) => {
      const short = cut(given, columns, mark)
      expect(columnsOf(short)).toBeLessThanOrEqual(columns)
      if (columnsOf(given) <= columns) expect(short).toBe(given)
      else expect(given.startsWith(short.slice(0, -mark.length)) && short.endsWith(mark)).toBe(true)
    }),
  )
})

test('padding is on the other side', () => {
  expect(pad(safe('東'), 4, 'left')).toBe('東  ')
  expect(pad(safe('東'), 4, 'right')).toBe('  東')
  expect(pad(safe('long'), 2, 'left')).toBe('long')
})

test('columns are those of the library, fast path or not', () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(columnsOf(given)).toBe(stringWidth(given))
    }),
  )
})

test('so are those of every character that reports draw with, alone and beside each other', () => {
  const drawn = [...'’…▰▱', ...Array.from({ length: 0xa0 }, (_, index) => String.fromCodePoint(0x2500 + index))]
  for (const one of drawn) for (const other of ['', ' ', 'a', '’', '…', '█', '▰']) expect(columnsOf(safe(one + other))).toBe(stringWidth(one + other))
})
