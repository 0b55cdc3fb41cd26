// Ranges: strict parsing with its messages, text, comparison, and the fewest networks that make up a range.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  asCidr,
  cidrSize,
  cidrsOf,
  compareRanges,
  formatCidr,
  formatRange,
  lastOf,
  NetSyntaxError,
  parseAddress,
  parseRange,
  rangeBetween,
  rangeCovers,
  rangeHolds,
  rangeOf,
  rangeOfAddress,
  rangeSize,
  rangesOverlap,
} from '../../src/net/index.ts'
import { cidr, range } from './arbitraries.ts'

describe('accepted ranges', () => {
  test.each([
    ['10.0.0.0/24', '10.0.0.0', '10.0.0.255', '10.0.0.0/24', 256n],
    ['10.0.0.5', '10.0.0.5', '10.0.0.5', '10.0.0.5', 1n],
    ['10.0.0.5-10.0.0.9', '10.0.0.5', '10.0.0.9', '10.0.0.5-10.0.0.9', 5n],
    ['10.0.0.5 - 10.0.0.9', '10.0.0.5', '10.0.0.9', '10.0.0.5-10.0.0.9', 5n],
    ['10.0.0.5-10.0.0.5', '10.0.0.5', '10.0.0.5', '10.0.0.5', 1n],
    ['10.0.0.0-10.0.1.255', '10.0.0.0', '10.0.1.255', '10.0.0.0/23', 512n],
    ['10.0.1.0-10.0.2.255', '10.0.1.0', '10.0.2.255', '10.0.1.0-10.0.2.255', 512n], // a power of two, but not aligned
    ['0.0.0.0-255.255.255.255', '0.0.0.0', '255.255.255.255', '0.0.0.0/0', 1n << 32n],
    ['FD00::1-fd00:0::ff', 'fd00::1', 'fd00::ff', 'fd00::1-fd00::ff', 255n],
    ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0', 1n << 128n],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.254 - ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127',
      2n,
    ],
  ])('%s', (text, first, last, canonical, size) => {
    const parsed = parseRange(text)
    expect(parsed).toEqual(rangeBetween(parseAddress(first), parseAddress(last)))
    expect(formatRange(parsed)).toBe(canonical)
    expect(rangeSize(parsed)).toBe(size)
  })
})

describe('refused ranges and what is said about them', () => {
  test.each([
    ['', 'is empty'],
    ['10.0.0.9-10.0.0.5', 'starts after it ends; write 10.0.0.5-10.0.0.9'],
    ['10.0.0.5-fd00::9', 'has ends of two address families'],
    ['10.0.0.5-', 'has a last address that is empty'],
    ['-10.0.0.5', 'has a first address that is empty'],
    ['-', 'has a first address that is empty'],
    ['10.0.0.5-9', 'has a last address that is a short or hexadecimal form; write four octets in decimal'],
    ['10.0.0.5-10.0.0.9-10.0.0.11', 'has more than one dash'],
    ['10.0.0.5-10.0.0.9/24', 'has a dash and a slash; write either first-last or a CIDR'],
    ['010.0.0.5-10.0.0.9', 'has a first address that has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010'],
    ['10.0.0.5-10.0.0.256', 'has a last address that has an octet above 255 (256)'],
    ['10.0.0.5\t-10.0.0.9', 'has a first address that has a tab (U+0009)'],
    ['10.0.0.5-10.0.0.9\n', 'has a last address that has a line break (U+000A)'],
    ['10.0.0.5-\u00a010.0.0.9', 'has a last address that has a no-break space (U+00A0)'],
    [' 10.0.0.5-10.0.0.9', 'has a first address that has a space (U+0020)'],
    ['10.0.0.5\u201310.0.0.9', 'has a character that no address has (U+2013)'],
    ['10.244.3.7/16', 'has host bits set for /16; write 10.244.0.0/16'],
    ['10.244.0.0/33', 'has a prefix length above 32'],
    ['::ffff:10.0.0.1', 'is IPv4-mapped; write 10.0.0.1'],
    ['::ffff:10.0.0.1-::ffff:10.0.0.9', 'has a first address that is IPv4-mapped; write 10.0.0.1'],
    ['::ffff:10.0.0.0/104', 'is an IPv4-mapped network; write 10.0.0.0/8'],
    ['fe80::1%eth0', 'has a zone; write the address without it'],
    ['1'.repeat(94), 'is longer than any range'],
  ])('%j', (text, message) => {
    expect(() => parseRange(text)).toThrow(NetSyntaxError)
    expect(() => parseRange(text)).toThrow(expect.objectContaining({ input: text, message }))
  })
})

test.each([
  ['10.0.0.2', '10.0.0.1'],
  ['10.0.0.1', '::a00:2'],
  ['::1', '10.0.0.1'],
])('there is no range from %s to %s', (first, last) => {
  expect(() => rangeBetween(parseAddress(first), parseAddress(last))).toThrow(RangeError)
})

describe('the fewest networks', () => {
  test.each([
    ['10.0.0.5', ['10.0.0.5/32']],
    ['10.0.0.0/24', ['10.0.0.0/24']],
    ['10.0.0.5-10.0.0.9', ['10.0.0.5/32', '10.0.0.6/31', '10.0.0.8/31']],
    [
      '10.0.0.1-10.0.0.254',
      [
        '10.0.0.1/32',
        '10.0.0.2/31',
        '10.0.0.4/30',
        '10.0.0.8/29',
        '10.0.0.16/28',
        '10.0.0.32/27',
        '10.0.0.64/26',
        '10.0.0.128/26',
        '10.0.0.192/27',
        '10.0.0.224/28',
        '10.0.0.240/29',
        '10.0.0.248/30',
        '10.0.0.252/31',
        '10.0.0.254/32',
      ],
    ],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['255.255.255.253-255.255.255.255', ['255.255.255.253/32', '255.255.255.254/31']],
    ['::-::2', ['::/127', '::2/128']],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffd-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffd/128', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127'],
    ],
  ])('%s', (text, expected) => expect([...cidrsOf(parseRange(text))].map(formatCidr)).toEqual(expected))

  test('are in order, without gap, and none could be joined with its neighbour or be larger', () => {
    fc.assert(
      fc.property(range, (whole) => {
        const parts = [...cidrsOf(whole)]
        expect([parts[0]?.base, parts.map(lastOf).at(-1)]).toEqual([whole.first, whole.last])
        const isAligned = (base: bigint, size: bigint) => base % size === 0n
        const wrong = parts.filter((part, i) => {
          const next = parts[i + 1]
          if (!isAligned(part.base, cidrSize(part))) return true
          if (next === undefined) return false
          return next.base !== lastOf(part) + 1n || (part.prefix === next.prefix && isAligned(part.base, 2n * cidrSize(part)))
        })
        expect(wrong).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('of a network are that network, for every prefix length', () => {
    fc.assert(
      fc.property(cidr, (any) => {
        expect(asCidr(rangeOf(any))).toEqual(any)
        expect([...cidrsOf(rangeOf(any))]).toEqual([any])
      }),
      { numRuns: 500 },
    )
    for (let prefix = 0; prefix <= 128; prefix++) expect(asCidr(rangeOf({ family: 6, base: 0n, prefix }))?.prefix).toBe(prefix)
  })
})

test('parsing the text of a range gives the range', () => {
  fc.assert(
    fc.property(range, (any) => {
      const hasMappedEnd = any.family === 6 && (any.first >> 32n === 0xffffn || any.last >> 32n === 0xffffn)
      if (!hasMappedEnd) expect(parseRange(formatRange(any))).toEqual(any)
    }),
    { numRuns: 500 },
  )
})

test('holding, covering and overlapping, at the ends and beyond', () => {
  const whole = parseRange('10.0.0.5-10.0.0.9')
  expect(['10.0.0.4', '10.0.0.5', '10.0.0.9', '10.0.0.10', '::a00:7'].map((text) => rangeHolds(whole, parseAddress(text)))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ])
  const others = [
    '10.0.0.1-10.0.0.4',
    '10.0.0.1-10.0.0.5',
    '10.0.0.5-10.0.0.9',
    '10.0.0.6-10.0.0.8',
    '10.0.0.9-10.0.0.12',
    '10.0.0.10',
    '::a00:5-::a00:9',
  ].map(parseRange)
  expect(others.map((other) => rangesOverlap(whole, other))).toEqual([false, true, true, true, true, false, false])
  expect(others.map((other) => rangesOverlap(other, whole))).toEqual([false, true, true, true, true, false, false])
  expect(others.map((other) => rangeCovers(whole, other))).toEqual([false, false, true, true, false, false, false])
})

test('the order is by family, first, then last', () => {
  const texts = ['0.0.0.0', '0.0.0.0/0', '10.0.0.1-10.0.0.2', '10.0.0.1-10.0.0.3', '255.255.255.255', '::', '::/0', 'fd00::']
  const shuffled = [5, 1, 7, 0, 3, 6, 2, 4].map((i) => parseRange(texts[i] ?? ''))
  expect(shuffled.sort(compareRanges).map(formatRange)).toEqual(texts)
  expect(compareRanges(rangeOfAddress(parseAddress('::1')), parseRange('::1'))).toBe(0)
})
