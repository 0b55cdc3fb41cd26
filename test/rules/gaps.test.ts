// What has to have been read whole before a missing object proves anything.
import { expect, test } from 'vitest'
import type { Coverage } from '../../src/model/inventory.ts'
import { needsWhole } from '../../src/rules/facts/gaps.ts'
import { inventory } from '../inventory.ts'

const pods: Coverage = { source: 'pods', status: 'complete', read: 3, error: null }
const broken = (source: string, more: Partial<Coverage> = {}): Coverage => ({ source, status: 'partial', read: 1, error: 'cut off', ...more })
const reasons = (...coverage: Coverage[]) =>
  needsWhole(inventory({ coverage }), 'pods', 'leaks').map(({ reason, incomplete }) => [reason, incomplete])

const unproved: [string, Coverage[], string][] = [
  ['the list itself was cut off', [broken('pods')], 'pods was not read whole (cut off)'],
  ['a file of objects was cut off', [pods, broken('cluster/more.json', { anyKind: true })], 'cluster/more.json was not read whole (cut off)'],
  ['the bundle does not say what it lacks', [pods, broken('bundle.json', { anyKind: true })], 'bundle.json was not read whole (cut off)'],
]

test.each(unproved)('proves nothing: %s', (_, coverage, reason) =>
  expect(reasons(...coverage)).toEqual([[`leaks: ${reason}, so a missing object proves nothing`, true]]),
)

const elsewhere = [
  'ipaddresspools.metallb.io',
  'services',
  'ipamblocks',
  'nodes/n1/var/lib/cni/networks/a',
  'external/offices.csv',
  'foos.example.com',
]

test.each(elsewhere)('no pod can be missing in %s', (source) => expect(reasons(pods, broken(source))).toEqual([]))
