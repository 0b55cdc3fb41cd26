import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { nonRunningPodHoldsAddress } from '../../src/rules/non-running-pod-holds-address.ts'
import { directory, file, minutes, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { allocation, pool } from '../stores.ts'
import { shown } from './violations.ts'

const held = (rest: Parameters<typeof pod>[3], subnet = '10.9.1.0/24', files = [file('10.9.1.9', 'job', 60)]): InventoryPart => ({
  nodes: [node('n1', [subnet])],
  pods: [pod('a/job', 'n1', ['10.9.1.9'], rest)],
  nodeStates: [nodeState('n1', [network('lan', [subnet])], [directory('n1', 'lan', files)])],
})

test.each<[string, InventoryPart, string[]]>([
  ['a finished pod with its file still there', held({ phase: 'Succeeded' }), ['low/likely 10.9.1.9 n1']],
  ['a pod stuck in termination', held({ deletedAt: NOW - minutes(60) }), ['low/likely 10.9.1.9 n1']],
  ['more than a tenth of a small range', held({ phase: 'Failed' }, '10.9.1.8/29', [file('10.9.1.9', 'job', 60)]), ['medium/likely 10.9.1.9 n1']],
])('LEAK-205 reports: %s', (_, part, expected) => expect(shown(nonRunningPodHoldsAddress, part)).toEqual(expected))

test.each<[string, InventoryPart]>([
  ['the file is gone already', held({ phase: 'Succeeded' }, '10.9.1.0/24', [])],
  ['the file is younger than the grace', held({ phase: 'Succeeded' }, '10.9.1.0/24', [file('10.9.1.9', 'job', 4)])],
  ['the pod is on its way out', held({ deletedAt: NOW - minutes(1) })],
  ['the pod runs', held({})],
])('LEAK-205 stays silent: %s', (_, part) => expect(shown(nonRunningPodHoldsAddress, part)).toEqual([]))

describe('LEAK-205: records in custom resources', () => {
  const lan = (capacity: bigint) => pool('whereabouts', 'lan', ['10.20.0.0/24'], { capacity, use: 'attachments', domain: 'whereabouts' })
  const kept = allocation('whereabouts', 'lan', '10.20.0.5', 'shop/job', { domain: 'whereabouts' })
  const done = pod('shop/job', 'n1', ['10.9.0.9'], { phase: 'Succeeded' })
  test.each<[string, InventoryPart, string[]]>([
    ['a finished pod', { pods: [done], pools: [lan(100n)], allocations: [kept] }, ['low/likely 10.20.0.5 n1']],
    ['more than a tenth of the pool', { pods: [done], pools: [lan(9n)], allocations: [kept] }, ['medium/likely 10.20.0.5 n1']],
    [
      'stuck in termination',
      { pods: [pod('shop/job', 'n1', ['10.9.0.9'], { deletedAt: NOW - minutes(20) })], pools: [lan(100n)], allocations: [kept] },
      ['low/likely 10.20.0.5 n1'],
    ],
    ['new since the pods were read', { pods: [done], pools: [lan(9n)], allocations: [{ ...kept, unsettled: true }] }, []],
    ['on its way out', { pods: [pod('shop/job', 'n1', ['10.9.0.9'], { deletedAt: NOW - minutes(1) })], pools: [lan(9n)], allocations: [kept] }, []],
    ['a live pod has the address by now', { pods: [done, pod('shop/next', 'n1', ['10.20.0.5'])], pools: [lan(9n)], allocations: [kept] }, []],
    ['the pod is gone: LEAK-204', { pods: [pod('shop/next', 'n1', ['10.9.0.1'])], pools: [lan(9n)], allocations: [kept] }, []],
    ['Calico has rules of its own', { pods: [done], allocations: [{ ...kept, system: 'calico' }] }, []],
  ])('%s', (_, part, expected) => expect(shown(nonRunningPodHoldsAddress, part)).toEqual(expected))
})
