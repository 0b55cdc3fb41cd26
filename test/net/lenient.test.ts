// Reading live data: the same numbers that Kubernetes reads, and a note of what was odd.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress, formatCidr, readAddress, readCidr } from '../../src/net/index.ts'
import { address, cidr } from './arbitraries.ts'
import { addressText, cidrText } from './text-arbitraries.ts'

const ZEROS = 'leading zeros: octal or decimal?'
const MAPPED = 'IPv4-mapped IPv6 form'
const SPELLING = 'not in canonical text'

// The second column is what ParseIPSloppy of k8s.io/utils (20260210) printed for the text, except where a comment says so.
describe('addresses', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1', undefined],
    ['010.0.0.1', '10.0.0.1', ZEROS],
    ['0010.000.0.001', '10.0.0.1', ZEROS],
    [`${'0'.repeat(60)}10.0.0.1`, '10.0.0.1', ZEROS],
    ['fd00::1', 'fd00::1', undefined],
    ['FD00:0:0::1', 'fd00::1', SPELLING],
    ['fd00::0001', 'fd00::1', SPELLING],
    ['00001::1', '1::1', 'leading zeros'],
    ['fd00:00000::1', 'fd00::1', 'leading zeros'],
    ['::ffff:10.0.0.1', '10.0.0.1', MAPPED],
    ['::FFFF:a00:1', '10.0.0.1', MAPPED],
    ['::ffff:010.0.0.1', '10.0.0.1', `${ZEROS}, ${MAPPED}`],
    // Kubernetes refuses zones.
    ['fe80::1%eth0', 'fe80::1', 'has a zone'],
    ['fe80::0001%eth0', 'fe80::1', 'has a zone'],
    ['::ffff:10.0.0.1%eth0', '10.0.0.1', `has a zone, ${MAPPED}`],
    ['010.0.0.1%eth0', '10.0.0.1', `has a zone, ${ZEROS}`],
  ])('%s is %s, oddity: %s', (text, canonical, oddity) => {
    const read = readAddress(text)
    expect(read && { text: formatAddress(read.value), oddity: read.oddity }).toEqual({ text: canonical, oddity })
  })

  test.each([
    '',
    '10.0.0.256',
    '0x0a.0.0.1',
    '10.1',
    '::10000',
    '::010000',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '1::2::3',
    '10.0.0.1/32',
    '%eth0',
    'x%10.0.0.1',
    '0'.repeat(300),
  ])('%j is none', (text) => expect(readAddress(text)).toBeUndefined())
})

// The same for ParseCIDRSloppy.
describe('networks', () => {
  test.each([
    ['10.244.0.0/16', '10.244.0.0/16', undefined],
    ['0.0.0.0/0', '0.0.0.0/0', undefined],
    ['010.244.0.0/16', '10.244.0.0/16', ZEROS],
    ['10.244.3.7/16', '10.244.0.0/16', 'host bits set'],
    ['010.244.3.7/16', '10.244.0.0/16', `${ZEROS}, host bits set`],
    ['10.0.0.0/016', '10.0.0.0/16', ZEROS],
    ['010.0.0.0/016', '10.0.0.0/16', ZEROS],
    ['10.0.0.0/00', '0.0.0.0/0', `${ZEROS}, host bits set`],
    ['10.0.0.0/0000000016', '10.0.0.0/16', ZEROS],
    ['fd00::/48', 'fd00::/48', undefined],
    ['FD00::/48', 'fd00::/48', SPELLING],
    ['FD00::/048', 'fd00::/48', ZEROS],
    ['fd00:00001::/64', 'fd00:1::/64', 'leading zeros'],
    ['fd00::1/64', 'fd00::/64', 'host bits set'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8', MAPPED],
    ['::ffff:10.0.0.7/120', '10.0.0.0/24', `host bits set, ${MAPPED}`],
    ['::ffff:010.0.0.0/104', '10.0.0.0/8', `${ZEROS}, ${MAPPED}`],
    ['::ffff:0.0.0.0/96', '0.0.0.0/0', MAPPED],
    ['::ffff:10.0.0.0/90', '::ffc0:0:0/90', 'host bits set'],
    // Kubernetes refuses zones.
    ['fd00::1%eth0/64', 'fd00::/64', 'has a zone, host bits set'],
  ])('%s is %s, oddity: %s', (text, canonical, oddity) => {
    const read = readCidr(text)
    expect(read && { text: formatCidr(read.value), oddity: read.oddity }).toEqual({ text: canonical, oddity })
  })

  test.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/+8',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.256/8',
    '010.0.0.0/33',
    'FD00::/0129',
    '/8',
    `10.0.0.0/${'0'.repeat(300)}8`,
  ])('%j is none', (text) => expect(readCidr(text)).toBeUndefined())
})

test('canonical text is never odd, and an oddity is never silent', () => {
  fc.assert(
    fc.property(fc.oneof(address.map(formatAddress), addressText), (text) => {
      const read = readAddress(text)
      if (read !== undefined) expect(read.oddity === undefined).toBe(formatAddress(read.value) === text)
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(fc.oneof(cidr.map(formatCidr), cidrText), (text) => {
      const read = readCidr(text)
      if (read !== undefined) expect(read.oddity === undefined).toBe(formatCidr(read.value) === text)
    }),
    { numRuns: 1000 },
  )
})
