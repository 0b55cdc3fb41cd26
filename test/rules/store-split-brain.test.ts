import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { storeSplitBrain } from '../../src/rules/store-split-brain.ts'
import { directory, file, minutes, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { allocation, attachment, on, pool } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const lan = network('lan', ['10.9.1.0/24'])
const part = (files: ReturnType<typeof file>[], pods = [pod('a/x', 'n1', ['10.9.1.2']), pod('a/y', 'n1', ['10.9.1.3'])]): InventoryPart => ({
  nodes: [node('n1', ['10.9.1.0/24'])],
  pods,
  nodeStates: [nodeState('n1', [lan], [directory('n1', 'lan', files)])],
})

test.each<[string, InventoryPart, string[]]>([
  ['the directory was lost under running pods', part([]), ['high/likely 10.9.1.2,10.9.1.3 n1']],
  ['one record is missing', part([file('10.9.1.2', 'x', 60)]), ['high/likely 10.9.1.3 n1']],
  [
    'missing and left over at once: a restored store',
    part([file('10.9.1.2', 'x', 60), file('10.9.1.9', 'old', 600)]),
    ['critical/likely 10.9.1.3 n1'],
  ],
])('DRF-506 reports: %s', (_, given, expected) => expect(shown(storeSplitBrain, given)).toEqual(expected))

test.each<[string, InventoryPart]>([
  ['every pod is recorded', part([file('10.9.1.2', 'x', 60), file('10.9.1.3', 'y', 60)])],
  [
    'the pod is younger than the grace',
    part([file('10.9.1.2', 'x', 60)], [pod('a/x', 'n1', ['10.9.1.2']), pod('a/y', 'n1', ['10.9.1.3'], { startedAt: NOW - minutes(3) })]),
  ],
  [
    'the pod is terminating: its record may be gone first',
    part([file('10.9.1.2', 'x', 60)], [pod('a/x', 'n1', ['10.9.1.2']), pod('a/y', 'n1', ['10.9.1.3'], { deletedAt: NOW })]),
  ],
  ['an address that the store does not cover', part([file('10.9.1.2', 'x', 60)], [pod('a/x', 'n1', ['10.9.1.2']), pod('a/y', 'n1', ['10.77.1.3'])])],
  [
    'host-network and finished pods',
    part([], [pod('a/x', 'n1', ['10.9.1.2'], { hostNetwork: true }), pod('a/y', 'n1', ['10.9.1.3'], { phase: 'Succeeded' })]),
  ],
])('DRF-506 stays silent: %s', (_, given) => expect(shown(storeSplitBrain, given)).toEqual([]))

test('DRF-506 says in words what will happen', () =>
  expect(violations(storeSplitBrain, part([file('10.9.1.2', 'x', 60)]))[0]?.message).toBe(
    '1 live pod on n1 has an address that host-local has no record of, so it will hand them out again',
  ))

test('DRF-506 without any store says that it did not look', () =>
  expect(gapsOf(storeSplitBrain, { pods: [] })).toEqual(['live pods without a record: the input holds no allocation store of the default network']))

describe('DRF-506: secondary networks', () => {
  const lan = pool('whereabouts', 'lan', ['10.20.0.0/24'], { use: 'attachments', domain: 'whereabouts' })
  const definition = attachment('shop/lan', 'whereabouts', ['10.20.0.0/24'], { domain: 'whereabouts' })
  const user = pod('shop/x', 'n1', ['10.9.0.1'], on('shop/lan', '10.20.0.5'))
  const recorded = (ip: string, owner: string, rest = {}) => allocation('whereabouts', 'lan', ip, owner, { domain: 'whereabouts', ...rest })
  const base = { attachments: [definition], pools: [lan], pods: [user] }
  test.each<[string, InventoryPart, string[]]>([
    ['a live pod without an entry', { ...base, allocations: [] }, ['high/likely 10.20.0.5 n1']],
    ['and entries without a pod', { ...base, allocations: [recorded('10.20.0.9', 'shop/gone')] }, ['critical/likely 10.20.0.5 n1']],
    [
      'a second record alone does not help where nobody asks for it',
      { ...base, allocations: [{ ...recorded('10.20.0.5', 'shop/x'), pool: 'overlapping reservations' }] },
      ['high/likely 10.20.0.5 n1'],
    ],
    [
      'a second record alone, which whereabouts asks for before it gives an address',
      { ...base, pools: [{ ...lan, guarded: true }], allocations: [{ ...recorded('10.20.0.5', 'shop/x'), pool: 'overlapping reservations' }] },
      [],
    ],
    [
      'a second record of another network',
      {
        ...base,
        pools: [{ ...lan, guarded: true }],
        allocations: [{ ...recorded('10.20.0.5', 'shop/x', { domain: 'whereabouts:red' }), pool: 'overlapping reservations' }],
      },
      ['high/likely 10.20.0.5 n1'],
    ],
    ['recorded', { ...base, allocations: [recorded('10.20.0.5', 'shop/x')] }, []],
    ['younger than the grace', { ...base, pods: [{ ...user, startedAt: NOW - minutes(14) }], allocations: [] }, []],
    ['terminating', { ...base, pods: [{ ...user, deletedAt: NOW }], allocations: [] }, []],
    ['finished', { ...base, pods: [{ ...user, phase: 'Succeeded' }], allocations: [] }, []],
    ['another plugin gave it', { ...base, attachments: [{ ...definition, ipam: 'static' }], allocations: [] }, []],
    ['a definition that was not given', { ...base, attachments: [], allocations: [] }, []],
    ['outside of the pool', { ...base, pods: [pod('shop/x', 'n1', ['10.9.0.1'], on('shop/lan', '10.21.0.5'))], allocations: [] }, []],
  ])('%s', (_, part, expected) => expect(shown(storeSplitBrain, part)).toEqual(expected))
})
