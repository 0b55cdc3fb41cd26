import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NodeNetwork } from '../../../src/model/node-state.ts'
import { formatAddress, formatCidr, formatValue } from '../../../src/net/index.ts'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { usableCount } from '../../../src/systems/cni/usable-count.ts'

const FILE = 'etc/cni/net.d/10-pods.conflist'

const chain = (...plugins: unknown[]): string => JSON.stringify({ cniVersion: '1.0.0', name: 'pods', plugins })
const bridge = (ipam: unknown, more: object = {}) => ({ type: 'bridge', bridge: 'cni0', isGateway: true, ...more, ipam })
const hostLocal = (ipam: object) => chain(bridge({ type: 'host-local', ...ipam }))
const oneRange = (range: object) => hostLocal({ ranges: [[range]] })

/** Ranges as short text: set:first-last gw gateway of subnet. */
const ranges = (network: NodeNetwork | undefined): string[] =>
  (network?.ranges ?? []).map(({ set, range, gateway, subnet }) => {
    const bounds = `${formatValue(range.family, range.first)}-${formatValue(range.family, range.last)}`
    return `${set}:${bounds} gw ${formatAddress(gateway)} of ${formatCidr(subnet)}`
  })
const problems = (text: string, file = FILE) => readConfiguration(text, file).problems.map(({ kind, message }) => `${kind}: ${message}`)
const at = (rest: string) => `${FILE}: network "pods": ${rest}`

describe('a bridge with host-local', () => {
  const reading = readConfiguration(hostLocal({ ranges: [[{ subnet: '10.244.1.0/24' }], [{ subnet: 'fd00:10:244:1::/64' }]] }), FILE)
  test('reads name, version, types and the network', () => {
    expect(reading).toMatchObject({
      file: FILE,
      name: 'pods',
      cniVersion: '1.0.0',
      type: 'bridge',
      plugins: ['bridge'],
      problems: [],
      error: undefined,
    })
    const { ranges: _, ...network } = reading.networks[0] as NodeNetwork
    const plain = { name: 'pods', file: FILE, order: 0, type: 'bridge', ipam: 'host-local', dataDir: '/var/lib/cni/networks' }
    expect(network).toEqual({ ...plain, rangesFromNode: false, sharedSegment: false })
    expect(reading.networks).toHaveLength(1)
  })
  test('fills in the defaults of both families', () => {
    expect(ranges(reading.networks[0])).toEqual([
      '0:10.244.1.1-10.244.1.254 gw 10.244.1.1 of 10.244.1.0/24',
      '1:fd00:10:244:1::1-fd00:10:244:1:ffff:ffff:ffff:ffff gw fd00:10:244:1::1 of fd00:10:244:1::/64',
    ])
  })
})

// Numbers observed with the real plugin (node-formats.md 1.3).
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

  test.each<[string, object, string]>([
    ['no ranges at all', {}, 'has no ranges, so host-local refuses every pod'],
    ['an empty list of sets', { ranges: [] }, 'has no ranges, so host-local refuses every pod'],
    ['an empty set', { ranges: [[]] }, 'range set 0 is empty'],
    ['null for a set', { ranges: [null] }, 'range set 0 is empty'],
    [
      'objects where lists belong',
      { ranges: [{ subnet: '10.1.0.0/24' }] },
      'ranges holds an object where a list of ranges is needed; put it in one more pair of brackets',
    ],
    ['text where lists belong', { ranges: ['10.1.0.0/24'], subnet: '10.1.0.0/24' }, 'ranges holds "10.1.0.0/24" where a list of ranges is needed'],
    ['ranges as an object', { ranges: { subnet: '10.1.0.0/24' }, subnet: '10.1.0.0/24' }, 'ranges is an object, not a list of lists of ranges'],
    ['text for a range', { ranges: [['10.1.0.0/24']] }, 'range set 0: "10.1.0.0/24" is not a range object with a subnet'],
    [
      'families mixed in a set',
      { ranges: [[{ subnet: '10.1.0.0/24' }, { subnet: 'fd00::/120' }]] },
      'range set 0 mixes IPv4 and IPv6; give each family a set of its own',
    ],
    [
      'overlap inside a set',
      { ranges: [[{ subnet: '10.1.0.0/24' }, { subnet: '10.1.0.128/25' }]] },
      'the ranges 10.1.0.1-10.1.0.254 and 10.1.0.129-10.1.0.254 in range set 0 overlap',
    ],
    [
      'overlap of two sets',
      { ranges: [[{ subnet: '10.1.0.0/24' }], [{ subnet: '10.1.0.0/25' }]] },
      'the ranges 10.1.0.1-10.1.0.126 and 10.1.0.1-10.1.0.254 of range sets 0 and 1 overlap',
    ],
    [
      'overlap of the legacy range with ranges',
      { subnet: '10.1.0.0/24', ranges: [[{ subnet: '10.1.0.0/16' }]] },
      'the ranges 10.1.0.1-10.1.0.254 and 10.1.0.1-10.1.255.254 of range sets 0 and 1 overlap',
    ],
    [
      'the second range of a set',
      { ranges: [[{ subnet: '10.1.0.0/24' }, { subnet: '10.2.0.1/24' }]] },
      'range set 0, range 1: subnet "10.2.0.1/24": host bits set; write 10.2.0.0/24',
    ],
  ])('%s', (_, ipam, message) => {
    expect(problems(hostLocal(ipam))).toEqual([`wrong-range: ${at(message)}`])
  })

  test('names the addresses', () => {
    const { problems } = readConfiguration(hostLocal({ ranges: [[{ subnet: '10.1.0.0/24' }], [{ subnet: '10.1.0.0/25' }]] }), FILE)
    expect(problems[0]?.addresses).toEqual(['10.1.0.1-10.1.0.126', '10.1.0.1-10.1.0.254'])
  })
  test('two sets of one family before CNI 0.3.0, counted by set and not by range', () => {
    const old = (sets: unknown[], cniVersion?: string) =>
      problems(JSON.stringify({ name: 'pods', cniVersion, type: 'bridge', ipam: { type: 'host-local', ranges: sets } }), 'a.conf')
    const one = [{ subnet: '10.1.0.0/24' }]
    const message = 'allows one range set per family only; use 0.3.1 or newer'
    expect(old([one, [{ subnet: '10.2.0.0/24' }]], '0.2.0')).toEqual([`wrong-range: a.conf: network "pods": CNI version "0.2.0" ${message}`])
    expect(old([one, [{ subnet: '10.2.0.0/24' }]])).toEqual([`wrong-range: a.conf: network "pods": no CNI version (read as 0.1.0) ${message}`])
    expect(old([one, [{ subnet: 'fd00::/120' }]], '0.2.0')).toEqual([])
    expect(old([[...one, { subnet: '10.2.0.0/24' }]], '0.2.0')).toEqual([])
    expect(old([one, [{ subnet: '10.2.0.0/24' }]], '0.3.1')).toEqual([])
  })
  test('thousands of equal ranges give a bounded list, at once', () => {
    const sets = Array.from({ length: 5000 }, () => [{ subnet: '10.1.0.0/24' }])
    expect(problems(hostLocal({ ranges: sets }))).toHaveLength(20)
  })
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

test('says that host-local ignores exclude', () => {
  expect(problems(hostLocal({ ranges: [[{ subnet: '10.1.0.0/24' }]], exclude: ['10.1.0.4/32'] }))).toEqual([
    `note: ${at('host-local ignores "exclude"; use rangeStart and rangeEnd or several ranges in one set')}`,
  ])
})

test.each([
  [undefined, '/var/lib/cni/networks'],
  ['', '/var/lib/cni/networks'],
  ['/run/cni-ipam-state', '/run/cni-ipam-state'],
  ['/run//x/./y/../state/', '/run/x/state'],
  ['/../../etc', '/etc'],
])('dataDir %j is %s', (dataDir, expected) => {
  expect(readConfiguration(hostLocal({ dataDir, ranges: [[{ subnet: '10.1.0.0/24' }]] }), FILE).networks[0]?.dataDir).toBe(expected)
})

test('a dataDir that is no text is a problem', () => {
  expect(problems(hostLocal({ dataDir: 5, ranges: [[{ subnet: '10.1.0.0/24' }]] }))).toEqual([
    `unreadable: ${at('dataDir is 5, not a path; host-local refuses it')}`,
  ])
})

describe('who fills in ranges', () => {
  test('flannel: a bridge with host-local made at run time, with its own dataDir and legacy subnet', () => {
    const plain = readConfiguration(chain({ type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } }, { type: 'portmap' }), FILE)
    expect(plain.networks).toEqual([
      {
        name: 'pods',
        file: FILE,
        order: 0,
        type: 'flannel',
        ipam: 'host-local',
        dataDir: '/var/lib/cni/networks',
        ranges: [],
        rangesFromNode: true,
        sharedSegment: false,
      },
    ])
    expect(plain).toMatchObject({ plugins: ['flannel', 'portmap'], problems: [] })
    const own = readConfiguration(chain({ type: 'flannel', ipam: { dataDir: '/run/x', ranges: [[{ subnet: '10.1.0.0/24' }]] } }), FILE).networks[0]
    expect(own).toMatchObject({ ipam: 'host-local', dataDir: '/run/x', ranges: [], rangesFromNode: true })
    const legacy = readConfiguration(chain({ type: 'flannel', ipam: { subnet: '10.1.0.0/24' } }), FILE).networks[0]
    expect(ranges(legacy)).toEqual(['0:10.1.0.1-10.1.0.254 gw 10.1.0.1 of 10.1.0.0/24'])
  })
  test('flannel with a delegate on a shared segment', () => {
    expect(readConfiguration(chain({ type: 'flannel', delegate: { type: 'macvlan' } }), FILE).networks[0]?.sharedSegment).toBe(true)
  })
  test.each(['usePodCidr', 'usePodCidrIPv6', 'USEPODCIDR'])('calico: %s in subnet and in ranges', (literal) => {
    for (const ipam of [{ subnet: literal }, { ranges: [[{ subnet: literal }]] }]) {
      const reading = readConfiguration(chain({ type: 'calico', ipam: { type: 'host-local', ...ipam } }), FILE)
      expect(reading.networks[0]).toMatchObject({ type: 'calico', ipam: 'host-local', ranges: [], rangesFromNode: true })
      expect(reading.problems).toEqual([])
    }
  })
  test('calico: a literal beside a written range keeps the set number', () => {
    const reading = readConfiguration(
      chain({ type: 'calico', ipam: { type: 'host-local', ranges: [[{ subnet: 'usePodCidr' }], [{ subnet: 'fd00::/120' }]] } }),
      FILE,
    )
    expect(reading.networks[0]?.rangesFromNode).toBe(true)
    expect(ranges(reading.networks[0])).toEqual(['1:fd00::1-fd00::ff gw fd00::1 of fd00::/120'])
  })
  test('antrea adds its ranges itself', () => {
    const reading = readConfiguration(chain({ type: 'antrea', ipam: { type: 'host-local' } }), FILE)
    expect(reading).toMatchObject({ problems: [], networks: [{ rangesFromNode: true, ipam: 'host-local' }] })
  })
})

describe('other allocators', () => {
  test.each(['calico-ipam', 'whereabouts', 'dhcp', 'static'])('%s is listed without ranges or directory', (type) => {
    const reading = readConfiguration(chain({ type: 'macvlan', ipam: { type, range: '10.1.0.0/24', subnet: '10.1.0.0/24' } }), FILE)
    expect(reading.problems).toEqual([])
    expect(reading.networks).toEqual([
      { name: 'pods', file: FILE, order: 0, type: 'macvlan', ipam: type, dataDir: '', ranges: [], rangesFromNode: false, sharedSegment: true },
    ])
  })
  test.each([{ type: 'cilium-cni' }, { type: 'cilium-cni', ipam: null }, { type: 'cilium-cni', ipam: {} }])('none: %j', (plugin) => {
    expect(readConfiguration(chain(plugin), FILE).networks).toMatchObject([{ name: 'pods', type: 'cilium-cni', ipam: '', dataDir: '', ranges: [] }])
  })
  test('every plugin of a chain that allocates is listed', () => {
    const reading = readConfiguration(
      chain(bridge({ type: 'host-local', subnet: '10.1.0.0/24' }), { type: 'macvlan', ipam: { type: 'host-local', subnet: '10.2.0.0/24' } }),
      FILE,
    )
    expect(reading.networks.map(({ type, order, name }) => [type, order, name])).toEqual([
      ['bridge', 0, 'pods'],
      ['macvlan', 0, 'pods'],
    ])
  })
})

test.each<[string, object, boolean]>([
  ['macvlan', { type: 'macvlan', master: 'eth0' }, true],
  ['ipvlan', { type: 'ipvlan' }, true],
  ['vlan', { type: 'vlan' }, true],
  ['host-device', { type: 'host-device' }, true],
  ['sriov', { type: 'sriov' }, true],
  ['ptp', { type: 'ptp' }, false],
  ['a bridge alone', { type: 'bridge' }, false],
  ['a bridge with VLAN filtering', { type: 'bridge', vlan: 100 }, true],
  ['a bridge with VLAN 0', { type: 'bridge', vlan: 0 }, false],
  ['a bridge with a VLAN trunk', { type: 'bridge', vlanTrunk: [{ id: 5 }] }, true],
  ['a bridge with VLAN filtering that is the gateway', { type: 'bridge', vlan: 100, isDefaultGateway: true }, false],
  ['a bridge with VLAN filtering that masquerades', { type: 'bridge', vlan: 100, ipMasq: true }, false],
  ['a bridge with a gateway elsewhere', { type: 'bridge', ipam: { ranges: [[{ subnet: '10.1.0.0/24', gateway: '10.1.0.254' }]] } }, true],
  ['a bridge with a route by another gateway', { type: 'bridge', ipam: { routes: [{ dst: '0.0.0.0/0', gw: '10.1.0.254' }] } }, true],
  ['a bridge with a plain route', { type: 'bridge', ipam: { routes: [{ dst: '0.0.0.0/0' }] } }, false],
  ['a bridge that is its own named gateway', { type: 'bridge', isGateway: true, ipam: { gateway: '10.1.0.254' } }, false],
])('shared segment: %s', (_, plugin, expected) => {
  const ipam = { type: 'host-local', subnet: '10.1.0.0/24', ...(plugin as { ipam?: object }).ipam }
  expect(readConfiguration(chain({ ...plugin, ipam }), FILE).networks[0]?.sharedSegment).toBe(expected)
})

describe('multus', () => {
  const delegate = (name: string, subnet: string) => ({ cniVersion: '0.3.1', name, type: 'bridge', ipam: { type: 'host-local', subnet } })
  const list = { name: 'listed', plugins: [{ type: 'ptp', ipam: { type: 'host-local', subnet: '10.3.0.0/24' } }] }
  const multus = (more: object) => JSON.stringify({ cniVersion: '0.3.1', name: 'multus-cni-network', type: 'multus', ...more })
  const read = (more: object) => readConfiguration(multus(more), 'etc/cni/net.d/00-multus.conf')
  const summary = (more: object) => read(more).networks.map(({ name, type, order }) => [name, type, order])

  test('delegates are networks, the first the default', () => {
    expect(summary({ delegates: [delegate('a', '10.1.0.0/24'), list] })).toEqual([
      ['a', 'bridge', 0],
      ['listed', 'ptp', undefined],
    ])
    expect(read({ delegates: [list] })).toMatchObject({
      name: 'multus-cni-network',
      type: 'multus',
      plugins: ['multus'],
      problems: [],
      clusterNetwork: undefined,
    })
  })
  test('clusterNetwork takes the place of the first', () => {
    expect(summary({ clusterNetwork: 'pods', delegates: [delegate('a', '10.1.0.0/24')] })).toEqual([['a', 'bridge', undefined]])
    expect(read({ clusterNetwork: '/etc/cni/net.d/10-flannel.conflist' }).clusterNetwork).toBe('/etc/cni/net.d/10-flannel.conflist')
  })
  test('in a conflist, and as the thick plugin', () => {
    const reading = readConfiguration(chain({ type: 'multus-shim', delegates: [delegate('a', '10.1.0.0/24')] }, { type: 'tuning' }), FILE)
    expect(reading.networks.map(({ name, order }) => [name, order])).toEqual([['a', 0]])
    expect(reading.plugins).toEqual(['multus-shim', 'tuning'])
  })
  test('a broken delegate is a problem and does not hide the others', () => {
    const file = 'etc/cni/net.d/00-multus.conf'
    const delegates = [7, { name: 'a' }, { name: '../etc', type: 'bridge' }, delegate('b', '10.1.0.0/24'), delegate('c', '10.1.0.9/24')]
    expect(summary({ delegates })).toEqual([
      ['b', 'bridge', undefined],
      ['c', 'bridge', undefined],
    ])
    expect(read({ delegates }).problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      `unreadable: ${file}: delegate 0: 7 is not an object`,
      `unreadable: ${file}: delegate 1: has no plugin type`,
      `unreadable: ${file}: delegate 2: the network name "../etc" is not allowed`,
      `wrong-range: ${file}: network "c": range set 0: subnet "10.1.0.9/24": host bits set; write 10.1.0.0/24`,
    ])
  })
  test('delegates of delegates are not followed', () => {
    const inner = { name: 'inner', type: 'multus', delegates: [delegate('a', '10.1.0.0/24')] }
    expect(summary({ delegates: [inner] })).toEqual([['inner', 'multus', 0]])
  })
})

describe('files and their outer shape', () => {
  const plugin = { type: 'ptp', ipam: { type: 'host-local', subnet: '10.1.0.0/24' } }
  test.each(['x.conf', 'x.json', 'cluster/nads.yaml (shop/net1)'])('one plugin by itself in %s', (file) => {
    const reading = readConfiguration(JSON.stringify({ Name: 'pods', cniversion: '0.3.1', ...plugin }), file)
    expect(reading).toMatchObject({ name: 'pods', cniVersion: '0.3.1', type: 'ptp', plugins: ['ptp'], error: undefined })
    expect(reading.networks).toHaveLength(1)
  })
  test('a list where no file name decides', () => {
    expect(readConfiguration(chain(plugin), 'cluster/nads.yaml (shop/net1)').networks).toHaveLength(1)
  })
  test.each([
    [{ cniVersion: '0.4.0', cniVersions: ['0.3.1', '1.0.0', '1.1.0', '9.0.0'] }, '1.1.0'],
    [{ cniVersion: '1.0.0', cniVersions: ['0.4.0'] }, '1.0.0'],
    [{ cniVersions: [] }, undefined],
    [{ cniVersion: 5 }, undefined],
    [{ cniVersion: '9.0.0', cniVersions: ['8.0.0'] }, '9.0.0'],
  ])('the version of %j is %s', (versions, expected) => {
    expect(readConfiguration(JSON.stringify({ ...versions, name: 'pods', plugins: [plugin] }), FILE).cniVersion).toBe(expected)
  })
  test('a byte order mark is read over, with a note', () => {
    const reading = readConfiguration(`\uFEFF${chain(plugin)}`, FILE)
    expect(reading.networks).toHaveLength(1)
    expect(reading.problems).toEqual([
      { kind: 'note', message: `${FILE}: starts with a byte order mark; Go refuses JSON with one, so save the file without` },
    ])
  })
  test.each<[string, string, unknown, string]>([
    ['no name', FILE, { plugins: [plugin] }, 'has no network name'],
    [
      'a list key in another case, which libcni does not know',
      FILE,
      { Name: 'pods', plugins: [plugin] },
      'has no network name; write "name", not "Name"',
    ],
    ['plugins in another case', FILE, { name: 'pods', Plugins: [plugin] }, 'has no list of plugins; write "plugins", not "Plugins"'],
    ['no plugins', FILE, { name: 'pods' }, 'has no list of plugins'],
    [
      'a single plugin in a .conflist',
      FILE,
      { name: 'pods', ...plugin },
      'has no list of plugins; a single plugin by itself belongs in a .conf file',
    ],
    ['a list in a .conf', 'x.conf', { name: 'pods', plugins: [plugin] }, 'has no plugin type; a list of plugins belongs in a .conflist file'],
    ['an empty list', FILE, { name: 'pods', plugins: [] }, 'plugins is an empty list, not a list with at least one plugin'],
    ['plugins that are no list', FILE, { name: 'pods', plugins: plugin }, 'plugins is an object, not a list with at least one plugin'],
    ['a plugin without type', FILE, { name: 'pods', plugins: [plugin, { type: '' }] }, 'plugin 1 has no type'],
    ['a plugin that is no object', FILE, { name: 'pods', plugins: ['ptp'] }, 'plugin 0 has no type'],
    ['no name in a .conf', 'x.conf', plugin, 'has no network name'],
    [
      'a name that leaves the directory',
      FILE,
      { name: '../../etc', plugins: [plugin] },
      'the network name "../../etc" is not allowed: it takes letters, digits, "_", "." and "-", a letter or digit first',
    ],
    ['a list as the whole file', FILE, [plugin], 'holds a list, not a JSON object'],
    ['null', FILE, null, 'holds null, not a JSON object'],
  ])('unusable: %s', (_, file, value, error) => {
    expect(readConfiguration(JSON.stringify(value), file)).toMatchObject({ error, networks: [] })
  })
  test.each([
    ['', 'the file is empty'],
    [' \n', 'the file is empty'],
    ['{\n  "name": "pods",\n  "plugins": [,]\n}', 'not valid JSON at 3:15: expected a value or ], found ","'],
    ['{"name":"pods"', 'not valid JSON at 1:15: expected a comma or }, and the text ends'],
  ])('not JSON: %j', (text, error) => {
    expect(readConfiguration(text, FILE)).toMatchObject({ error, networks: [] })
  })
  test('keys named like object internals are data', () => {
    readConfiguration('{"__proto__":{"polluted":1},"name":"pods","plugins":[{"type":"ptp","constructor":1}]}', FILE)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('never throws', () => {
  test('on any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readConfiguration(text, FILE)))
  })
  test('on any JSON under the keys it knows', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('', '10.1.0.0/24', '10.1.0.0/33', 'fd00::/64', 'usePodCidr'), fc.jsonValue())
    const range = fc.oneof(
      fc.jsonValue(),
      fc.record({ subnet: address, rangeStart: address, rangeEnd: address, gateway: address }, { requiredKeys: [] }),
    )
    const sets = fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.jsonValue(), fc.array(range))))
    const ipam = fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.constantFrom('host-local', 'dhcp'), ranges: sets, dataDir: fc.jsonValue(), subnet: address }, { requiredKeys: ['type'] }),
    )
    const plugin = fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.constantFrom('bridge', 'flannel', 'multus', 'calico'), ipam, delegates: fc.jsonValue(), delegate: fc.jsonValue() }),
    )
    const config = fc.record({
      name: fc.oneof(fc.constant('pods'), fc.jsonValue()),
      cniVersion: fc.jsonValue(),
      plugins: fc.oneof(fc.jsonValue(), fc.array(plugin)),
    })
    fc.assert(
      fc.property(config, fc.constantFrom(FILE, 'a.conf', 'nad'), (value, file) => {
        const reading = readConfiguration(JSON.stringify(value), file)
        for (const { range, subnet } of reading.networks.flatMap((network) => network.ranges)) {
          expect(range.first <= range.last && range.family === subnet.family).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
  test.each(['[', '{"a":'])('on a long run of %s', (piece) => {
    expect(readConfiguration(piece.repeat(200_000), FILE).error).toMatch(/^not valid JSON at 1:/)
  })
  test('on deep but valid values under a known key', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    expect(problems(`{"name":"pods","plugins":[{"type":"ptp","ipam":{"type":"host-local","ranges":[[${deep}]]}}]}`)).toEqual([
      `wrong-range: ${at('range set 0: a list is not a range object with a subnet')}`,
    ])
  })
})
