import { describe, expect, it } from 'vitest'
import type { Allocation, InventoryPart } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { serviceRange as rule } from '../../src/rules/service-range.ts'
import { declared, inMode, serviceCidr, together } from '../cluster-ranges.ts'
import { service } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const textOf = (prefix: string, last: number) => `${prefix}${last.toString(prefix.includes(':') ? 16 : 10)}`
const services = (prefix: string, from: number, to: number): InventoryPart => ({
  services: Array.from({ length: to - from + 1 }, (_, i) => service(`shop/s${from + i}`, [textOf(prefix, from + i)])),
})
const allocations = (prefix: string, from: number, to: number, rest: Partial<Allocation> = {}): InventoryPart => ({
  allocations: Array.from({ length: to - from + 1 }, (_, i) => ({
    system: 'services',
    pool: 'services',
    domain: 'services',
    address: parseAddress(textOf(prefix, from + i)),
    owner: { kind: 'service', id: `shop/s${from + i}` },
    origin: 'cluster/ipaddresses.json',
    ...rest,
  })),
})

describe('CAP-405 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      'a full range, as in the capture service-cidr/range-full',
      together(serviceCidr('10.96.0.0/28'), services('10.96.0.', 1, 14)),
      ['critical [10.96.0.0/28]'],
    ],
    ['one that IPAddress objects fill', together(serviceCidr('10.96.0.0/28'), allocations('10.96.0.', 1, 14)), ['critical [10.96.0.0/28]']],
    [
      'both sources, each address once',
      together(serviceCidr('10.96.0.0/28'), services('10.96.0.', 1, 9), allocations('10.96.0.', 5, 13)),
      ['high [10.96.0.0/28]'],
    ],
    ['nine tenths', together(serviceCidr('10.96.0.0/24'), services('10.96.0.', 1, 229)), ['high [10.96.0.0/24]']],
    ['four fifths', together(serviceCidr('10.96.0.0/24'), services('10.96.0.', 1, 204)), ['medium [10.96.0.0/24]']],
    ['an upper band that is full', together(serviceCidr('10.96.0.0/27'), services('10.96.0.', 17, 30)), ['low [10.96.0.0/27]']],
    [
      'several ranges in sum, nested ones once',
      together(
        serviceCidr('10.96.0.0/28'),
        serviceCidr('10.97.0.0/28', 'more'),
        serviceCidr('10.97.0.0/29', 'nested'),
        services('10.96.0.', 1, 14),
        services('10.97.0.', 1, 12),
      ),
      ['high [10.96.0.0/28 10.97.0.0/28]'],
    ],
    [
      'each family by itself',
      together(
        serviceCidr('10.96.0.0/24'),
        serviceCidr('fd00::/124', 'v6'),
        services('10.96.0.', 1, 9),
        services('fd00::', 1, 9),
        allocations('fd00::', 8, 12),
      ),
      ['medium [fd00::/124]'],
    ],
    [
      'a range known from flags',
      together({ declared: [declared('services', '10.96.0.0/28')] }, services('10.96.0.', 1, 14)),
      ['critical [10.96.0.0/28]'],
    ],
    [
      'ServiceCIDR objects rather than a stale configuration',
      together(
        { declared: [declared('services', '10.50.0.0/16', { by: 'kubeadm-config' })] },
        serviceCidr('10.96.0.0/28'),
        services('10.96.0.', 1, 14),
      ),
      ['critical [10.96.0.0/28]'],
    ],
  ])('%s', (_, part, expected) => {
    const found = findings(rule, part)
    expect(brief(found)).toEqual(expected)
    expect(findings(rule, reversed(part))).toEqual(found)
  })

  it('gives the numbers', () => {
    expect(findings(rule, serviceCidr('10.96.0.0/28'), services('10.96.0.', 1, 14))).toMatchObject([
      {
        message: '14 of 14 Service addresses of 10.96.0.0/28 are taken: the API server refuses the next Service with a ClusterIP',
        owners: [],
        cause: 'full',
        fix: { playbook: 'R8' },
      },
    ])
    expect(findings(rule, serviceCidr('10.96.0.0/27'), services('10.96.0.', 17, 30))).toMatchObject([
      {
        message:
          '14 of 30 Service addresses of 10.96.0.0/27 are taken: all 14 addresses for dynamic allocation are, and new Services now take those kept for fixed addresses',
      },
    ])
  })
})

describe('CAP-405 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['less than four fifths', together(serviceCidr('10.96.0.0/24'), services('10.96.0.', 1, 203))],
    ['headless Services', together(serviceCidr('10.96.0.0/28'), { services: Array.from({ length: 20 }, (_, i) => service(`shop/h${i}`, [])) })],
    ['addresses outside the range', together(serviceCidr('10.96.0.0/28'), services('10.97.0.', 1, 14))],
    [
      'allocations of other domains',
      together(serviceCidr('10.96.0.0/28'), services('10.96.0.', 1, 1), allocations('10.96.0.', 1, 14, { domain: 'default' })),
    ],
    [
      'one Service twice',
      together(serviceCidr('10.96.0.0/28'), { services: Array.from({ length: 14 }, (_, i) => service(`shop/s${i}`, ['10.96.0.1'])) }),
    ],
    [
      'a large IPv6 range, and a small one beside it',
      together(serviceCidr('fd00::/107'), serviceCidr('fd01::/124', 'v6'), services('fd01::', 1, 9), allocations('fd01::', 10, 15)),
    ],
    ['the static band', together(serviceCidr('10.96.0.0/27'), services('10.96.0.', 1, 16))],
    ['a /28, which has no bands', together(serviceCidr('10.96.0.0/28'), services('10.96.0.', 4, 14))],
    ['an upper band with one address left', together(serviceCidr('10.96.0.0/27'), services('10.96.0.', 18, 30))],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('CAP-405 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['no range', services('10.96.0.', 1, 14), ['the service range is not known']],
    ['no Services', together(inMode('calico'), serviceCidr('10.96.0.0/28')), ['Service addresses in use are not known: the input holds no services']],
    ['no Services, but their records', together(serviceCidr('10.96.0.0/28'), allocations('10.96.0.', 1, 2)), []],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
