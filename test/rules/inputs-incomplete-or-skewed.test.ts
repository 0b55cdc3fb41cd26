// SRC-901: one finding for each source that was not read whole, and contradictory or missing signs of the mode.
import { describe, expect, test } from 'vitest'
import type { Coverage, Problem } from '../../src/model/inventory.ts'
import { inputsIncompleteOrSkewed as rule } from '../../src/rules/inputs-incomplete-or-skewed.ts'
import { directory, file, inventory, modeIs, node, nodeState, pod } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const covered = (source: string, status: Coverage['status'], error: string | null = null): Coverage => ({ source, status, read: 3, error })
const unreadable = (source: string, message: string, node?: string): Problem => ({
  kind: 'unreadable',
  source,
  subject: 'x',
  message,
  origin: `${source}.json`,
  ...(node === undefined ? {} : { node }),
})
const a = pod('shop/a', 'n1', ['10.9.0.2'])

describe('flagged', () => {
  test.each([
    ['a forbidden list', { coverage: [covered('pods', 'forbidden')] }, ['pods may not be read']],
    [
      'a list that broke off',
      { coverage: [covered('nodes', 'failed', 'connection reset on page 3')] },
      ['nodes could not be read: connection reset on page 3'],
    ],
    [
      'a list with bad records is one finding',
      { coverage: [covered('pods', 'partial', '2 unreadable objects')], problems: [unreadable('pods', 'no name'), unreadable('pods', 'no list')] },
      ['pods was not read whole: 2 unreadable objects (and 2 more, see the evidence)'],
    ],
    ['a file of a node', { problems: [unreadable('nodes/n1', 'no JSON', 'n1')] }, ['nodes/n1 holds what could not be used: no JSON']],
    [
      'a state directory, and files in it',
      {
        nodeStates: [
          nodeState(
            'n1',
            [],
            [directory('n1', 'a', [], { error: 'EACCES' }), directory('n1', 'b', [file('10.9.0.2', '', 60, { fault: 'unreadable' })])],
          ),
        ],
      },
      [
        'nodes/n1/var/lib/cni/networks/a was not read whole: EACCES',
        'nodes/n1/var/lib/cni/networks/b was not read whole: the owners in 1 allocation file may not be read; run as root',
      ],
    ],
    [
      'a CNI configuration that no runtime would load, once',
      {
        nodeStates: [
          nodeState('n1', [], [], {
            configFiles: ['10-a.conf', '10-b.conf'].map((name) => ({ name, network: undefined, type: undefined, error: 'the file is empty' })),
          }),
        ],
        problems: [{ ...unreadable('nodes/n1', 'b is empty', 'n1'), origin: 'nodes/n1/10-b.conf' }],
      },
      ['nodes/n1/10-a.conf cannot be used as a CNI configuration: the file is empty', 'nodes/n1 holds what could not be used: b is empty'],
    ],
    [
      'two systems with equal signs',
      { signals: [modeIs('calico', 2), modeIs('cilium-cluster-pool', 2), modeIs('weave', 1)] },
      ["several systems look as if they handed out the default network's addresses: calico, cilium-cluster-pool; the rules took calico"],
    ],
    [
      'pods and no sign at all',
      { pods: [a] },
      ['nothing in the input says which system hands out the addresses of its 1 pod; rules that depend on it are not evaluated'],
    ],
  ])('%s', (_, part, messages) => {
    const findings = findingsOf(rule, inventory(part))
    expect(findings.map(({ message }) => message)).toEqual(expect.arrayContaining(messages))
    expect(findings).toHaveLength(messages.length)
    expect(new Set(findings.map(({ severity, confidence }) => `${severity} ${confidence}`))).toEqual(new Set(['info certain']))
  })

  test('nodes are named', () => {
    expect(found(rule, inventory({ problems: [unreadable('nodes/n1', 'no JSON', 'n1')] }))).toEqual(['info unreadable |  | n1'])
  })
})

describe('silent', () => {
  test.each([
    ['all read whole, or not there', { coverage: [covered('pods', 'complete'), covered('events', 'absent')] }],
    ['one strongest sign among weaker ones', { signals: [modeIs('calico', 3), modeIs('weave', 2)], pods: [a] }],
    ['one mode said twice', { signals: [modeIs('calico', 2), modeIs('calico', 2)] }],
    ['no pods, no mode', { nodes: [node('n1', [])] }],
    ['problems of other rules', { problems: [{ ...unreadable('pods', 'zeros'), kind: 'ambiguous' as const }] }],
  ])('%s', (_, part) => {
    expect(found(rule, inventory(part))).toEqual([])
  })
})

test('records and files make the run incomplete; lists do by their coverage, and nothing keeps the rule from being evaluated', () => {
  expect(gapsOf(rule, inventory({}))).toEqual([])
  const part = {
    coverage: [covered('pods', 'partial', '1 unreadable object'), covered('nodes', 'complete')],
    problems: [unreadable('pods', 'no name'), unreadable('nodes/n1', 'no JSON', 'n1')],
    nodeStates: [nodeState('n1', [], [directory('n1', 'a', [file('10.9.0.2', '', 60, { fault: 'unreadable' })])])],
  }
  expect(gapsOf(rule, inventory(part))).toEqual([
    '~nodes/n1 holds what could not be used: no JSON',
    '~nodes/n1/var/lib/cni/networks/a was not read whole: the owners in 1 allocation file may not be read; run as root',
  ])
})
