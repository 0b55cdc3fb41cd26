import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { formatAddress, formatCidr, formatRange } from '../../src/net/index.ts'
import { readReservationName } from '../../src/systems/whereabouts/names.ts'
import { readWhereabouts } from '../../src/systems/whereabouts/read-config.ts'
import { whereabouts } from '../../src/systems/whereabouts.ts'
import { object, parsed } from './parse.ts'

const API = 'whereabouts.cni.cncf.io/v1alpha1'
const entry = (podref: string, id = 'c0ffee') => ({ id, podref, ifname: 'net1' })
const pool = (name: string, range: unknown, allocations: object = {}) =>
  object(API, 'IPPool', { metadata: { name, namespace: 'kube-system', uid: name }, spec: { range, allocations } })
const reservation = (name: string, podref: string) =>
  object(API, 'OverlappingRangeIPReservation', {
    metadata: { name, namespace: 'kube-system', uid: name, creationTimestamp: '2026-11-23T09:00:00Z' },
    spec: { podref, ifname: 'net1' },
  })
const nad = (name: string, ipam: object) =>
  object('k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', {
    metadata: { name, namespace: 'shop', uid: `nad-${name}` },
    spec: { config: JSON.stringify({ cniVersion: '0.3.1', name, type: 'macvlan', master: 'eth1', ipam: { type: 'whereabouts', ...ipam } }) },
  })

const allocations = (part: InventoryPart) =>
  (part.allocations ?? []).map(({ address, domain, owner, half }) => [formatAddress(address), domain, owner.id, half ?? '-'].join(' '))
const pools = (part: InventoryPart) =>
  (part.pools ?? []).map(({ name, domain, ranges, capacity, node, guarded }) =>
    [name, domain, ranges.map(formatRange).join(','), capacity ?? '-', node ?? '-', guarded === true ? 'guarded' : 'open'].join(' '),
  )

describe('entries are offsets from the address as written', () => {
  test.each<[string, string, string, string]>([
    ['IPv4', '10.20.0.0/24', '5', '10.20.0.5'],
    ['across octets', '10.20.0.0/16', '513', '10.20.2.1'],
    ['host bits shift everything', '10.20.0.5/24', '5', '10.20.0.10'],
    ['IPv6 beyond 2^53', 'fd00:20::/64', '9007199254740993', 'fd00:20::20:0:0:1'],
  ])('%s', (_, range, key, expected) => {
    expect(allocations(parsed(whereabouts, [pool('p', range, { [key]: entry('shop/web-0') })]))[0]).toMatch(new RegExp(`^${expected} `))
  })

  test.each<[string, string, string, string]>([
    ['a key that is no number', '10.20.0.0/24', 'five', 'key-not-a-number'],
    ['an offset outside of the range', '10.20.0.0/24', '300', 'offset-out-of-range'],
    ['an offset that does not fit into the family', '255.255.255.0/24', '4294967296', 'offset-out-of-range'],
    ['an offset that whereabouts itself loses', 'fd00:20::/64', '9223372036854775808', 'offset-too-large'],
  ])('%s is a contradiction', (_, range, key, cause) => {
    const part = parsed(whereabouts, [pool('p', range, { [key]: entry('shop/web-0') })])
    expect(part.inconsistencies?.map((fault) => fault.cause)).toEqual([cause])
  })

  test('an entry without a pod belongs to its container', () => {
    const part = parsed(whereabouts, [pool('p', '10.20.0.0/24', { 1: { id: 'c0ffee' } })])
    expect(part.allocations?.map(({ owner, handle }) => [owner.kind, owner.id, handle])).toEqual([['unknown', 'c0ffee', 'c0ffee']])
  })
})

test('pools: names carry the network, definitions what is handed out', () => {
  const part = parsed(whereabouts, [
    nad('a', { range: '10.20.0.0/24', range_start: '10.20.0.16', range_end: '10.20.0.31', exclude: ['10.20.0.20'] }),
    nad('red', { range: '10.20.0.0/24', network_name: 'red', enable_overlapping_ranges: false }),
    pool('10.20.0.0-24', '10.20.0.0/24'),
    pool('red-10.20.0.0-24', '10.20.0.0/24'),
    pool('fd00-20---64', 'fd00:20::/64'),
  ])
  expect(pools(part)).toEqual([
    '10.20.0.0-24 whereabouts 10.20.0.0/24 15 - guarded',
    'red-10.20.0.0-24 whereabouts:red 10.20.0.0/24 254 - open',
    'fd00-20---64 whereabouts fd00:20::/64 18446744073709551614 - open',
  ])
})

test('two records of one allocation: the reservation gives it a time, a missing half is said', () => {
  const part = parsed(whereabouts, [
    nad('a', { range: '10.20.0.0/24' }),
    pool('10.20.0.0-24', '10.20.0.0/24', { 1: entry('shop/web-0'), 2: entry('shop/web-1'), 4: entry('shop/web-3') }),
    reservation('10.20.0.1', 'shop/web-0'),
    reservation('10.20.0.3', 'shop/web-2'),
    reservation('10.20.0.4', 'shop/other'),
  ])
  expect(allocations(part)).toEqual([
    '10.20.0.1 whereabouts shop/web-0 -',
    '10.20.0.2 whereabouts shop/web-1 the OverlappingRangeIPReservation',
    '10.20.0.4 whereabouts shop/web-3 -',
    '10.20.0.3 whereabouts shop/web-2 the entry in an IPPool',
  ])
  expect(part.allocations?.[0]?.recordedAt).toBe(Date.parse('2026-11-23T09:00:00Z'))
  expect(part.inconsistencies?.map(({ cause, owners }) => [cause, owners])).toEqual([['owners-differ', ['shop/web-3', 'shop/other']]])
})

test('no reservation at all proves nothing: they may be turned off on the nodes, or not in the input', () => {
  const part = parsed(whereabouts, [nad('a', { range: '10.20.0.0/24' }), pool('10.20.0.0-24', '10.20.0.0/24', { 1: entry('shop/web-0') })])
  expect(part.allocations?.map(({ half }) => half)).toEqual([undefined])
})

describe('names of reservations', () => {
  test.each<[string, readonly string[], string]>([
    ['10.20.0.5', [], ' 10.20.0.5'],
    ['fd00-20--100', [], ' fd00:20::100'],
    ['fd00-20--0', [], ' fd00:20::'],
    ['red-10.22.0.1', ['red'], 'red 10.22.0.1'],
    ['red-vlan-10.22.0.1', [], 'red-vlan 10.22.0.1'],
    ['red-fd00-22--1', ['', 'red'], 'red fd00:22::1'],
    ['bad-fd00--1', ['bad'], 'bad fd00::1'],
    ['web', [], 'none'],
  ])('%s', (name, networks, expected) => {
    const read = readReservationName(name, networks)
    expect(read === undefined ? 'none' : `${read.network} ${formatAddress(read.address)}`).toBe(expected)
  })
})

test('slices are blocks of nodes, and their pools are those of the nodes', () => {
  const part = parsed(whereabouts, [
    object(API, 'NodeSlicePool', {
      metadata: { name: 'lan', namespace: 'kube-system', uid: 's' },
      spec: { range: '10.20.0.0/16', sliceSize: '/24' },
      status: {
        allocations: [
          { nodeName: 'n-1', sliceRange: '10.20.0.0/24' },
          { nodeName: '', sliceRange: '10.20.1.0/24' },
        ],
      },
    }),
    nad('lan', { range: '10.20.0.0/16', node_slice_size: '/24' }),
    pool('n-1-10.20.0.0-24', '10.20.0.0/24', { 1: entry('shop/web-0') }),
  ])
  expect(pools(part)).toEqual(['n-1-10.20.0.0-24 whereabouts 10.20.0.0/24 254 n-1 guarded', 'lan whereabouts 10.20.0.0/16 - - open'])
  expect(part.blocks?.map(({ cidr, node, pool: name }) => [formatCidr(cidr), node, name])).toEqual([['10.20.0.0/24', 'n-1', 'lan']])
  expect(part.nodeRecords?.map(({ node, ranges }) => [node, ranges.map(formatRange)])).toEqual([['n-1', ['10.20.0.0/24']]])
})

test('what one definition excludes and another hands out is not withheld; gateways are told', () => {
  const part = parsed(whereabouts, [
    nad('a', { range: '10.20.0.0/24', exclude: ['10.20.0.8/30'], gateway: '10.20.0.1' }),
    nad('b', { range: '10.20.0.0/24', exclude: ['10.20.0.8/31'] }),
  ])
  expect(part.reservations?.map(({ range, gateway }) => `${formatRange(range)}${gateway === true ? ' gateway' : ''}`)).toEqual([
    '10.20.0.8/31',
    '10.20.0.1 gateway',
    '10.20.0.8/31',
  ])
})

describe('texts of ranges', () => {
  const handedOut = (ipam: Record<string, unknown>) => readWhereabouts(ipam).ranges.map(({ handedOut: set }) => set.ranges.map(formatRange).join(','))
  test.each<[string, Record<string, unknown>, string[]]>([
    ['start-end/prefix', { range: '10.20.0.5-10.20.0.9/24' }, ['10.20.0.5-10.20.0.9']],
    ['host bits', { range: '10.20.0.5/30' }, ['10.20.0.5-10.20.0.6']],
    ['both families', { ipRanges: [{ range: '10.20.0.0/30' }, { range: 'fd00::/126' }] }, ['10.20.0.1-10.20.0.2', 'fd00::1-fd00::2']],
    ['keys in Go’s way: any case', { Range: '10.20.0.0/30' }, ['10.20.0.1-10.20.0.2']],
  ])('%s', (_, ipam, expected) => expect(handedOut(ipam)).toEqual(expected))

  test.each<[string, Record<string, unknown>, string]>([
    ['no network', { range: 'lan' }, 'range is "lan"'],
    ['a bound outside', { range: '10.20.0.0/24', range_end: '10.20.1.9' }, 'range_end "10.20.1.9" is no address of the range 10.20.0.0/24'],
    ['end before start', { range: '10.20.0.0/24', range_start: '10.20.0.9', range_end: '10.20.0.8' }, 'ends before it starts'],
    ['an exclusion that is none', { range: '10.20.0.0/24', exclude: [7] }, 'exclude holds 7'],
  ])('%s is a fault of the range', (_, ipam, message) => expect(readWhereabouts(ipam).problems[0]?.message).toContain(message))
})

describe('malformed objects are said, the rest is read', () => {
  test('a pool without a range', () => {
    const part = parsed(whereabouts, [pool('bad', 'lan', { 1: entry('a/b') }), pool('10.20.0.0-24', '10.20.0.0/24')])
    expect(part.problems?.map(({ message }) => message)).toEqual(['IPPool kube-system/bad: spec.range is "lan", not a CIDR'])
    expect(part.pools).toHaveLength(1)
  })
  test('a reservation whose name is no address', () =>
    expect(parsed(whereabouts, [reservation('web', 'a/b')]).problems?.map(({ message }) => message)).toEqual([
      'OverlappingRangeIPReservation web: the name holds no address',
    ]))
  test('a slice pool without a range', () =>
    expect(parsed(whereabouts, [object(API, 'NodeSlicePool', { metadata: { name: 's' }, spec: {} })]).problems?.map(({ kind }) => kind)).toEqual([
      'unreadable',
    ]))
})
