// CAP-406 on subnets that a cloud lists.
import { describe, expect, it } from 'vitest'
import type { CloudSubnet, InventoryPart } from '../../src/model/inventory.ts'
import { parseCidr, parseRange } from '../../src/net/index.ts'
import { poolOrSubnetExhaustion as rule } from '../../src/rules/pool-or-subnet-exhaustion.ts'
import { findings } from './check-rule.ts'

const subnet = (cidr: string, used: readonly string[] | undefined, rest: Partial<CloudSubnet> = {}): InventoryPart => ({
  subnets: [
    {
      provider: 'aws',
      id: 'subnet-a',
      cidr: parseCidr(cidr),
      unattached: [],
      origin: 'cloud/s.json',
      ...(used === undefined ? {} : { used: used.map(parseRange) }),
      ...rest,
    },
  ],
})
const brief = (part: InventoryPart) => findings(rule, part).map(({ severity, confidence, cause }) => `${severity} ${confidence} ${cause}`)

describe('CAP-406 on cloud subnets', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['full by the cloud’s count', subnet('10.0.0.0/24', undefined, { free: 0n }), ['high certain subnet-full']],
    ['full by the list', subnet('10.0.0.0/28', ['10.0.0.0/28']), ['high certain subnet-full']],
    [
      'fragments where blocks are in use',
      subnet('10.0.0.0/26', ['10.0.0.0/28', '10.0.0.20', '10.0.0.40', '10.0.0.60']),
      ['medium certain fragmentation'],
    ],
    [
      'fragments where nobody is seen to use blocks',
      subnet('10.0.0.0/26', ['10.0.0.7', '10.0.0.20', '10.0.0.40', '10.0.0.60']),
      ['medium possible fragmentation'],
    ],
    ['room for a block', subnet('10.0.0.0/26', ['10.0.0.0/28', '10.0.0.20', '10.0.0.40']), []],
    ['T23: many addresses attached in advance', subnet('10.0.0.0/24', ['10.0.0.0/25', '10.0.0.128/26'], { free: 64n }), []],
    ['few free addresses that could make no block', subnet('10.0.0.0/28', ['10.0.0.0/29']), []],
    ['no list', subnet('10.0.0.0/24', undefined, { free: 40n }), []],
    ['a subnet smaller than a block', subnet('10.0.0.0/29', []), []],
  ])('%s', (_, part, expected) => expect(brief(part)).toEqual(expected))

  it('names what is left over from machines that are gone', () => {
    const unattached = [{ id: 'eni-9', ranges: [parseRange('10.0.0.5'), parseRange('10.0.0.16/28')] }]
    const [found] = findings(rule, subnet('10.0.0.0/24', undefined, { free: 0n, unattached }))
    expect(found?.message).toBe('subnet subnet-a (10.0.0.0/24) has no free address; 17 addresses are held by 1 interface that nothing is attached to')
    expect(found).toMatchObject({ addresses: ['10.0.0.0/24'], fix: { playbook: 'R14' } })
    expect(found?.evidence[1]).toEqual({ source: 'cloud/s.json', fact: 'eni-9 holds 10.0.0.5, 10.0.0.16/28 and is attached to nothing' })
  })
})
