import { describe, expect, it } from 'vitest'
import type { InventoryPart, Pod } from '../../src/model/inventory.ts'
import { nodeRangeFull as rule } from '../../src/rules/node-range-full.ts'
import { inMode, together } from '../cluster-ranges.ts'
import { directory, file, network, node, nodeState, pod } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
/** Pods at consecutive addresses of 10.1.0.0/28, which has 13 for pods: .2 to .14. */
const pods = (count: number, from = 2, rest: Partial<Pod> = {}): InventoryPart => ({
  pods: Array.from({ length: count }, (_, i) => pod(`shop/p${from + i}`, 'n1', [`10.1.0.${from + i}`], rest)),
})
const files = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => file(`10.1.0.${from + i}`, `box${from + i}`, 60))
const state = (from: number, to: number, net = network('podnet', ['10.1.0.0/28'])): InventoryPart => ({
  nodeStates: [nodeState('n1', [net], [directory('n1', 'podnet', files(from, to))])],
})
const small: InventoryPart = { nodes: [node('n1', ['10.1.0.0/28'])] }

describe('CAP-402 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['a full range by its pods alone', together(flannel, small, pods(13)), ['critical [10.1.0.0/28] n1']],
    ['nine tenths', together(flannel, small, pods(12)), ['high [10.1.0.0/28] n1']],
    ['all addresses but two as high', together(flannel, { nodes: [node('n1', ['10.1.0.0/24'])] }, pods(251)), ['high [10.1.0.0/24] n1']],
    ['four fifths', together(flannel, small, pods(11)), ['medium [10.1.0.0/28] n1']],
    ['files and pods together, each address once', together(flannel, small, pods(7), state(5, 14)), ['critical [10.1.0.0/28] n1']],
    ['files of a node that the API does not know', together(state(2, 14), { pods: [] }), ['critical [10.1.0.0/28] n1']],
    [
      'T11: host-local on a node whatever the others use',
      together(inMode('calico'), { nodes: [node('n1', [])] }, pods(1), state(2, 14)),
      ['critical [10.1.0.0/28] n1'],
    ],
    [
      'the family that is full, beside a large one',
      together(
        flannel,
        { nodes: [node('n1', ['10.1.0.0/28', 'fd00::/64'])] },
        { pods: Array.from({ length: 13 }, (_, i) => pod(`shop/p${i}`, 'n1', [`10.1.0.${i + 2}`, `fd00::${i + 2}`])) },
      ),
      ['critical [10.1.0.0/28] n1'],
    ],
    [
      'one of two range sets of a family',
      together(flannel, small, pods(0), state(2, 14, network('podnet', ['10.1.0.0/28', '10.2.0.0/24']))),
      ['critical [10.1.0.0/28] n1'],
    ],
    [
      'files with a fault: the name blocks the address',
      together(flannel, small, {
        nodeStates: [
          nodeState(
            'n1',
            [network('podnet', ['10.1.0.0/28'])],
            [
              directory(
                'n1',
                'podnet',
                files(2, 14).map((f) => ({ ...f, fault: 'empty' as const })),
              ),
            ],
          ),
        ],
      }),
      ['critical [10.1.0.0/28] n1'],
    ],
  ])('%s', (_, part, expected) => {
    const found = findings(rule, part)
    expect(brief(found)).toEqual(expected)
    expect(findings(rule, reversed(part))).toEqual(found)
  })

  it('says how much is leaked, and takes the playbook that fits', () => {
    const [leaking] = findings(rule, flannel, small, pods(10), state(5, 14))
    expect(leaking).toMatchObject({
      message: 'n1: 13 of 13 usable addresses of 10.1.0.0/28 are taken; 3 (23 %) have an allocation file and no live pod',
      cause: 'leaks',
      fix: { playbook: 'R2' },
    })
    expect(leaking?.evidence).toEqual([
      { source: 'cluster/nodes.json', fact: '13 addresses of 10.1.0.0/28 can be handed out; 10 live pods' },
      { source: 'nodes/n1', fact: '13 of them have an allocation file or a live pod' },
    ])
    expect(leaking?.fix.steps[0]).toContain('Cordon')
    const [busy] = findings(rule, flannel, small, pods(11), state(4, 14))
    expect(busy).toMatchObject({ cause: 'pods', fix: { playbook: 'R7' }, message: expect.stringContaining('; 2 (15 %)') })
    const [bare] = findings(rule, flannel, small, pods(13))
    expect(bare?.message).toBe('n1: 13 of 13 usable addresses of 10.1.0.0/28 are taken')
  })
})

describe('CAP-402 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['less than four fifths', together(flannel, small, pods(10))],
    ['T1: finished pods', together(flannel, small, pods(13, 2, { phase: 'Succeeded' }))],
    ['pods on the host network', together(flannel, small, pods(13, 2, { hostNetwork: true }))],
    ['T11: ranges that pods do not draw from', together(inMode('calico'), small, pods(13))],
    [
      'T19: files of another network',
      together(flannel, small, pods(1), {
        nodeStates: [nodeState('n1', [network('podnet', ['10.1.0.0/28'])], [directory('n1', 'podman', files(2, 14))])],
      }),
    ],
    [
      'files outside the range',
      together(flannel, { nodes: [node('n1', ['10.3.0.0/28'])] }, pods(1), state(2, 14, network('podnet', ['10.3.0.0/28']))),
    ],
    [
      'files in another spelling, which block nothing',
      together(flannel, small, pods(1), {
        nodeStates: [
          nodeState(
            'n1',
            [network('podnet', ['10.1.0.0/28'])],
            [
              directory(
                'n1',
                'podnet',
                files(2, 14).map((f) => ({ ...f, fault: 'other-spelling' as const })),
              ),
            ],
          ),
        ],
      }),
    ],
    [
      'pods of other nodes',
      together(
        flannel,
        { nodes: [node('n1', ['10.1.0.0/28']), node('n2', ['10.2.0.0/28'])] },
        { pods: pods(13).pods?.map((p) => ({ ...p, node: 'n2' })) ?? [] },
      ),
    ],
    ['the room of explicit ranges', together(flannel, small, pods(13), state(2, 14, network('podnet', ['10.1.0.0/24'])))],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('CAP-402 says what it could not look at', () => {
  const two: InventoryPart = { nodes: [node('n1', ['10.1.0.0/28']), node('n2', ['10.2.0.0/28'])] }
  it.each<[string, InventoryPart, string[]]>([
    ['nothing', together(flannel), ['node ranges are not known: the input holds no nodes']],
    ['no pods and no files', together(flannel, two), ['live pods are not known: the input holds no pods']],
    [
      'no files of one node',
      together(flannel, two, pods(1), state(2, 2)),
      ['no host-local state for n2: only the addresses of live pods were counted'],
    ],
    ['no pods', together(flannel, small, state(2, 2)), ['live pods are not known: the input holds no pods: only allocation files were counted']],
    ['another system', together(inMode('calico'), two, pods(1)), ['mode calico does not take pod addresses from node ranges']],
    ['files of an unknown network', { nodeStates: [nodeState('n1', [], [directory('n1', 'podnet', files(2, 3))])] }, ['no node has a known range']],
    [
      'files of one such node',
      together(flannel, small, pods(1), state(2, 2), { nodeStates: [nodeState('n9', [], [directory('n9', 'podnet', [])])] }),
      ['the range of n9 is not known'],
    ],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
