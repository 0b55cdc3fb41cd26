// CFG-604: one finding for each object, and one for all when a program writes them all.
import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/model/inventory.ts'
import { ambiguousAddressText as rule } from '../../src/rules/ambiguous-address-text.ts'
import { inventory } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const odd = (subject: string, text: string, rest: Partial<Problem> = {}): Problem => ({
  kind: 'ambiguous',
  source: 'pods',
  subject,
  message: `Pod ${subject}: status.podIP "${text}": odd`,
  origin: 'cluster/pods.json',
  addresses: [text],
  ...rest,
})
const many = (count: number) => Array.from({ length: count }, (_, i) => odd(`shop/p${100 + i}`, `10.0.0.0${i}`))

describe('flagged', () => {
  test.each([
    ['leading zeros', [odd('shop/a', '10.010.0.1')], ['low - | 10.10.0.1']],
    [
      'IPv4-mapped, a zone, capitals',
      [odd('a', '::ffff:10.0.0.1'), odd('b', 'fe80::1%eth0'), odd('c', 'FD00::1')],
      ['low - | 10.0.0.1', 'low - | fd00::1', 'low - | fe80::1'],
    ],
    ['host bits in a network', [odd('n1', '10.244.1.5/24', { source: 'nodes', node: 'n1' })], ['low - | 10.244.1.0/24 | n1']],
    ['several in one object', [odd('shop/a', '10.0.0.01'), odd('shop/a', '10.0.0.02')], ['low - | 10.0.0.1 10.0.0.2']],
    ['twenty objects', many(20), many(20).map((_, i) => `low - | 10.0.0.${i}`)],
    [
      'twenty-one objects',
      many(21),
      [
        `low many | ${many(21)
          .map((_, i) => `10.0.0.${i}`)
          .join(' ')}`,
      ],
    ],
  ])('%s', (_, problems, expected) => {
    expect(found(rule, inventory({ problems }))).toEqual(expected)
  })

  test('the messages name objects and the oddity', () => {
    expect(findingsOf(rule, inventory({ problems: [odd('shop/a', '10.0.0.01'), odd('shop/a', '10.0.0.02')] }))[0]?.message).toBe(
      'Pod shop/a: status.podIP "10.0.0.01": odd, and 1 more in the same object',
    )
    expect(findingsOf(rule, inventory({ problems: many(21) }))[0]?.message).toBe(
      '21 pods hold address text that is ambiguous (leading zeros: octal or decimal?): shop/p100, shop/p101, shop/p102, shop/p103, shop/p104 and 16 more',
    )
  })
})

describe('silent', () => {
  test.each([
    ['other problems', [odd('a', '10.0.0.01', { kind: 'unreadable' }), odd('b', '10.0.0.1/24', { kind: 'wrong-range' })]],
    ['names that the API server writes', [odd('2001:DB8::1', '2001:DB8::1', { source: 'ipaddresses' })]],
  ])('%s', (_, problems) => {
    expect(found(rule, inventory({ problems: problems as Problem[] }))).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  expect(gapsOf(rule, inventory({}))).toEqual(['!ambiguous address text: nothing was read'])
  expect(gapsOf(rule, inventory({ pods: [] }))).toEqual([])
})
