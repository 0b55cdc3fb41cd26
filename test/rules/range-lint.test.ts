// CFG-602: what the readers found wrong with ranges, and two configurations that share a directory.
import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/model/inventory.ts'
import { rangeLint as rule } from '../../src/rules/range-lint.ts'
import { inventory, network, nodeState } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const problem = (message: string, rest: Partial<Problem> = {}): Problem => ({
  kind: 'wrong-range',
  source: 'nodes/n1',
  subject: 'etc/cni/net.d/10-podnet.conflist',
  message,
  origin: 'nodes/n1/etc/cni/net.d/10-podnet.conflist',
  node: 'n1',
  ...rest,
})
const twice = (name: string, a: string, b: string, rest = {}) =>
  nodeState(name, [network('podnet', [a]), network('podnet', [b], { file: 'etc/cni/net.d/20-podnet.conflist', order: 1, ...rest })], [])

describe('flagged', () => {
  test.each([
    [
      'one finding for each problem, its text canonical',
      inventory({
        problems: [
          problem('subnet 10.22.5.9/30 has host bits set', { addresses: ['10.22.5.9/30'] }),
          problem('rangeStart 10.22.5.9 is after rangeEnd 10.22.5.3', { addresses: ['10.22.5.09', '010.22.5.3', 'rubbish'] }),
        ],
      }),
      ['high wrong-range | 10.22.5.8/30 | n1', 'high wrong-range | 10.22.5.9 10.22.5.3 | n1'],
    ],
    ['of an object without a node', inventory({ problems: [problem('bad', { node: undefined as never })] }), ['high wrong-range']],
    [
      'one name, one directory, two ranges',
      inventory({ nodeStates: [twice('n1', '10.9.0.0/24', '10.8.0.0/24')] }),
      ['high one-directory-two-ranges | 10.8.0.0/24 10.9.0.0/24 | n1'],
    ],
    [
      'the same on several nodes is one finding',
      inventory({
        nodeStates: [twice('n1', '10.9.0.0/24', '10.8.0.0/24'), twice('n2', '10.9.0.0/24', '10.8.0.0/24'), twice('n3', '10.9.0.0/24', '10.7.0.0/24')],
      }),
      ['high one-directory-two-ranges | 10.7.0.0/24 10.9.0.0/24 | n3', 'high one-directory-two-ranges | 10.8.0.0/24 10.9.0.0/24 | n1 n2'].reverse(),
    ],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })

  test('the message is the reader’s, and the file is part of the fingerprint', () => {
    const findings = findingsOf(rule, inventory({ problems: [problem('too small'), problem('too small', { subject: 'other.conf' })] }))
    expect(findings.map(({ message }) => message)).toEqual(['too small', 'too small'])
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  })
})

describe('silent', () => {
  test.each([
    [
      'other problems',
      inventory({
        problems: [problem('no JSON', { kind: 'unreadable' }), problem('zeros', { kind: 'ambiguous' })],
        nodeStates: [nodeState('n1', [network('podnet', ['10.9.0.0/24'])], [])],
      }),
    ],
    ['the same network read twice', inventory({ nodeStates: [twice('n1', '10.9.0.0/24', '10.9.0.0/24')] })],
    ['one name in two data directories', inventory({ nodeStates: [twice('n1', '10.9.0.0/24', '10.8.0.0/24', { dataDir: '/run/cni' })] })],
    ['ranges that are filled in at run time', inventory({ nodeStates: [twice('n1', '10.9.0.0/24', '10.8.0.0/24', { rangesFromNode: true })] })],
    [
      'one name on two nodes',
      inventory({
        nodeStates: [nodeState('n1', [network('podnet', ['10.9.0.0/24'])], []), nodeState('n2', [network('podnet', ['10.8.0.0/24'])], [])],
      }),
    ],
  ])('%s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  const reason = 'ranges in CNI configuration: the input holds no usable CNI configuration of any node'
  expect(gapsOf(rule, inventory({}))).toEqual([`!${reason}`])
  // A configuration that is wrong altogether is still one that was looked at.
  expect(gapsOf(rule, inventory({ problems: [problem('bad')] }))).toEqual([reason])
})
