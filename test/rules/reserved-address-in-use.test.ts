import { describe, expect, it } from 'vitest'
import type { Allocation, InventoryPart, Owner, Pool, Reservation } from '../../src/model/inventory.ts'
import { parseAddress, parseRange } from '../../src/net/index.ts'
import { reservedAddressInUse as rule } from '../../src/rules/reserved-address-in-use.ts'
import { together } from '../cluster-ranges.ts'
import { minutes, NOW, pod } from '../inventory.ts'
import { findings, reasons, reversed } from './check-rule.ts'

const reserved = (text: string, rest: Partial<Reservation> = {}): InventoryPart => ({
  reservations: [{ system: 'calico', domain: 'default', range: parseRange(text), why: 'IPReservation printers', origin: 'r.json', ...rest }],
})
const given = (text: string, owner: Partial<Owner> = {}, rest: Partial<Allocation> = {}): InventoryPart => ({
  allocations: [
    {
      system: 'calico',
      pool: 'p',
      domain: 'default',
      address: parseAddress(text),
      owner: { kind: 'pod', id: 'shop/a', ...owner },
      origin: 'a.json',
      ...rest,
    },
  ],
})
const pool = (text: string, rest: Partial<Pool> = {}): InventoryPart => ({
  pools: [
    { system: 'calico', name: 'p', domain: 'default', family: 4, ranges: [parseRange(text)], certainty: 'declared', origin: 'p.json', ...rest },
  ],
})
const shows = (...ips: string[]): InventoryPart => ({ pods: ips.map((ip, i) => pod(`shop/p${i}`, `n${i}`, [ip])) })
const brief = (...parts: InventoryPart[]) =>
  findings(rule, ...parts).map(({ severity, cause, addresses, owners }) => `${severity} ${cause} ${addresses} ${owners}`)

describe('DRF-507 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['an allocation in a reservation', together(reserved('10.4.0.8/29'), given('10.4.0.9')), ['medium reserved 10.4.0.9 shop/a']],
    ['a gateway, high', together(reserved('10.4.0.1', { gateway: true }), given('10.4.0.1')), ['high gateway 10.4.0.1 shop/a']],
    [
      'a Service and a machine too',
      together(reserved('10.4.0.0/24'), given('10.4.0.9', { kind: 'service', id: 'shop/s' }), given('10.4.0.3', { kind: 'machine', id: 'vm' })),
      ['medium reserved 10.4.0.3,10.4.0.9 vm,shop/s'],
    ],
    [
      'what was taken before, low',
      together(reserved('10.4.0.9', { since: NOW }), given('10.4.0.9', {}, { recordedAt: NOW - minutes(9) })),
      ['low older-than-reservation 10.4.0.9 shop/a'],
    ],
    [
      'what was taken afterwards',
      together(reserved('10.4.0.9', { since: NOW - minutes(9) }), given('10.4.0.9', {}, { recordedAt: NOW })),
      ['medium reserved 10.4.0.9 shop/a'],
    ],
    [
      'what the record says is older, whatever the pod shows',
      together(
        reserved('10.4.0.9', { since: NOW - minutes(180) }),
        pool('10.4.0.0/24'),
        shows('10.4.0.9'),
        given('10.4.0.9', { id: 'shop/p0' }, { recordedAt: NOW - minutes(200) }),
      ),
      ['low older-than-reservation 10.4.0.9 shop/p0'],
    ],
    ['no time of the record', together(reserved('10.4.0.9', { since: NOW }), given('10.4.0.9')), ['medium reserved 10.4.0.9 shop/a']],
    [
      'a live pod inside the allocator’s pool',
      together(reserved('10.4.0.9'), pool('10.4.0.0/24'), shows('10.4.0.9')),
      ['medium reserved 10.4.0.9 shop/p0'],
    ],
    [
      'record and pod as one',
      together(reserved('10.4.0.9'), pool('10.4.0.0/24'), shows('10.4.0.9'), given('10.4.0.9', { id: 'shop/p0' })),
      ['medium reserved 10.4.0.9 shop/p0'],
    ],
    [
      'a secondary network in its own domain',
      together(
        reserved('10.4.0.9', { domain: 'lan', system: 'whereabouts' }),
        pool('10.4.0.0/24', { domain: 'lan', system: 'whereabouts' }),
        {
          attachments: [
            { id: 'shop/lan', network: 'lan-net', domain: 'lan', plugin: 'macvlan', ipam: 'whereabouts', ranges: [], shared: true, origin: 'nad' },
          ],
        },
        { pods: [pod('shop/x', 'n1', ['10.1.0.5'], { interfaces: [{ network: 'shop/lan', name: 'net1', addresses: [parseAddress('10.4.0.9')] }] })] },
      ),
      ['medium reserved 10.4.0.9 shop/x'],
    ],
  ])('%s', (_, part, expected) => expect(brief(part)).toEqual(expected))

  it('is the same whatever the order of the input', () => {
    const part = together(reserved('10.4.0.8/29'), given('10.4.0.9'), given('10.4.0.11', { id: 'shop/b' }), reserved('10.4.0.9', { why: 'router' }))
    expect(findings(rule, reversed(part))).toEqual(findings(rule, part))
  })
})

describe('DRF-507 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['addresses beside the reservation', together(reserved('10.4.0.8/29'), given('10.4.0.16'), given('10.4.0.7'))],
    ['T24: another domain', together(reserved('10.4.0.9'), given('10.4.0.9', {}, { domain: 'vpc-b' }))],
    ['another allocator', together(reserved('10.4.0.9'), given('10.4.0.9', {}, { system: 'kube-ovn' }))],
    [
      'what the allocator keeps itself',
      together(reserved('10.4.0.9'), given('10.4.0.9', { kind: 'node', id: 'n1' }), given('10.4.0.9', { kind: 'unknown', id: 'windows-reserved' })),
    ],
    ['records that just changed', together(reserved('10.4.0.9'), given('10.4.0.9', {}, { unsettled: true }))],
    ['pods of another network', together(reserved('10.4.0.9'), shows('10.4.0.9'))],
    ['finished pods', together(reserved('10.4.0.9'), pool('10.4.0.0/24'), { pods: [pod('x', 'n1', ['10.4.0.9'], { phase: 'Succeeded' })] })],
  ])('%s', (_, part) => expect(brief(part)).toEqual([]))
})

it.each<[string, InventoryPart, string[]]>([
  ['nothing reserved', given('10.4.0.9'), ['no reservation, exclusion or gateway is known']],
  ['no pods', together(reserved('10.4.0.9'), given('10.4.0.9')), ['1 reservation held against records only: the input holds no pods']],
  ['nothing missing', together(reserved('10.4.0.9'), shows('10.1.0.1')), []],
])('DRF-507 says what it could not look at: %s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
