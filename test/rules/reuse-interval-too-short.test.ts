import { describe, expect, it } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { reuseIntervalTooShort as rule } from '../../src/rules/reuse-interval-too-short.ts'
import { inMode, together } from '../cluster-ranges.ts'
import { directory, file, minutes, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { brief, findings, reasons } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
/** A /27 has 29 addresses for pods. */
const range = '10.4.0.0/27'
/** Live pods that have run for long, and jobs that came and went within the hour, one after the other. */
const pods = (living: number, finished: number, started = NOW - minutes(20)): InventoryPart => ({
  pods: [
    ...Array.from({ length: living }, (_, i) => pod(`live-${i}`, 'n1', [`10.4.0.${i + 2}`])),
    ...Array.from({ length: finished }, (_, i) => pod(`job-${i}`, 'n1', ['10.4.0.31'], { phase: 'Succeeded', startedAt: started })),
  ],
})
const nodes = (rest = {}): InventoryPart => ({ nodes: [node('n1', [range], rest)] })
const files = (count: number, age: number, rest = {}): InventoryPart => ({
  nodeStates: [
    nodeState(
      'n1',
      [network('cbr0', [range])],
      [
        directory(
          'n1',
          'cbr0',
          Array.from({ length: count }, (_, i) => file(`10.4.0.${i + 2}`, 'a'.repeat(64), age)),
        ),
      ],
      rest,
    ),
  ],
})

describe('CAP-407 reports', () => {
  it('few free addresses and many starts', () => {
    const [found] = findings(rule, flannel, nodes(), pods(27, 60))
    expect(found).toMatchObject({ severity: 'low', confidence: 'likely', nodes: ['n1'], addresses: [range] })
    // 2 free addresses, 60 starts an hour.
    expect(found?.message).toContain('after about 120 s: 2 addresses of 10.4.0.0/27 are free')
  })

  it('the same by the times of allocation files', () => expect(brief(findings(rule, files(28, 10)))).toEqual(['low [10.4.0.0/27] n1']))
})

describe('CAP-407 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['room enough', together(flannel, nodes(), pods(20, 60))],
    ['few starts', together(flannel, nodes(), pods(28, 19))],
    ['starts long ago', together(flannel, nodes(), pods(27, 60, NOW - minutes(90)))],
    ['full nodes, which CAP-402 reports', together(flannel, nodes(), pods(29, 60))],
    ['a young node', together(flannel, nodes({ createdAt: NOW - minutes(50) }), pods(27, 60))],
    ['a node that has just booted', files(28, 10, { bootTime: NOW - minutes(12) })],
    ['copies that lost their times', files(28, 10, { timesKnown: false })],
    [
      'host-network pods',
      together(flannel, nodes(), {
        pods: pods(27, 60).pods?.map((each) => (each.phase === 'Running' ? each : { ...each, hostNetwork: true })) ?? [],
      }),
    ],
  ])('%s', (_, part) => expect(brief(findings(rule, part))).toEqual([]))
})

it.each<[string, InventoryPart, string[]]>([
  ['no range', inMode('calico'), ['no node range is known']],
  ['no times', together(flannel, nodes()), ['neither pods nor times of allocation files tell how often addresses change hands']],
  ['nothing missing', together(flannel, nodes(), pods(1, 0)), []],
])('CAP-407 says what it could not look at: %s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
