// Sets of ranges, and what host-local refuses of them.
import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { at, FILE, hostLocal, problems } from './configurations.ts'

describe('sets that host-local refuses', () => {
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
