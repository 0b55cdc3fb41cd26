import { expect, test } from 'vitest'
import type { Coverage } from '../../../src/model/inventory.ts'
import { needsSystem } from '../../../src/rules/facts/gaps.ts'
import { inventory } from '../../inventory.ts'

const FULL = 'ippools.crd.projectcalico.org'
const entry = (source: string, rest: Partial<Coverage> = {}): Coverage => ({ source, status: 'absent', read: 0, error: 'not served', ...rest })
const reasons = (source: string, ...coverage: Coverage[]) => needsSystem(inventory({ coverage }), source, 'pools').map(({ reason }) => reason)

test.each<[string, string, Coverage[], string[]]>([
  ['not served, by its full name', 'ippools', [entry(FULL)], []],
  ['not served, asked by its full name', FULL, [entry(FULL)], []],
  ['served by neither of two groups', 'ippools', [entry(FULL), entry('ippools.projectcalico.org')], []],
  [
    'served by one of two groups, and forbidden',
    'ippools',
    [entry(FULL), entry('ippools', { status: 'forbidden' })],
    ['pools: not allowed to read ippools'],
  ],
  ['left out of a bundle', 'ippools', [entry('ippools', { error: null })], ['pools: the input holds no ippools']],
  ['another kind is not served', 'ippools', [entry('ippoolsets.example.com')], ['pools: the input holds no ippools']],
])('a kind of some clusters only: %s', (_, source, coverage, expected) => expect(reasons(source, ...coverage)).toEqual(expected))
