import { describe, expect, it } from 'vitest'
import type { InventoryPart, Node } from '../../src/model/inventory.ts'
import { nodeSlots as rule } from '../../src/rules/node-slots.ts'
import { clusterCidr, guessedCidr, inMode, serviceCidr, together } from '../cluster-ranges.ts'
import { minutes, NOW, node } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
const nodes = (count: number, base = '10.244', ...more: readonly Node[]): InventoryPart => ({
  nodes: [...Array.from({ length: count }, (_, i) => node(`n${i + 1}`, [`${base}.${i}.0/24`])), ...more],
})
const refusal = (...names: readonly string[]): InventoryPart => ({
  events: names.map((subject) => ({ kind: 'no-node-range', subject, origin: 'cluster/events.json' })),
})

describe('CAP-401 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      'a node without a range where the declared range is used up',
      together(flannel, clusterCidr('10.244.0.0/22', 24), nodes(4, '10.244', node('late', []))),
      ['critical exhausted [10.244.0.0/22] late'],
    ],
    [
      'the same by a guess that is full and an event, as in the capture node-cidr/exhausted',
      together(flannel, guessedCidr('10.244.0.0/22', 24), nodes(4, '10.244', node('node-5', [])), refusal('node-5')),
      ['critical exhausted [10.244.0.0/22] node-5'],
    ],
    [
      'a guess that is full, long after the event expired',
      together(flannel, guessedCidr('10.244.0.0/22', 24), nodes(4, '10.244', node('node-5', []))),
      ['critical exhausted [10.244.0.0/22] node-5'],
    ],
    [
      'an event beside a guess that is not full: ranges of deleted nodes may still be held',
      together(flannel, guessedCidr('10.244.0.0/22', 24), nodes(3, '10.244', node('late', [])), refusal('late')),
      ['critical exhausted [10.244.0.0/22] late'],
    ],
    [
      'a node without a range where nothing tells how many are left',
      together(flannel, guessedCidr('10.244.0.0/22', 24), nodes(3, '10.244', node('late', []))),
      ['high no-range [] late'],
    ],
    [
      'a node without a range although ranges are left: bookkeeping (kubernetes #96416)',
      together(flannel, clusterCidr('10.244.0.0/22', 24), nodes(2, '10.244', node('late', [])), refusal('late')),
      ['high bookkeeping [10.244.0.0/22] late'],
    ],
    [
      'T15: ranges that touch the Service range are not free',
      together(flannel, clusterCidr('10.244.0.0/22', 24), serviceCidr('10.244.3.0/28'), nodes(3, '10.244', node('late', []))),
      ['critical exhausted [10.244.0.0/22] late'],
    ],
    [
      'all nodes without a range in one finding',
      together(flannel, clusterCidr('10.244.0.0/23', 24), nodes(2, '10.244', node('z', []), node('a', []))),
      ['critical exhausted [10.244.0.0/23] a z'],
    ],
    ['four fifths of the ranges given out', together(flannel, clusterCidr('10.244.0.0/20', 24), nodes(13)), ['medium nearly-full [10.244.0.0/20]']],
    [
      'a range that is stated once more in part, counted once',
      together(flannel, clusterCidr('10.244.0.0/20', 24), clusterCidr('10.244.0.0/22', 24), nodes(13)),
      ['medium nearly-full [10.244.0.0/20]'],
    ],
    [
      'a node without a range where the stated mask gives no range at all',
      together(flannel, clusterCidr('10.244.0.0/26', 24), nodes(2, '10.244', node('late', []))),
      ['high no-range [] late'],
    ],
    [
      'all of them given out, and no node waiting',
      together(flannel, clusterCidr('10.244.0.0/23', 24), nodes(2)),
      ['medium nearly-full [10.244.0.0/23]'],
    ],
    [
      'one family by itself',
      together(flannel, clusterCidr('10.244.0.0/16', 24), clusterCidr('fd00::/62', 64), {
        nodes: [1, 2, 3, 4].map((i) => node(`n${i}`, [`10.244.${i}.0/24`, `fd00:0:0:${i - 1}::/64`])),
      }),
      ['medium nearly-full [fd00::/62]'],
    ],
    [
      'mixed masks by the slots that they take',
      together(flannel, clusterCidr('10.244.0.0/21', 24), {
        nodes: [node('n1', ['10.244.0.0/22']), node('n2', ['10.244.4.0/25']), node('n3', ['10.244.5.0/24']), node('n4', ['10.244.6.128/25'])],
      }),
      ['medium nearly-full [10.244.0.0/21]'],
    ],
    [
      'several ranges of one family in sum',
      together(flannel, clusterCidr('10.244.0.0/23', 24), clusterCidr('10.250.0.0/23', 24), nodes(2), {
        nodes: [node('x1', ['10.250.0.0/24']), node('x2', ['10.250.1.0/24'])],
      }),
      ['medium nearly-full [10.244.0.0/23 10.250.0.0/23]'],
    ],
    [
      'T12: events in a mode that needs no node ranges, as noise',
      together(inMode('calico'), nodes(4, '10.244', node('late', [])), refusal('late')),
      ['low noise [] late'],
    ],
  ])('%s', (_, part, expected) => {
    const found = findings(rule, part)
    expect(brief(found).map((text, i) => text.replace(' [', ` ${found[i]?.cause} [`))).toEqual(expected)
    expect(findings(rule, reversed(part))).toEqual(found)
  })

  it('names the event and the node, and is certain only with one of them', () => {
    const full = together(flannel, guessedCidr('10.244.0.0/22', 24), nodes(4, '10.244', node('node-5', [])))
    const [found] = findings(rule, full, refusal('node-5', 'n1', 'gone'))
    expect(found?.evidence).toEqual([
      { source: 'nodes', fact: 'node ranges are /24; 4 of 4 are given out' },
      { source: 'cluster/nodes.json', fact: 'node node-5 has no spec.podCIDRs' },
      { source: 'cluster/events.json', fact: 'event CIDRNotAvailable for node node-5' },
    ])
    expect(found?.confidence).toBe('certain')
    expect(findings(rule, full)[0]?.confidence).toBe('likely')
  })

  it('tells what to do about the controller instead of renumbering', () => {
    const [found] = findings(rule, flannel, clusterCidr('10.244.0.0/22', 24), nodes(2, '10.244', node('late', [])))
    expect(found?.fix.steps.join(' ')).toContain('kube-controller-manager')
    const [noise] = findings(rule, inMode('calico'), nodes(1, '10.244', node('late', [])), refusal('late'))
    expect(noise?.fix.steps.join(' ')).toContain('--allocate-node-cidrs=false')
  })
})

describe('CAP-401 is silent about', () => {
  const range = together(flannel, clusterCidr('10.244.0.0/20', 24))
  it.each<[string, InventoryPart]>([
    ['less than four fifths', together(range, nodes(12))],
    ['just less than four fifths', together(flannel, clusterCidr('10.244.0.0/18', 24), nodes(51))],
    ['a fresh node', together(range, nodes(2, '10.244', node('late', [], { createdAt: NOW - minutes(4) })))],
    ['a node that leaves', together(range, nodes(2, '10.244', node('late', [], { deletedAt: NOW })))],
    ['a virtual node', together(range, nodes(2, '10.244', node('vk', [], { virtual: true })))],
    [
      'T12: nodes without a range where the CNI hands out ranges',
      together(inMode('calico'), clusterCidr('10.244.0.0/22', 24), nodes(4, '10.244', node('late', []))),
    ],
    ['T12: old events of nodes that have a range now', together(inMode('calico'), nodes(4), refusal('n1', 'n2'))],
    ['T27: one range for the only node', together(flannel, clusterCidr('10.244.0.0/24', 24), nodes(1))],
    ['a guess that is four fifths full', together(flannel, guessedCidr('10.244.0.0/22', 24), nodes(4))],
    ['ranges written into the configuration of every node', together(flannel, { nodes: [node('n1', []), node('n2', [])] })],
    [
      'one range given to two nodes, counted once',
      together(range, { nodes: Array.from({ length: 13 }, (_, i) => node(`n${i}`, [`10.244.${i % 12}.0/24`])) }),
    ],
    ['a range stated once more by its wider self', together(range, clusterCidr('10.244.0.0/22', 24), nodes(4))],
    ['a node mask that is shorter than the range', together(flannel, clusterCidr('10.244.0.0/26', 24), nodes(2))],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))

  it('a node of exactly five minutes, and no longer', () => {
    const at = (age: number) => findings(rule, range, nodes(2, '10.244', node('late', [], { createdAt: NOW - age })))
    expect(at(minutes(5))).toEqual([])
    expect(brief(at(minutes(5) + 1))).toEqual(['high [10.244.0.0/20] late'])
  })
})

describe('CAP-401 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['no nodes', together(flannel), ['node ranges are not known: the input holds no nodes']],
    ['T12: another system hands out', together(inMode('calico'), nodes(2)), ['mode calico does not take pod addresses from node ranges']],
    ['nobody known', { nodes: [node('n1', [])] }, ['it is not known who hands out pod addresses']],
    [
      'no cluster CIDR',
      together(flannel, guessedCidr('10.244.0.0/23', 24), nodes(2)),
      ['the cluster CIDR is not known (IPv4): how many node ranges are left cannot be told'],
    ],
    ['nothing is missing', together(flannel, clusterCidr('10.244.0.0/16', 24), nodes(2)), []],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
