import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import type { NodeState, Sandbox } from '../../src/model/node-state.ts'
import { staleAllocationFile } from '../../src/rules/stale-allocation-file.ts'
import { directory, file, minutes, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { gapsOf, shown, violations } from './violations.ts'

const pods = [pod('a/x', 'n1', ['10.9.1.2'])]
const nodes = [node('n1', ['10.9.1.0/24'])]
const lan = network('lan', ['10.9.1.0/24'])
const live = file('10.9.1.2', 'live', 60)
const stale = file('10.9.1.9', 'dead', 60)

/** One node `n1` with one directory; `rest` changes the node's state. */
function state(files = [live, stale], rest: Partial<NodeState> = {}): InventoryPart {
  return { pods, nodes, nodeStates: [nodeState('n1', [lan], [directory('n1', 'lan', files)], rest)] }
}
const sandbox = (id: string, ready: boolean): Sandbox => ({
  id,
  namespace: 'a',
  name: 'x',
  uid: 'uid-a/x',
  attempt: 0,
  ready,
  createdAt: NOW - minutes(60),
})
const causes = (part: InventoryPart) => violations(staleAllocationFile, part).map((violation) => violation.cause)

const flagged: [string, InventoryPart, string[]][] = [
  ['an old file without a pod', state(), ['medium/likely 10.9.1.9 n1']],
  ['the runtime does not know its owner', state([live, stale], { sandboxes: [sandbox('live', true)] }), ['medium/certain 10.9.1.9 n1']],
  ['older than the last boot', state([live, file('10.9.1.9', 'dead', 90)], { bootTime: NOW - minutes(70) }), ['medium/certain 10.9.1.9 n1']],
  [
    'just rebooted, but the listing does not know the owner',
    state([live, file('10.9.1.9', 'dead', 3)], { bootTime: NOW - minutes(2), sandboxes: [sandbox('live', true)] }),
    ['medium/certain 10.9.1.9 n1'],
  ],
  [
    'a sandbox that is not ready any more',
    state([live, stale], { sandboxes: [sandbox('live', true), sandbox('dead', false)] }),
    ['medium/likely 10.9.1.9 n1'],
  ],
  ['times lost in copying: possible only', state([live, stale], { timesKnown: false }), ['medium/possible 10.9.1.9 n1']],
  ['a pod of another node has the address', { ...state(), pods: [...pods, pod('a/y', 'n2', ['10.9.1.9'])] }, ['medium/likely 10.9.1.9 n1']],
  [
    'T4: a blind pod spares one file, not an older one',
    {
      ...state([live, stale, file('10.9.1.10', 'dead2', 50)]),
      pods: [...pods, pod('a/new', 'n1', [], { phase: 'Pending', scheduledAt: NOW - minutes(55) })],
    },
    ['medium/likely 10.9.1.9 n1'],
  ],
]

const silent: [string, InventoryPart][] = [
  ['every file has its pod', state([live])],
  ['younger than the grace', state([live, file('10.9.1.9', 'dead', 5)])],
  [
    'T4: one blind pod that was scheduled before the file was written',
    { ...state(), pods: [...pods, pod('a/new', 'n1', [], { phase: 'Pending', scheduledAt: NOW - minutes(70) })] },
  ],
  ['just rebooted: kubelet is still cleaning up', state([live, file('10.9.1.9', 'dead', 30)], { bootTime: NOW - minutes(5) })],
  [
    'the runtime runs the sandbox, the API does not show the pod yet',
    state([live, stale], { sandboxes: [sandbox('live', true), sandbox('dead', true)] }),
  ],
  ['T1: only a finished pod shows it, that is LEAK-205', { ...state(), pods: [...pods, pod('a/job', 'n1', ['10.9.1.9'], { phase: 'Succeeded' })] }],
  ['T3: a pod on its way out still holds it', { ...state(), pods: [...pods, pod('a/old', 'n1', ['10.9.1.9'], { deletedAt: NOW - minutes(1) })] }],
  [
    'T19: a network of another engine',
    {
      ...state([live]),
      nodeStates: [
        nodeState('n1', [lan, network('podman', ['10.88.0.0/16'], { order: 1 })], [directory('n1', 'podman', [file('10.88.0.5', 'c', 600)])]),
      ],
    },
  ],
  [
    'an unreferenced directory belongs to CFG-603',
    { ...state([live]), nodeStates: [nodeState('n1', [lan], [directory('n1', 'old', [file('10.7.0.5', 'c', 600)])])] },
  ],
  [
    'T22: a secondary address from the network status',
    {
      ...state([live]),
      pods: [pod('a/x', 'n1', ['10.9.1.2'], { interfaces: [{ network: 'a/net', name: 'net1', addresses: [{ family: 4, value: 0x0a3c0004n }] }] })],
      nodeStates: [
        nodeState('n1', [lan, network('net', ['10.60.0.0/24'], { order: undefined })], [directory('n1', 'net', [file('10.60.0.4', 'live', 60)])]),
      ],
    },
  ],
]

describe('LEAK-201', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(staleAllocationFile, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(staleAllocationFile, part)).toEqual([]))
  test('stays silent: the pod list is older than the file', () =>
    expect(shown(staleAllocationFile, state(), { collectedAt: NOW - minutes(50) })).toEqual([]))
  test('pods were listed long after the node was read: possible only', () =>
    expect(shown(staleAllocationFile, state(), { collectedAt: NOW + minutes(30) })).toEqual(['medium/possible 10.9.1.9 n1']))

  test('names a cause for each kind of stale file', () => {
    expect(causes(state([live, stale]))).toEqual(['unknown-owner'])
    expect(causes(state([live, file('10.9.1.9', '', 60, { fault: 'empty', size: 0 })]))).toEqual(['empty-file'])
    expect(causes(state([live, file('10.77.1.9', 'dead', 60)]))).toEqual(['out-of-range'])
    expect(causes(state([live, file('10.9.1.9', 'dead', 90)], { bootTime: NOW - minutes(70) }))).toEqual(['before-last-boot'])
    expect(causes({ ...state(), events: [{ kind: 'sandbox-failed', subject: 'a/web', sandbox: 'dead', origin: 'events' }] })).toEqual(['retry'])
  })

  test('names the pod that a result cache or an event remembers', () => {
    const [found] = violations(staleAllocationFile, {
      ...state(),
      events: [{ kind: 'sandbox-failed', subject: 'a/web', sandbox: 'dead', origin: 'events' }],
    })
    expect(found?.owners).toEqual(['dead', 'a/web'])
    expect(found?.message).toBe(
      '10.9.1.9 on n1 is taken in network lan and no pod there has it: left by a sandbox that failed or was replaced; the retry took another address (a/web)',
    )
  })

  test('is high when the stale files push the range over four fifths', () => {
    const small = network('lan', ['10.9.1.0/28']) // 13 usable
    const files = Array.from({ length: 11 }, (_, i) => file(`10.9.1.${i + 2}`, `id${i}`, 60))
    const holders = files.slice(0, 9).map((entry, i) => pod(`a/p${i}`, 'n1', [entry.name]))
    const part = { nodes, pods: holders, nodeStates: [nodeState('n1', [small], [directory('n1', 'lan', files)])] }
    expect(shown(staleAllocationFile, part)).toEqual(['high/likely 10.9.1.11 n1', 'high/likely 10.9.1.12 n1'])
  })

  test('does not look, and says so, without pods, state, or the node', () => {
    expect(gapsOf(staleAllocationFile, { pods })).toEqual(['stale allocation files: the input holds no host-local state of any node'])
    expect(gapsOf(staleAllocationFile, { nodeStates: state().nodeStates ?? [] })).toEqual(['stale allocation files: the input holds no pods'])
    expect(gapsOf(staleAllocationFile, { ...state(), nodes: [node('n7', [])], pods: [pod('a/x', 'n7', [])] })).toEqual([
      'allocation files of n1: no node or pod of that name is in the input, so nothing says whose they are',
    ])
    expect(shown(staleAllocationFile, { ...state(), nodes: [node('n7', [])], pods: [pod('a/x', 'n7', [])] })).toEqual([])
  })

  test('a definition of a secondary network that cannot be read hides no pod', () => {
    const complete = ['pods', 'nodes'].map((source) => ({ source, status: 'complete' as const, read: 9, error: null }))
    const coverage = [...complete, { source: 'network-attachment-definitions', status: 'partial' as const, read: 1, error: 'not JSON' }]
    expect(shown(staleAllocationFile, { ...state(), coverage })).toEqual(shown(staleAllocationFile, state()))
    expect(shown(staleAllocationFile, state())).not.toEqual([])
  })

  test('a pod list read in part proves nothing', () => {
    const coverage = [{ source: 'pods', status: 'partial' as const, read: 3, error: 'cut off' }]
    expect(shown(staleAllocationFile, { ...state(), coverage })).toEqual([])
    expect(gapsOf(staleAllocationFile, { ...state(), coverage })).toEqual([
      'stale allocation files: pods was not read whole (cut off), so a missing object proves nothing',
    ])
  })
})
