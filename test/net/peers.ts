// Other readers of addresses and networks, and where they are known to differ from ours, with the reason.

import { isIPv4, isIPv6 } from 'node:net'
import type fc from 'fast-check'
import { Address4, Address6 } from 'ip-address'
import IPCIDR from 'ip-cidr'
import ipaddr from 'ipaddr.js'
import { formatAddress, tryAddress, tryAddressWithPrefix } from '../../src/net/index.ts'
import { addressText, cidrText } from './text-arbitraries.ts'

/** What a reader makes of a text, in words that can be compared; undefined when it refuses the text. */
type Reader = (text: string) => string | undefined

interface Known {
  readonly why: string
  /** Texts that the difference is about. */
  readonly about: (text: string) => boolean
  readonly examples: ReadonlyArray<readonly [text: string, ours: string | undefined, theirs: string | undefined]>
}

interface Peer {
  readonly name: string
  readonly ours: Reader
  readonly theirs: Reader
  readonly texts: fc.Arbitrary<string>
  readonly known: readonly Known[]
}

const trying =
  (read: Reader): Reader =>
  (text) => {
    try {
      return read(text)
    } catch {
      return undefined
    }
  }

const address: Reader = (text) => {
  const read = tryAddress(text)
  return read && `IPv${read.family} ${formatAddress(read)}`
}

const network: Reader = (text) => {
  const read = tryAddressWithPrefix(text)
  return read && `IPv${read.address.family} ${read.address.value} /${read.prefix}`
}

const bigintOf = (bytes: readonly number[]): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)

const hasZone = (text: string): boolean => text.includes('%')
const hasZeroPrefix = (text: string): boolean => /\/0\d/.test(text)
const isDottedV6 = (text: string): boolean => text.includes(':') && text.includes('.')
const isMapped = (text: string): boolean => address(text)?.startsWith('IPv6 ::ffff:') === true

const IN_OCTET = '(0x[\\da-f]*|\\d+)'
const isInetAton = (text: string): boolean => new RegExp(`^${IN_OCTET}(\\.${IN_OCTET}){0,3}(/.*)?$`, 'i').test(text)

const ZERO_PREFIX = 'A prefix length with a leading zero is refused as an octet with one is: octal or decimal?'
const ZONE = 'A zone means something on one machine only, and texts with different zones may be one address (CVE-2026-30827).'
const INET_ATON = 'It reads IPv4 as inet_aton of C does: octal after 0, hexadecimal after 0x, fewer than four parts (CVE-2021-29923).'
const MAPPED = 'RFC 5952 section 5 recommends a dotted tail for IPv4-mapped addresses; it writes hexadecimal. The number is the same.'

export const peers: readonly Peer[] = [
  {
    name: 'node:net isIPv4 and isIPv6',
    ours: (text) => tryAddress(text) && `IPv${tryAddress(text)?.family}`,
    theirs: (text) => (isIPv4(text) ? 'IPv4' : isIPv6(text) ? 'IPv6' : undefined),
    texts: addressText,
    known: [{ why: ZONE, about: hasZone, examples: [['fe80::1%eth0', undefined, 'IPv6']] }],
  },
  {
    name: 'ipaddr.js parse',
    ours: address,
    theirs: trying((text) => {
      const read = ipaddr.parse(text)
      return read.kind() === 'ipv4' ? `IPv4 ${read.toString()}` : `IPv6 ${(read as ipaddr.IPv6).toRFC5952String()}`
    }),
    texts: addressText,
    known: [
      {
        why: INET_ATON,
        about: (text) => address(text) === undefined && isInetAton(text),
        examples: [
          ['010.0.0.1', undefined, 'IPv4 8.0.0.1'],
          ['0x0a.0.0.1', undefined, 'IPv4 10.0.0.1'],
          ['10.1', undefined, 'IPv4 10.0.0.1'],
          ['167772161', undefined, 'IPv4 10.0.0.1'],
        ],
      },
      {
        why: 'In the dotted tail of IPv6 it takes other forms than alone: a leading zero is decimal there. ::a.b.c.d becomes ::ffff:a.b.c.d.',
        about: isDottedV6,
        examples: [
          ['::ffff:010.0.0.1', undefined, 'IPv6 ::ffff:a00:1'],
          ['::ffff:0x10.0.0.1', undefined, 'IPv6 ::ffff:1000:1'],
          ['::10.0.0.1', 'IPv6 ::a00:1', 'IPv6 ::ffff:a00:1'],
        ],
      },
      { why: ZONE, about: hasZone, examples: [['fe80::1%eth0', undefined, 'IPv6 fe80::1%eth0']] },
      { why: MAPPED, about: isMapped, examples: [['::ffff:a00:1', 'IPv6 ::ffff:10.0.0.1', 'IPv6 ::ffff:a00:1']] },
    ],
  },
  {
    name: 'ip-address 10',
    ours: address,
    theirs: trying((text) => (text.includes(':') ? `IPv6 ${new Address6(text).correctForm()}` : `IPv4 ${new Address4(text).correctForm()}`)),
    texts: addressText,
    known: [
      { why: `${ZONE} It drops it.`, about: hasZone, examples: [['fe80::1%eth0', undefined, 'IPv6 fe80::1']] },
      {
        why: 'It takes an address with a prefix length for an address.',
        about: (text) => text.includes('/'),
        examples: [
          ['10.0.0.1/24', undefined, 'IPv4 10.0.0.1'],
          ['::1/64', undefined, 'IPv6 ::1'],
        ],
      },
      { why: MAPPED, about: isMapped, examples: [['::ffff:10.0.0.1', 'IPv6 ::ffff:10.0.0.1', 'IPv6 ::ffff:a00:1']] },
    ],
  },
  {
    name: 'ipaddr.js parseCIDR',
    ours: network,
    theirs: trying((text) => {
      const [read, prefix] = ipaddr.parseCIDR(text)
      return `IPv${read.kind() === 'ipv4' ? 4 : 6} ${bigintOf(read.toByteArray())} /${prefix}`
    }),
    texts: cidrText,
    known: [
      { why: ZERO_PREFIX, about: hasZeroPrefix, examples: [['10.0.0.0/08', undefined, 'IPv4 167772160 /8']] },
      { why: ZONE, about: hasZone, examples: [['::1%eth0/64', undefined, 'IPv6 1 /64']] },
      { why: INET_ATON, about: (text) => network(text) === undefined && isInetAton(text), examples: [['10.1/16', undefined, 'IPv4 167772161 /16']] },
      { why: '::a.b.c.d and odd octets, as above.', about: isDottedV6, examples: [['::0.0.0.1/64', 'IPv6 1 /64', 'IPv6 281470681743361 /64']] },
    ],
  },
  {
    name: 'ip-address 10 with a prefix length',
    ours: network,
    theirs: trying((text) => {
      const read = text.includes(':') ? new Address6(text) : new Address4(text)
      return `IPv${text.includes(':') ? 6 : 4} ${read.bigInt()} /${read.subnetMask}`
    }),
    texts: cidrText,
    known: [
      { why: ZERO_PREFIX, about: hasZeroPrefix, examples: [['10.0.0.0/08', undefined, 'IPv4 167772160 /8']] },
      { why: `${ZONE} It drops it.`, about: hasZone, examples: [['::1%eth0/64', undefined, 'IPv6 1 /64']] },
    ],
  },
  {
    name: 'ip-cidr 4',
    ours: network,
    theirs: trying((text) => {
      const read = new IPCIDR(text).address
      return `IPv${read.v4 ? 4 : 6} ${read.bigInteger()} /${read.subnetMask}`
    }),
    texts: cidrText,
    known: [
      { why: ZERO_PREFIX, about: hasZeroPrefix, examples: [['10.0.0.0/08', undefined, 'IPv4 167772160 /8']] },
      { why: `${ZONE} It drops it.`, about: hasZone, examples: [['::1%eth0/64', undefined, 'IPv6 1 /64']] },
      {
        why: 'It makes one IPv4 address of any IPv6 network with a dotted tail: the prefix length is lost, and 16,777,216 addresses become 1.',
        about: isDottedV6,
        examples: [
          ['::ffff:10.0.0.0/104', 'IPv6 281470849515520 /104', 'IPv4 167772160 /32'],
          ['1::10.0.0.0/104', 'IPv6 5192296858534827628530496496992256 /104', 'IPv4 167772160 /32'],
        ],
      },
      {
        why: 'It does not look for a second slash.',
        about: (text) => /\/.*\//.test(text),
        examples: [['/1::/6', undefined, 'IPv6 0 /6']],
      },
    ],
  },
]
