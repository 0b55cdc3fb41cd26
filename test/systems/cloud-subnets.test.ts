import { describe, expect, test } from 'vitest'
import type { CloudSubnet } from '../../src/model/inventory.ts'
import { formatCidr, formatRange } from '../../src/net/index.ts'
import { fragmentation, isFragmented } from '../../src/rules/facts/fragmentation.ts'
import type { Document } from '../../src/sources/source.ts'
import { cloudSubnets } from '../../src/systems/cloud-subnets.ts'
import { AT, parsed } from './parse.ts'

const file = (path: string, content: unknown): Document => ({
  type: 'file',
  area: 'cloud',
  node: '',
  path,
  text: typeof content === 'string' ? content : JSON.stringify(content),
  mtime: AT,
  origin: `cloud/${path}`,
})
const subnets = (...documents: Document[]): readonly CloudSubnet[] => parsed(cloudSubnets, documents).subnets ?? []
const shown = ({ id, cidr, free, used, unattached }: CloudSubnet): string =>
  `${id} ${formatCidr(cidr)} free ${free ?? '?'} used ${used?.map(formatRange).join(' ') ?? '?'} left ${unattached.map(({ id: left, ranges }) => `${left} ${ranges.map(formatRange)}`).join(' ') || '-'}`

const aws = file('subnets.json', { Subnets: [{ SubnetId: 'subnet-a', CidrBlock: '10.0.1.0/26', AvailableIpAddressCount: 7 }] })
const eni = (id: string, rest: object) => ({ NetworkInterfaceId: id, SubnetId: 'subnet-a', Status: 'in-use', ...rest })
const interfaces = file('enis.json', {
  NetworkInterfaces: [
    eni('eni-1', {
      PrivateIpAddress: '10.0.1.9',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.9', Primary: true }],
      Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16/28' }],
    }),
    eni('eni-2', { Status: 'available', PrivateIpAddress: '10.0.1.40', Ipv6Addresses: [{ Ipv6Address: 'fd00::1' }] }),
    eni('eni-3', { SubnetId: 'subnet-other', PrivateIpAddress: '10.0.2.9' }),
  ],
})

describe('AWS', () => {
  test('interfaces in any file fill the subnets; the cloud keeps five addresses; nothing is attached to eni-2', () => {
    const expected = ['subnet-a 10.0.1.0/26 free 7 used 10.0.1.9 10.0.1.9 10.0.1.16/28 10.0.1.40 10.0.1.0/30 10.0.1.63 left eni-2 10.0.1.40,fd00::1']
    expect(subnets(aws, interfaces).map(shown)).toEqual(expected)
    expect(subnets(interfaces, aws).map(shown)).toEqual(expected)
  })

  test('without a list of interfaces nobody knows what is used', () =>
    expect(subnets(aws).map(shown)).toEqual(['subnet-a 10.0.1.0/26 free 7 used ? left -']))
})

test('own shape', () =>
  expect(
    subnets(
      file('own.json', { subnets: [{ id: 'pods', cidr: '10.0.0.0/27', free: 3, used: ['10.0.0.4', '10.0.0.8-10.0.0.9', '10.0.0.16/28'] }] }),
    ).map(shown),
  ).toEqual(['pods 10.0.0.0/27 free 3 used 10.0.0.4 10.0.0.8/31 10.0.0.16/28 left -']))

test.each<[string, unknown, string]>([
  ['no JSON', '{', 'it is not JSON'],
  ['something else', { items: [] }, 'it holds none of "Subnets"'],
  ['a subnet without a CIDR', { Subnets: [{ SubnetId: 's' }] }, 'subnet "s": CidrBlock is missing, not a CIDR'],
  ['an interface without a subnet', { NetworkInterfaces: [{ NetworkInterfaceId: 'e' }] }, 'interface "e" has no SubnetId'],
  ['an address that is none', { NetworkInterfaces: [eni('e', { PrivateIpAddress: 'x' })] }, 'interface "e": "x" is no address'],
  [
    'a used range the wrong way round',
    { subnets: [{ id: 's', cidr: '10.0.0.0/24', used: ['10.0.0.9-10.0.0.1'] }] },
    'subnet "s": used has "10.0.0.9-10.0.0.1", which starts after it ends',
  ],
  ['a count that is none', { subnets: [{ id: 's', cidr: '10.0.0.0/24', free: -1 }] }, 'subnet "s": free is -1, not a count'],
  ['one page', { Subnets: [], NextToken: 'x' }, 'it is only one page of the list'],
])('malformed: %s', (_, content, message) => {
  const part = parsed(cloudSubnets, [file('x.json', content)])
  expect(part.problems?.[0]?.message).toContain(`cloud/x.json: ${message}`)
  expect(part.coverage).toMatchObject([{ source: 'cloud/x.json', status: 'partial' }])
})

describe('fragmentation', () => {
  const of = (cidr: string, used: string[] | undefined, free?: number) =>
    fragmentation(
      (
        subnets(
          file('s.json', { subnets: [{ id: 's', cidr, ...(used === undefined ? {} : { used }), ...(free === undefined ? {} : { free }) }] }),
        ) as [CloudSubnet]
      )[0],
    )

  test.each<[string, string, string[], [free: bigint, blocks: bigint]]>([
    ['an empty subnet', '10.0.0.0/24', [], [256n, 16n]],
    ['one address in each block', '10.0.0.0/26', ['10.0.0.3', '10.0.0.17', '10.0.0.47', '10.0.0.48'], [60n, 0n]],
    ['a hole of sixteen that is not aligned', '10.0.0.0/26', ['10.0.0.0-10.0.0.7', '10.0.0.24-10.0.0.63'], [16n, 0n]],
    ['a hole that holds an aligned one', '10.0.0.0/26', ['10.0.0.0-10.0.0.7', '10.0.0.33-10.0.0.63'], [25n, 1n]],
    ['a full subnet', '10.0.0.0/28', ['10.0.0.0/28'], [0n, 0n]],
    ['a subnet smaller than a block', '10.0.0.8/29', [], [8n, 0n]],
  ])('%s', (_, cidr, used, [free, blocks]) => expect(of(cidr, used)).toEqual({ free, blocks }))

  test('the cloud’s own count comes first, and nothing is known without a list', () => {
    expect(of('10.0.0.0/24', [], 7)).toEqual({ free: 7n, blocks: 16n })
    expect(of('10.0.0.0/24', undefined, 7)).toBeUndefined()
  })

  test('fragmented is not full', () =>
    expect(
      [
        { free: 60n, blocks: 0n },
        { free: 0n, blocks: 0n },
        { free: 60n, blocks: 1n },
      ].map(isFragmented),
    ).toEqual([true, false, false]))
})
