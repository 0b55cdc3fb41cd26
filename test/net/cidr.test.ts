// Networks: strict parsing with its messages, holding and covering, order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AddressWithPrefix,
  bitsOf,
  blockSize,
  cidrCovers,
  cidrHolds,
  cidrSize,
  cidrsOverlap,
  compareCidrs,
  formatAddress,
  formatCidr,
  lastOf,
  NetSyntaxError,
  networkOf,
  parseAddress,
  parseAddressWithPrefix,
  parseCidr,
  tryAddressWithPrefix,
  tryCidr,
} from '../../src/net/index.ts'
import { address, cidr, maxOf } from './arbitraries.ts'

describe('accepted networks', () => {
  test.each([
    ['10.244.0.0/16', 4, 0x0af40000n, 16, '10.244.0.0/16', 65536n, '10.244.255.255'],
    ['0.0.0.0/0', 4, 0n, 0, '0.0.0.0/0', 1n << 32n, '255.255.255.255'],
    ['128.0.0.0/1', 4, 1n << 31n, 1, '128.0.0.0/1', 1n << 31n, '255.255.255.255'],
    ['10.0.0.2/31', 4, 0x0a000002n, 31, '10.0.0.2/31', 2n, '10.0.0.3'],
    ['255.255.255.255/32', 4, 0xffffffffn, 32, '255.255.255.255/32', 1n, '255.255.255.255'],
    ['::/0', 6, 0n, 0, '::/0', 1n << 128n, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['FD00:10:244::/56', 6, 0xfd0000100244n << 80n, 56, 'fd00:10:244::/56', 1n << 72n, 'fd00:10:244:ff:ffff:ffff:ffff:ffff'],
    ['fd00::2/127', 6, (0xfdn << 120n) | 2n, 127, 'fd00::2/127', 2n, 'fd00::3'],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
      6,
      maxOf(6),
      128,
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
      1n,
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128',
      6,
      maxOf(6),
      128,
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
      1n,
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ],
    ['::ffff:0:0:0/80', 6, 0xffffn << 48n, 80, '::ffff:0:0:0/80', 1n << 48n, '::ffff:ffff:ffff:ffff'],
  ] as const)('%s', (text, family, base, prefix, canonical, size, last) => {
    const parsed = parseCidr(text)
    expect(parsed).toEqual({ family, base, prefix })
    expect(tryCidr(text)).toEqual(parsed)
    expect(formatCidr(parsed)).toBe(canonical)
    expect(cidrSize(parsed)).toBe(size)
    expect(formatAddress({ family, value: lastOf(parsed) })).toBe(last)
  })
})

const above = (bits: number) => `has a prefix length above ${bits}`
const notPlain = (bits: number) => `has a prefix length that is not a plain decimal number; write one from 0 to ${bits}`
const nothing = (bits: number) => `has nothing after the slash; write a prefix length from 0 to ${bits}`
const LEADING_ZERO = 'has a prefix length with a leading zero; write it without'
const SHORT = 'is a short or hexadecimal form; write four octets in decimal'
const NETMASK = 'has a netmask after the slash; write a prefix length, such as /24 for 255.255.255.0'
const ZONE = 'has a zone; write the address without it'

describe('refused networks and what is said about them', () => {
  test.each([
    ['010.244.0.0/16', 'has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010'],
    // row 2
    ['10.244.3.7/16', 'has host bits set for /16; write 10.244.0.0/16'],
    ['10.0.0.1/31', 'has host bits set for /31; write 10.0.0.0/31'],
    ['10.0.0.0/0', 'has host bits set for /0; write 0.0.0.0/0'],
    ['fd00::1/127', 'has host bits set for /127; write fd00::/127'],
    ['FD00::1/64', 'has host bits set for /64; write fd00::/64'],
    ['::1/0', 'has host bits set for /0; write ::/0'],
    // row 3
    ['10.244.0.0/33', above(32)],
    ['10.244.0.0/128', above(32)],
    ['10.244.0.0/99999999999999999999', above(32)],
    ['10.244.0.0/-1', notPlain(32)],
    ['10.244.0.0/', nothing(32)],
    ['10.244.0.0/016', LEADING_ZERO],
    ['10.244.0.0/08', LEADING_ZERO],
    ['0.0.0.0/00', LEADING_ZERO],
    ['10.244.0.0/1e1', notPlain(32)],
    ['10.244.0.0/16abc', notPlain(32)],
    ['10.244.0.0/+16', notPlain(32)],
    ['10.244.0.0/16.0', notPlain(32)],
    ['10.244.0.0/0x10', notPlain(32)],
    ['10.244.0.0/24/24', notPlain(32)],
    ['10.244.0.0/255.255.0.0', NETMASK],
    ['fd00::/ffff:ffff::', NETMASK],
    ['10.244.0.0/16,fd00::/64', notPlain(32)],
    // row 4
    ['0x0a.0.0.0/8', SHORT],
    ['10.1/16', SHORT],
    ['167772160/8', SHORT],
    ['127.1/8', SHORT],
    // row 5
    ['\u0661\u0660.0.0.0/8', 'has a character that no address has (U+0661)'],
    ['10.0.0.0/\u0668', 'has a character that no address has (U+0668)'],
    ['10.0.0.0/8\u00a0', 'has a no-break space (U+00A0)'],
    ['\u00a010.0.0.0/8', 'has a no-break space (U+00A0)'],
    ['10.0.0.0/8\n', 'has a line break (U+000A)'],
    ['10.0.0.0/8\r\n', 'has a carriage return (U+000D)'],
    [' 10.0.0.0/8', 'has a space (U+0020)'],
    ['10.0.0.0/ 8', 'has a space (U+0020)'],
    ['10.0.0.0 /8', 'has a space (U+0020)'],
    ['10.0.0.0/8\u001b[0m', 'has an escape character (U+001B)'],
    ['\u001b]0;pwn\u000710.0.0.0/8', 'has an escape character (U+001B)'],
    // row 6
    ['fd00::1%eth0/64', ZONE],
    ['fd00::%1/64', ZONE],
    ['fd00::/048', LEADING_ZERO],
    ['fd00::/129', above(128)],
    ['fd00::/-1', notPlain(128)],
    ['fd00::/', nothing(128)],
    // row 7: ip-cidr makes one address of it
    ['::ffff:10.0.0.0/104', 'is an IPv4-mapped network; write 10.0.0.0/8'],
    ['::FFFF:a00:0/120', 'is an IPv4-mapped network; write 10.0.0.0/24'],
    ['::ffff:10.0.0.7/120', 'is an IPv4-mapped network; write 10.0.0.0/24'],
    ['::ffff:0.0.0.0/96', 'is an IPv4-mapped network; write 0.0.0.0/0'],
    ['::ffff:10.0.0.1/128', 'is an IPv4-mapped network; write 10.0.0.1/32'],
    ['::ffff:10.0.0.0/95', 'has host bits set for /95; write ::fffe:0:0/95'],
    // the rest
    ['', 'is empty'],
    ['/', 'has no address before the slash'],
    ['/16', 'has no address before the slash'],
    ['10.244.0.0', 'has no prefix length; add one, /32 for this address alone'],
    ['fd00::', 'has no prefix length; add one, /128 for this address alone'],
    ['pods', 'is not an IPv4 or IPv6 address'],
    ['10.0.0.256/8', 'has an octet above 255 (256)'],
    ['1'.repeat(46), 'is longer than any address'],
    ['1'.repeat(50), 'is longer than any CIDR'],
  ])('%j', (text, message) => {
    expect(tryCidr(text)).toBeUndefined()
    expect(() => parseCidr(text)).toThrow(NetSyntaxError)
    expect(() => parseCidr(text)).toThrow(expect.objectContaining({ input: text, message }))
  })

  test.each([
    ['10.244.3.7/16', '10.244.0.0/16'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  ])('%s: the suggestion %s can be used as it is', (text, suggestion) => {
    expect(() => parseCidr(text)).toThrow(expect.objectContaining({ suggestion }))
    expect(formatCidr(parseCidr(suggestion))).toBe(suggestion)
  })
})

describe('an address with its prefix length keeps the host bits', () => {
  test.each<[string, AddressWithPrefix]>([
    ['10.244.3.7/16', { address: { family: 4, value: 0x0af40307n }, prefix: 16 }],
    ['fd00::1/64', { address: { family: 6, value: (0xfdn << 120n) | 1n }, prefix: 64 }],
    ['::ffff:10.0.0.7/104', { address: { family: 6, value: 0xffff0a000007n }, prefix: 104 }],
  ])('%s', (text, expected) => expect(parseAddressWithPrefix(text)).toEqual(expected))

  test.each(['10.244.3.7', '10.244.3.7/33', '10.244.3.07/16', '10.244.3.7/16 '])('%j is refused', (text) => {
    expect(tryAddressWithPrefix(text)).toBeUndefined()
    expect(() => parseAddressWithPrefix(text)).toThrow(NetSyntaxError)
  })
})

test.each([
  [4, -1],
  [4, 33],
  [4, 1.5],
  [4, Number.NaN],
  [6, 129],
] as const)('IPv%i has no prefix length %s', (family, prefix) => {
  const message = `prefix length ${prefix} is not a whole number from 0 to ${bitsOf(family)}`
  expect(() => blockSize(family, prefix)).toThrow(new RangeError(message))
  expect(() => networkOf({ family, value: 0n }, prefix)).toThrow(new RangeError(message))
})

describe('holds, covers, overlaps', () => {
  test.each([
    ['10.0.0.0/8', '9.255.255.255', false],
    ['10.0.0.0/8', '10.0.0.0', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '::a00:0', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::', false],
    ['::/0', '0.0.0.0', false],
    ['::/0', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['255.255.255.255/32', '255.255.255.255', true],
    ['255.255.255.255/32', '255.255.255.254', false],
    ['fd00::/127', 'fd00::1', true],
    ['fd00::/127', 'fd00::2', false],
  ])('%s holds %s: %s', (network, text, expected) => expect(cidrHolds(parseCidr(network), parseAddress(text))).toBe(expected))

  test.each([
    ['10.0.0.0/8', '10.0.0.0/8', true, true],
    ['10.0.0.0/8', '10.255.255.0/24', true, true],
    ['10.255.255.0/24', '10.0.0.0/8', false, true],
    ['10.0.0.0/24', '10.0.1.0/24', false, false],
    ['10.0.0.0/8', '11.0.0.0/8', false, false],
    ['0.0.0.0/0', '255.255.255.255/32', true, true],
    ['0.0.0.0/0', '::/0', false, false],
    ['::/0', '10.0.0.0/8', false, false],
    ['::/96', '0.0.0.0/32', false, false],
    ['fd00::/8', 'fd00::/128', true, true],
  ])('%s covers %s: %s, overlaps: %s', (outer, inner, covers, overlaps) => {
    expect(cidrCovers(parseCidr(outer), parseCidr(inner))).toBe(covers)
    expect(cidrsOverlap(parseCidr(outer), parseCidr(inner))).toBe(overlaps)
    expect(cidrsOverlap(parseCidr(inner), parseCidr(outer))).toBe(overlaps)
  })
})

test('the order is by family, base, and the larger network first', () => {
  const texts = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/24', '10.0.1.0/24', '255.255.255.255/32', '::/0', '::/1', 'fd00::/8']
  const shuffled = [4, 7, 2, 0, 6, 1, 5, 3].map((i) => parseCidr(texts[i] ?? ''))
  expect(shuffled.sort(compareCidrs).map(formatCidr)).toEqual(texts)
  expect(compareCidrs(parseCidr('10.0.0.0/8'), parseCidr('10.0.0.0/8'))).toBe(0)
})

test('parsing the text of a network gives the network', () => {
  fc.assert(
    fc.property(cidr, (any) => {
      const isMapped = any.family === 6 && any.prefix >= 96 && any.base >> 32n === 0xffffn
      expect(tryCidr(formatCidr(any))).toEqual(isMapped ? undefined : any)
    }),
    { numRuns: 1000 },
  )
})

test('a network holds an address exactly when the bits under the mask are equal', () => {
  fc.assert(
    fc.property(cidr, address, fc.boolean(), (network, other, inside) => {
      const value = inside ? network.base + (other.value % cidrSize(network)) : other.value
      const family = inside ? network.family : other.family
      const mask = maxOf(network.family) - (cidrSize(network) - 1n)
      expect(cidrHolds(network, { family, value })).toBe(family === network.family && (value & mask) === network.base)
      if (family === network.family) {
        const own = networkOf({ family, value }, network.prefix)
        expect(own.base).toBe(value & mask)
        expect(cidrHolds(own, { family, value })).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
})

test('covering and overlapping agree with first and last addresses', () => {
  fc.assert(
    fc.property(cidr, cidr, fc.integer({ min: 0, max: 128 }), fc.boolean(), (a, other, prefix, near) => {
      const b = near ? networkOf({ family: a.family, value: lastOf(a) }, Math.min(prefix, bitsOf(a.family))) : other
      const same = a.family === b.family
      expect(cidrCovers(a, b)).toBe(same && a.base <= b.base && lastOf(b) <= lastOf(a))
      expect(cidrsOverlap(a, b)).toBe(same && a.base <= lastOf(b) && b.base <= lastOf(a))
    }),
    { numRuns: 1000 },
  )
})
