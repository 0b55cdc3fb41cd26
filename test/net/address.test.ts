// Addresses: what is accepted, what is refused and with which words, canonical text, order and keys.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressFault,
  addressKey,
  compareAddresses,
  formatAddress,
  NetSyntaxError,
  parseAddress,
  sameAddress,
  tryAddress,
  unmapped,
} from '../../src/net/index.ts'
import { address } from './arbitraries.ts'

describe('accepted text and its canonical form (RFC 5952)', () => {
  test.each([
    ['0.0.0.0', 4, 0n, '0.0.0.0'],
    ['10.244.3.7', 4, 0x0af40307n, '10.244.3.7'],
    ['127.0.0.1', 4, 0x7f000001n, '127.0.0.1'],
    ['128.0.0.0', 4, 0x80000000n, '128.0.0.0'],
    ['255.255.255.255', 4, 0xffffffffn, '255.255.255.255'],
    ['::', 6, 0n, '::'],
    ['0:0:0:0:0:0:0:0', 6, 0n, '::'],
    ['::1', 6, 1n, '::1'],
    ['1::', 6, 1n << 112n, '1::'],
    ['FD00:0:0::00aB', 6, (0xfdn << 120n) | 0xabn, 'fd00::ab'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 6, (1n << 128n) - 1n, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', 6, (1n << 128n) - 1n, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['1:2:3:4:5:6:1.2.3.4', 6, 0x00010002000300040005000601020304n, '1:2:3:4:5:6:102:304'],
    ['64:ff9b::192.0.2.33', 6, (0x64ff9bn << 96n) | 0xc0000221n, '64:ff9b::c000:221'],
    ['::10.0.0.1', 6, 0x0a000001n, '::a00:1'],
    ['::ffff:10.0.0.1', 6, 0xffff0a000001n, '::ffff:10.0.0.1'],
    ['::FFFF:a00:1', 6, 0xffff0a000001n, '::ffff:10.0.0.1'],
    ['::ffff:0.0.0.0', 6, 0xffff00000000n, '::ffff:0.0.0.0'],
    ['::fffe:0:0', 6, 0xfffe00000000n, '::fffe:0:0'],
    ['0:0:0:0:1:ffff:0:0', 6, 0x1ffff00000000n, '::1:ffff:0:0'],
    // RFC 5952 section 4.2: at least two groups, the longest run, the first on a tie.
    ['2001:db8:0:1:1:1:1:1', 6, 0x20010db8000000010001000100010001n, '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', 6, 0x20010db8000000010001000100010001n, '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', 6, 0x20010000000000010000000000000001n, '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', 6, 0x20010db8000000000001000000000001n, '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n, '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', 6, 0x00000002000300040005000600070008n, '0:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6::', 6, 0x00010002000300040005000600000000n, '1:2:3:4:5:6::'],
    ['::3:4:5:6:7:8', 6, 0x00000000000300040005000600070008n, '::3:4:5:6:7:8'],
  ] as const)('%s', (text, family, value, canonical) => {
    expect(parseAddress(text)).toEqual({ family, value })
    expect(formatAddress({ family, value })).toBe(canonical)
  })
})

const SHORT = 'is a short or hexadecimal form; write four octets in decimal'
const NOT_V6 = 'is not an IPv6 address: eight groups of one to four hexadecimal digits, where one run of zero groups may be "::"'
const NEITHER = 'is not an IPv4 or IPv6 address'

describe('refused text and what is said about it', () => {
  test.each([
    ['', 'is empty'],
    ['010.244.0.1', 'has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010'],
    ['10.0.0.08', 'has an octet with a leading zero: octal or decimal? Write 8 for 08'],
    ['10.0.0.00', 'has an octet with a leading zero: octal or decimal? Write 0 for 00'],
    ['::ffff:010.0.0.1', 'has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010'],
    ['10.0.0.256', 'has an octet above 255 (256)'],
    ['1000.0.0.1', 'has an octet above 255 (1000)'],
    ['0x0a.0.0.1', SHORT],
    ['0X0A.0.0.1', SHORT],
    ['10.1', SHORT],
    ['127.1', SHORT],
    ['167772161', SHORT],
    ['0x0a000001', SHORT],
    ['10', SHORT],
    ['10.0.0.1.1', NEITHER],
    ['10.0.0.', NEITHER],
    ['.10.0.0.1', NEITHER],
    ['10..0.1', NEITHER],
    ['1e1.0.0.1', NEITHER],
    ['-1.0.0.1', NEITHER],
    ['+1.0.0.1', NEITHER],
    ['10.0.0.1/24', NEITHER],
    ['10.0.0.1:80', NOT_V6],
    ['node-1', NEITHER],
    [' 10.0.0.1', 'has a space (U+0020)'],
    ['10.0.0.1 ', 'has a space (U+0020)'],
    ['10.0.0.1\n', 'has a line break (U+000A)'],
    ['10.0.0.1\r', 'has a carriage return (U+000D)'],
    ['10.0.0.1\t', 'has a tab (U+0009)'],
    ['10.0.0.1\u00a0', 'has a no-break space (U+00A0)'],
    ['\u001b[31m10.0.0.1', 'has an escape character (U+001B)'],
    ['\ufeff10.0.0.1', 'has a byte order mark (U+FEFF)'],
    ['10.0.0.\u0000', 'has a character that no address has (U+0000)'],
    ['\u0661\u0660.0.0.1', 'has a character that no address has (U+0661)'],
    ['\uff11\uff10.0.0.1', 'has a character that no address has (U+FF11)'],
    ['10.0.0\u30021', 'has a character that no address has (U+3002)'],
    ['\u{1d7cf}0.0.0.1', 'has a character that no address has (U+1D7CF)'],
    ['fe80::1%eth0', 'has a zone; write the address without it'],
    ['fe80::1%', 'has a zone; write the address without it'],
    ['::1::2', NOT_V6],
    [':::', NOT_V6],
    [':', NOT_V6],
    [':1', NOT_V6],
    ['1:', NOT_V6],
    [':1::', NOT_V6],
    ['1::2:', NOT_V6],
    ['1:2:3:4:5:6:7', NOT_V6],
    ['1:2:3:4:5:6:7:8:9', NOT_V6],
    ['1:2:3:4:5:6:7:8::', NOT_V6],
    ['::1:2:3:4:5:6:7:8', NOT_V6],
    ['1:2:3:4::5:6:7:8', NOT_V6],
    ['00001::1', NOT_V6],
    ['::12345', NOT_V6],
    ['::g', NOT_V6],
    ['::1.2.3', NOT_V6],
    ['::1.2.3.4.5', NOT_V6],
    ['::1.2.3.4:5', NOT_V6],
    ['1:2:3:4:5:6:7:1.2.3.4', NOT_V6],
    ['1:2:3:4:5:1.2.3.4', NOT_V6],
    ['::a.0.0.1', NOT_V6],
    ['[::1]', NOT_V6],
    ['1'.repeat(46), 'is longer than any address'],
  ])('%j', (text, reason) => {
    expect(tryAddress(text)).toBeUndefined()
    expect(addressFault(text)).toBe(reason)
    expect(() => parseAddress(text)).toThrow(new NetSyntaxError(text, reason))
  })
})

test('a syntax error carries the input untouched and keeps it out of the message', () => {
  const error = new NetSyntaxError('\u001b[2J', 'is odd', '10.0.0.0/8')
  expect(error).toMatchObject({
    name: 'NetSyntaxError',
    input: '\u001b[2J',
    reason: 'is odd',
    suggestion: '10.0.0.0/8',
    message: 'is odd; write 10.0.0.0/8',
  })
  expect(new NetSyntaxError('x', 'is odd')).toMatchObject({ message: 'is odd', suggestion: undefined })
})

test('0.0.0.0 is not ::, and 10.0.0.1 is not ::ffff:10.0.0.1 until it is unmapped', () => {
  expect(sameAddress(parseAddress('0.0.0.0'), parseAddress('::'))).toBe(false)
  expect(addressKey(parseAddress('0.0.0.1'))).not.toBe(addressKey(parseAddress('::1')))
  const mapped = parseAddress('::ffff:10.0.0.1')
  expect(sameAddress(mapped, parseAddress('10.0.0.1'))).toBe(false)
  expect(unmapped(mapped)).toEqual(parseAddress('10.0.0.1'))
  expect(unmapped(parseAddress('::ffff:255.255.255.255'))).toEqual(parseAddress('255.255.255.255'))
})

test.each(['10.0.0.1', '::10.0.0.1', '::fffe:10.0.0.1', '::1:ffff:10.0.0.1', '1::ffff:10.0.0.1'])('%s is not IPv4-mapped', (text) => {
  expect(unmapped(parseAddress(text))).toBeUndefined()
})

test('the order is IPv4 first, then by number', () => {
  const texts = ['0.0.0.0', '9.0.0.0', '10.0.0.0', '255.255.255.255', '::', '::1', '::ffff:9.0.0.0', 'fd00::']
  const shuffled = [6, 2, 7, 0, 5, 3, 1, 4].map((i) => parseAddress(texts[i] ?? ''))
  expect(shuffled.sort(compareAddresses).map(formatAddress)).toEqual(texts)
  expect(compareAddresses(parseAddress('::1'), parseAddress('0:0::1'))).toBe(0)
})

test('parsing the text of an address gives the address, and the text is canonical', () => {
  fc.assert(
    fc.property(address, (any) => {
      const text = formatAddress(any)
      expect(parseAddress(text)).toEqual(any)
      expect(text).toBe(text.toLowerCase())
      if (any.family === 4) expect(text).toMatch(/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/)
      else expect(text).not.toMatch(/(^|:)0[\da-f]|:::|::.*::/)
    }),
    { numRuns: 1000 },
  )
})

test('two addresses have one text, one key and compare as zero exactly when they are the same', () => {
  fc.assert(
    fc.property(fc.tuple(address, address), fc.boolean(), ([a, other], same) => {
      const b = same ? { ...a } : other
      const equal = a.family === b.family && a.value === b.value
      expect(sameAddress(a, b)).toBe(equal)
      expect(formatAddress(a) === formatAddress(b)).toBe(equal)
      expect(addressKey(a) === addressKey(b)).toBe(equal)
      expect(compareAddresses(a, b) === 0).toBe(equal)
      expect(Math.sign(compareAddresses(a, b))).toBe(0 - Math.sign(compareAddresses(b, a)))
    }),
  )
})

test('any spelling of the groups is read as the same address', () => {
  const group = fc.integer({ min: 0, max: 0xffff })
  const spelled = fc.tuple(group, fc.integer({ min: 1, max: 4 }), fc.boolean()).map(([value, width, upper]) => {
    const text = value.toString(16).padStart(width, '0')
    return { value, text: upper ? text.toUpperCase() : text }
  })
  fc.assert(
    fc.property(fc.array(spelled, { minLength: 8, maxLength: 8 }), (groups) => {
      const value = groups.reduce((sum, each) => (sum << 16n) | BigInt(each.value), 0n)
      expect(parseAddress(groups.map((each) => each.text).join(':'))).toEqual({ family: 6, value })
    }),
  )
})
