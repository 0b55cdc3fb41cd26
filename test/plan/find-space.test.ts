// Free space: nothing that is taken is touched, and the reason given is the true one.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cidrCovers, cidrsOverlap, formatCidr, parseCidr } from '../../src/net/index.ts'
import { findSpace } from '../../src/plan/find-space.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { verdicts } from './plan.ts'

const search = (within: string, input: RequestInput) =>
  findSpace(readRequest({ clusterCidrs: within, ...input }, { normalize: false }), parseCidr(within))
const found = (within: string, input: RequestInput) =>
  search(within, input).proposals.map(({ cidr, doublings }) => `${formatCidr(cidr)} ${doublings}`)

describe('the best place', () => {
  test('is the smallest gap in which it can double once', () => {
    // Free: 10.130.4.0/22 (exact), 10.130.8.0/21 (once), 10.130.16.0/20 (twice) ...
    expect(found('10.130.0.0/16', { nodes: 4, externalNetworks: ['10.130.0.0/22'] }).slice(0, 3)).toEqual([
      '10.130.8.0/22 1',
      '10.130.16.0/22 2',
      '10.130.32.0/22 3',
    ])
  })
  test('is a gap without room where there is no other', () => {
    expect(found('10.130.0.0/21', { nodes: 4, externalNetworks: ['10.130.0.0/22'] })).toEqual(['10.130.4.0/22 0'])
  })
  test('holds the maximum, the surge and the growth', () => {
    expect(search('10.128.0.0/9', { nodes: 40, maxNodes: 300, surge: '10%' }).prefix).toBe(15)
    expect(search('10.128.0.0/9', { nodes: 200, growth: 30 }).prefix).toBe(15)
    expect(search('fd00::/40', { nodes: 40, maxNodes: 300 }).prefix).toBe(55)
  })
  test('is none that everybody uses, unless there is nothing else', () => {
    expect(found('10.0.0.0/14', { nodes: 200 })[0]).toBe('10.2.0.0/16 1')
    const [only] = search('10.0.0.0/16', { nodes: 200 }).proposals
    expect([only && formatCidr(only.cidr), only?.why]).toEqual([
      '10.0.0.0/16',
      'it fills a gap exactly, and cannot be doubled in place; others are likely to use it too',
    ])
  })
  test('touches neither Services, nodes, container engines nor what a system uses for itself', () => {
    const input = { nodes: 200, serviceCidrs: '10.86.0.0/16', nodeNetworks: ['10.84.0.0/16'] }
    expect(found('10.84.0.0/14', input)).toEqual(['10.87.0.0/16 0']) // 10.85 is CRI-O's
    expect(found('100.64.0.0/15', { nodes: 60, profile: 'kube-ovn', maxPods: 100, owned: '100.64.0.0/15' })[0]).toMatch(/^100\.65\./)
  })
  test('is not to be had: what is free at all is told', () => {
    const { proposals, free } = search('10.130.0.0/20', { nodes: 8, externalNetworks: ['10.130.8.0/21', '10.130.0.0/22'] })
    expect([proposals, free.map(formatCidr)]).toEqual([[], ['10.130.4.0/22']])
  })
})

test('whatever is taken, a proposal is free, inside and aligned, and so is what is said to be free around it', () => {
  const taken = fc.array(fc.record({ at: fc.integer({ min: 0, max: 4095 }), prefix: fc.integer({ min: 18, max: 28 }) }), { maxLength: 30 })
  fc.assert(
    fc.property(taken, fc.integer({ min: 1, max: 100 }), (blocks, nodes) => {
      const others = blocks.map(({ at, prefix }) =>
        formatCidr({ family: 4, base: ((0x0a82_0000n + BigInt(at * 16)) >> BigInt(32 - prefix)) << BigInt(32 - prefix), prefix }),
      )
      for (const { cidr, around } of search('10.130.0.0/16', { nodes, externalNetworks: others }).proposals) {
        expect(parseCidr(formatCidr(cidr))).toEqual(cidr)
        expect(cidrCovers(parseCidr('10.130.0.0/16'), around) && cidrCovers(around, cidr)).toBe(true)
        for (const other of others) expect(cidrsOverlap(parseCidr(other), around)).toBe(false)
      }
    }),
  )
})

describe('PLN-011 with networks outside the cluster', () => {
  const base = { clusterCidrs: '10.130.0.0/16', nodes: 3 }
  test.each<[string, RequestInput, readonly string[]]>([
    ['one that overlaps', { ...base, externalNetworks: [{ range: '10.130.77.0/24', name: 'vpn' }] }, ['high external']],
    ['one around the range', { ...base, externalNetworks: ['10.128.0.0/12'] }, ['high external']],
    ['one that overlaps Services', { ...base, serviceCidrs: '10.131.0.0/20', externalNetworks: ['10.131.15.255'] }, ['high external']],
    ['a neighbour', { ...base, externalNetworks: ['10.131.0.0/16', '10.129.255.255'] }, []],
    ['the nodes’ own network', { ...base, nodeNetworks: ['10.9.0.0/24'], externalNetworks: ['10.9.0.0/24'] }, []],
    ['two that overlap each other', { ...base, externalNetworks: ['10.9.0.0/24', '10.9.0.0/16'] }, []],
  ])('%s', (_, input, expected) => {
    expect(verdicts(input, 'PLN-011')).toEqual(expected)
  })
})
