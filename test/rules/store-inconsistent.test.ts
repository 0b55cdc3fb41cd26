import { expect, test } from 'vitest'
import type { Coverage, Inconsistency } from '../../src/model/inventory.ts'
import { storeInconsistent as rule } from '../../src/rules/store-inconsistent.ts'
import { inventory, minutes, NOW } from '../inventory.ts'
import { found, gapsOf } from './run-one.ts'

const read = (source: string): Coverage => ({ source, status: 'complete', read: 1, error: null })
const coverage = ['pods', 'nodes', 'ipamblocks', 'ipamhandles', 'blockaffinities'].map(read)
const fault = (cause: string, rest: Partial<Inconsistency> = {}): Inconsistency => ({
  system: 'calico',
  subject: 'block 10.48.0.0/29',
  cause,
  message: 'it is odd',
  addresses: ['10.48.0.0/29'],
  origin: 'cluster/ipamblocks.json',
  ...rest,
})
const given = (...inconsistencies: Inconsistency[]) => inventory({ inconsistencies, coverage })

test.each<[string, Inconsistency, readonly string[]]>([
  ['a contradiction', fault('two-affinities', { owners: ['n1', 'n2'] }), ['medium two-affinities | 10.48.0.0/29 |  | n1 n2']],
  ['of another system', fault('counters', { system: 'kube-ovn', minor: true }), ['low counters | 10.48.0.0/29']],
  ['a release time ahead', fault('released-in-future', { mustBePast: NOW + minutes(60) }), ['medium released-in-future | 10.48.0.0/29']],
  ['a release time in the past', fault('released-in-future', { mustBePast: NOW - minutes(1) }), []],
  ['clocks that differ by a minute', fault('released-in-future', { mustBePast: NOW + minutes(1) }), []],
  ['a record of five minutes ago', fault('handle-count', { recordedAt: NOW - minutes(5) }), []],
  ['an old record', fault('handle-count', { recordedAt: NOW - minutes(50) }), ['medium handle-count | 10.48.0.0/29']],
  ['an empty handle, which is a leak', fault('empty-handle'), []],
])('%s', (_, one, expected) => expect(found(rule, given(one))).toEqual(expected))

test('a locked datastore, and lists that are missing, are not silence', () => {
  const locked: Coverage = { source: 'clusterinformations', status: 'partial', read: 1, error: 'the datastore is locked' }
  expect(gapsOf(rule, inventory({ coverage: [...coverage, locked] }))).toEqual(['!~stores against themselves: the datastore is locked'])
  expect(gapsOf(rule, inventory({ coverage: [read('pods')] }))).toEqual(['!stores against themselves: the input holds no ipamblocks'])
})
