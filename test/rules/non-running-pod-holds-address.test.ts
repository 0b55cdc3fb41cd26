import { expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { nonRunningPodHoldsAddress } from '../../src/rules/non-running-pod-holds-address.ts'
import { directory, file, minutes, NOW, network, node, nodeState, pod } from '../inventory.ts'
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
