// One range: host-local's defaults, refusals and silent mistakes.
import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { usableCount } from '../../../src/systems/cni/usable-count.ts'
import { at, FILE, hostLocal, oneRange, problems, ranges } from './configurations.ts'

// Numbers observed with the real plugin.
test.each([
  [{ subnet: '10.22.5.0/30' }, 1n],
  [{ subnet: '10.22.5.0/29' }, 5n],
  [{ subnet: '10.22.5.0/24' }, 253n],
  [{ subnet: 'fd00::/126' }, 2n],
  [{ subnet: '10.22.5.0/29', gateway: '10.22.99.1' }, 6n],
  [{ subnet: '10.22.5.0/29', rangeStart: '10.22.5.0', rangeEnd: '10.22.5.7' }, 7n],
])('usable addresses of %j are %d', (range, count) => {
  const read = readConfiguration(oneRange(range), FILE).networks[0]?.ranges[0]
  expect(read && usableCount(read)).toBe(count)
})

test.each<[string, object, string[]]>([
  [
    'the legacy range alone',
    { subnet: '10.1.0.0/24', rangeStart: '10.1.0.10', rangeEnd: '10.1.0.20', gateway: '10.1.0.254' },
    ['0:10.1.0.10-10.1.0.20 gw 10.1.0.254 of 10.1.0.0/24'],
  ],
  [
    'the legacy range in front of ranges',
    { subnet: '10.1.0.0/24', ranges: [[{ subnet: '10.2.0.0/24' }]] },
    ['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24', '1:10.2.0.1-10.2.0.254 gw 10.2.0.1 of 10.2.0.0/24'],
  ],
  [
    'two slices of one subnet in one set',
    {
      ranges: [
        [
          { subnet: '10.1.0.0/24', rangeEnd: '10.1.0.9' },
          { subnet: '10.1.0.0/24', rangeStart: '10.1.0.20', rangeEnd: '10.1.0.29' },
        ],
      ],
    },
    ['0:10.1.0.1-10.1.0.9 gw 10.1.0.1 of 10.1.0.0/24', '0:10.1.0.20-10.1.0.29 gw 10.1.0.1 of 10.1.0.0/24'],
  ],
  [
    'null and empty bounds as absent, as Go does',
    { ranges: [[{ subnet: '10.1.0.0/24', rangeStart: null, rangeEnd: '', gateway: null }]] },
    ['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'],
  ],
  [
    'keys in any case, as Go does',
    { Ranges: [[{ SUBNET: '10.1.0.0/24', rangestart: '10.1.0.5' }]] },
    ['0:10.1.0.5-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'],
  ],
  [
    'the exact key before one in another case',
    { ranges: [[{ subnet: '10.1.0.0/24', Subnet: '10.9.0.0/24' }]] },
    ['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'],
  ],
  ['an IPv6 subnet in capitals', { ranges: [[{ subnet: 'FD00:0:0::/120' }]] }, ['0:fd00::1-fd00::ff gw fd00::1 of fd00::/120']],
])('accepts without a word: %s', (_, ipam, expected) => {
  const reading = readConfiguration(hostLocal(ipam), FILE)
  expect(reading.problems).toEqual([])
  expect(ranges(reading.networks[0])).toEqual(expected)
})

test.each<[string, object, string]>([
  [
    'a gateway outside the subnet',
    { subnet: '10.22.14.0/29', gateway: '192.168.1.1' },
    'note: gateway 192.168.1.1 lies outside its subnet 10.22.14.0/29',
  ],
  ['the network address', { subnet: '10.1.0.0/24', rangeStart: '10.1.0.0' }, 'note: the range includes the network address 10.1.0.0'],
  ['the broadcast address', { subnet: '10.1.0.0/24', rangeEnd: '10.1.0.255' }, 'note: the range includes the broadcast address 10.1.0.255'],
  [
    'an IPv4-mapped bound',
    { subnet: '10.1.0.0/24', rangeStart: '::ffff:10.1.0.9' },
    'ambiguous: rangeStart "::ffff:10.1.0.9" is 10.1.0.9 in IPv4-mapped form',
  ],
  ['a zero in front of the prefix length', { subnet: '10.1.0.0/024' }, 'ambiguous: subnet "10.1.0.0/024" has a leading zero in its prefix length'],
])('accepts with a remark: %s', (_, range, expected) => {
  const [kind, ...message] = expected.split(': ')
  expect(problems(oneRange(range))).toEqual([`${kind}: ${at(`range set 0: ${message.join(': ')}`)}`])
  expect(readConfiguration(oneRange(range), FILE).networks[0]?.ranges).toHaveLength(1)
})

describe('ranges that host-local refuses or misuses', () => {
  test.each<[string, object, string, string[]]>([
    [
      'host bits',
      { subnet: '10.244.1.7/24' },
      'subnet "10.244.1.7/24": host bits set; write 10.244.1.0/24',
      ['0:10.244.1.1-10.244.1.254 gw 10.244.1.1 of 10.244.1.0/24'],
    ],
    [
      'leading zeros',
      { subnet: '010.244.1.0/24' },
      'subnet "010.244.1.0/24": leading zeros: octal or decimal?; write 10.244.1.0/24',
      ['0:10.244.1.1-10.244.1.254 gw 10.244.1.1 of 10.244.1.0/24'],
    ],
    [
      'an IPv4-mapped subnet',
      { subnet: '::ffff:10.1.0.0/120' },
      'subnet "::ffff:10.1.0.0/120": IPv4-mapped IPv6 form; write 10.1.0.0/24',
      ['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'],
    ],
    ['an address without prefix', { subnet: '10.1.0.0' }, 'subnet "10.1.0.0" is not a network such as 10.244.1.0/24', []],
    ['a number for a subnet', { subnet: 7 }, 'subnet 7 is not a network such as 10.244.1.0/24', []],
    ['no subnet', { rangeStart: '10.1.0.5' }, 'has no subnet', []],
    ['a /31', { subnet: '10.1.0.0/31' }, 'subnet "10.1.0.0/31" is too small: host-local needs a /30 or larger', []],
    [
      'a /32 with host bits of the wider network',
      { subnet: '10.1.0.5/32' },
      'subnet "10.1.0.5/32" is too small: host-local needs a /30 or larger',
      [],
    ],
    ['a /127', { subnet: 'fd00::/127' }, 'subnet "fd00::/127" is too small: host-local needs a /126 or larger', []],
    ['start outside', { subnet: '10.1.0.0/24', rangeStart: '10.1.1.5' }, 'rangeStart 10.1.1.5 lies outside its subnet 10.1.0.0/24', []],
    ['end outside', { subnet: '10.1.0.0/24', rangeEnd: '10.1.1.5' }, 'rangeEnd 10.1.1.5 lies outside its subnet 10.1.0.0/24', []],
    ['start of the other family', { subnet: '10.1.0.0/24', rangeStart: 'fd00::5' }, 'rangeStart fd00::5 lies outside its subnet 10.1.0.0/24', []],
    [
      'start after end',
      { subnet: '10.1.0.0/24', rangeStart: '10.1.0.9', rangeEnd: '10.1.0.5' },
      'range 10.1.0.9-10.1.0.5 of subnet 10.1.0.0/24 starts after it ends',
      [],
    ],
    [
      'start after the default end, which host-local accepts',
      { subnet: '10.22.15.0/30', rangeStart: '10.22.15.3' },
      'range 10.22.15.3-10.22.15.2 of subnet 10.22.15.0/30 starts after it ends; host-local would hand out addresses outside the subnet',
      [],
    ],
    [
      'end before the default start',
      { subnet: '10.1.0.0/24', rangeEnd: '10.1.0.0' },
      'range 10.1.0.1-10.1.0.0 of subnet 10.1.0.0/24 starts after it ends',
      [],
    ],
    [
      'the gateway as the only address',
      { subnet: '10.1.0.0/24', rangeEnd: '10.1.0.1' },
      'the only address of 10.1.0.1-10.1.0.1 is the gateway, so none can be handed out',
      ['0:10.1.0.1-10.1.0.1 gw 10.1.0.1 of 10.1.0.0/24'],
    ],
    [
      'a bound that is no address',
      { subnet: '10.1.0.0/24', rangeStart: 'ten' },
      'rangeStart "ten" is not an address',
      ['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'],
    ],
    [
      'a bound with leading zeros',
      { subnet: '10.1.0.0/24', rangeStart: '10.1.0.010' },
      'rangeStart "10.1.0.010" leading zeros: octal or decimal?',
      ['0:10.1.0.10-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'],
    ],
    [
      'a gateway with a zone',
      { subnet: 'fd00::/120', gateway: 'fd00::1%eth0' },
      'gateway "fd00::1%eth0" has a zone',
      ['0:fd00::1-fd00::ff gw fd00::1 of fd00::/120'],
    ],
    ['a literal that only Calico replaces', { subnet: 'usePodCidr' }, 'only Calico replaces "usePodCidr"; write the subnet', []],
  ])('%s', (_, range, message, kept) => {
    expect(problems(oneRange(range))).toEqual([`wrong-range: ${at(`range set 0: ${message}`)}`])
    expect(ranges(readConfiguration(oneRange(range), FILE).networks[0])).toEqual(kept)
  })
})
