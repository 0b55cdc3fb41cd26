// Holding, first, last and size of networks and ranges against node:net BlockList, ipaddr.js, ip-address 10 and ip-cidr 4, with the known differences.

import { BlockList } from 'node:net'
import fc from 'fast-check'
import { Address4, Address6 } from 'ip-address'
import IPCIDR from 'ip-cidr'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import {
  type Address,
  type Cidr,
  cidrHolds,
  cidrSize,
  type Family,
  formatAddress,
  formatCidr,
  formatValue,
  lastOf,
  parseAddress,
  parseCidr,
  rangeHolds,
  sameAddress,
  unmapped,
} from '../../src/net/index.ts'
import { address, cidr, range } from './arbitraries.ts'

const kind = (family: Family): 'ipv4' | 'ipv6' => (family === 4 ? 'ipv4' : 'ipv6')

const inBlockList = (network: Cidr, member: Address): boolean => {
  const list = new BlockList()
  list.addSubnet(formatValue(network.family, network.base), network.prefix, kind(network.family))
  return list.check(formatAddress(member), kind(member.family))
}

const inIpaddr = (network: Cidr, member: Address): boolean => {
  const other = ipaddr.parse(formatAddress(member))
  const whole = ipaddr.parseCIDR(formatCidr(network))
  return other.kind() === whole[0].kind() && (other as ipaddr.IPv6).match(whole as [ipaddr.IPv6, number])
}

/** The types of this library know the two families apart, its code does not care. */
const parsed = (family: Family, text: string): Address6 => (family === 4 ? (new Address4(text) as unknown as Address6) : new Address6(text))

const inIpAddress = (network: Cidr, member: Address): boolean =>
  parsed(member.family, formatAddress(member)).isInSubnet(parsed(network.family, formatCidr(network)))

const inIpCidr = (network: Cidr, member: Address): boolean => new IPCIDR(formatCidr(network)).contains(formatAddress(member))

interface Peer {
  readonly name: string
  readonly theirs: (network: Cidr, member: Address) => boolean
  readonly known: Array<[network: string, member: string, theirs: boolean, why: string]>
}

const peers: readonly Peer[] = [
  {
    name: 'node:net BlockList',
    theirs: inBlockList,
    known: [
      ['10.0.0.0/8', '::ffff:10.0.0.1', true, 'an IPv4 rule also matches the IPv4-mapped address'],
      ['::/64', '10.0.0.1', true, 'and the other way round'],
    ],
  },
  { name: 'ipaddr.js match', theirs: inIpaddr, known: [] },
  { name: 'ip-address 10 isInSubnet', theirs: inIpAddress, known: [] },
  {
    name: 'ip-cidr 4 contains',
    theirs: inIpCidr,
    known: [
      ['0.0.0.0/0', '::1', true, 'the families are not compared'],
      ['::/0', '10.0.0.1', true, 'the families are not compared'],
      ['10.0.0.0/8', '::ffff:10.0.0.1', true, 'a dotted tail makes it IPv4'],
      ['::/8', '::ffff:10.0.0.1', false, 'a dotted tail makes it IPv4: seen as 10.0.0.1'],
    ],
  },
]

describe.each(peers)('$name', ({ theirs, known }) => {
  test.each(known)('%s holds %s: they say %s, because %s', (network, member, expected) => {
    const [whole, one] = [parseCidr(network), parseAddress(member)]
    expect(theirs(whole, one)).toBe(expected)
    expect(cidrHolds(whole, one)).toBe(!expected)
  })

  test('agrees within one family', () => {
    fc.assert(
      fc.property(cidr, address, fc.constantFrom('inside', 'beside', 'anywhere'), (network, other, where) => {
        const offset = other.value % cidrSize(network)
        const beside = where === 'beside' && lastOf(network) < (1n << (network.family === 4 ? 32n : 128n)) - 1n
        const value = beside ? lastOf(network) + 1n : network.base + offset
        const member = where === 'anywhere' && other.family === network.family ? other : { family: network.family, value }
        fc.pre(unmapped(member) === undefined && !formatCidr(network).includes('::ffff:'))
        expect(cidrHolds(network, member)).toBe(theirs(network, member))
      }),
      { numRuns: 400 },
    )
  })
})

test('BlockList agrees about ranges', () => {
  fc.assert(
    fc.property(range, address, fc.boolean(), (whole, other, near) => {
      const list = new BlockList()
      list.addRange(formatValue(whole.family, whole.first), formatValue(whole.family, whole.last), kind(whole.family))
      const member = { family: whole.family, value: near ? whole.last : other.family === whole.family ? other.value : whole.first }
      fc.pre(unmapped(member) === undefined)
      expect(rangeHolds(whole, member)).toBe(list.check(formatAddress(member), kind(member.family)))
    }),
    { numRuns: 400 },
  )
})

test('first, last and size agree with ip-address and ip-cidr', () => {
  fc.assert(
    fc.property(cidr, (network) => {
      const text = formatCidr(network)
      fc.pre(!(text.includes(':') && text.includes('.'))) // ip-cidr makes one IPv4 address of these, see peers.ts
      const [first, last] = [parsed(network.family, text).startAddress(), parsed(network.family, text).endAddress()]
      expect([first.bigInt(), last.bigInt()]).toEqual([network.base, lastOf(network)])
      const other = new IPCIDR(text)
      expect(other.size).toBe(cidrSize(network))
      // It writes IPv6 in full, not as RFC 5952 asks.
      expect(sameAddress(parseAddress(other.start<string>()), { family: network.family, value: network.base })).toBe(true)
      expect(sameAddress(parseAddress(other.end<string>()), { family: network.family, value: lastOf(network) })).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test('ip-cidr writes IPv6 in full', () => {
  expect(new IPCIDR('fd00::/64').start()).toBe('fd00:0000:0000:0000:0000:0000:0000:0000')
})
