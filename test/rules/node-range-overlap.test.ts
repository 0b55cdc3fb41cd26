import { describe, expect, test } from 'vitest'
import type { Block, InventoryPart, ModeSignal } from '../../src/model/inventory.ts'
import { parseCidr } from '../../src/net/index.ts'
import { nodeRangeOverlap } from '../../src/rules/node-range-overlap.ts'
import { minutes, NOW, node } from '../inventory.ts'
import { gapsOf, shown, violations } from './violations.ts'

const calico: ModeSignal = { mode: 'calico', weight: 3, fact: 'test', origin: 'test' }
const block = (system: string, name: string, cidr: string): Block => ({
  system,
  pool: 'p',
  domain: 'default',
  cidr: parseCidr(cidr),
  node: name,
  origin: system,
})

const flagged: [string, InventoryPart, string[]][] = [
  ['two nodes with one range', { nodes: [node('n1', ['10.9.1.0/24']), node('n2', ['10.9.1.0/24'])] }, ['critical/certain 10.9.1.0/24 n1,n2']],
  [
    'mixed masks: a /23 around a /24',
    { nodes: [node('n1', ['10.9.0.0/23']), node('n2', ['10.9.1.0/24']), node('n3', ['10.9.2.0/24'])] },
    ['critical/certain 10.9.0.0/23,10.9.1.0/24 n1,n2'],
  ],
  [
    'three nodes are one finding',
    { nodes: ['n1', 'n2', 'n3'].map((name) => node(name, ['10.9.1.0/24'])) },
    ['critical/certain 10.9.1.0/24 n1,n2,n3'],
  ],
  [
    'the IPv6 range alone',
    { nodes: [node('n1', ['10.9.1.0/24', 'fd00:9::/64']), node('n2', ['10.9.2.0/24', 'fd00:9::/64'])] },
    ['critical/certain fd00:9::/64 n1,n2'],
  ],
  [
    'a node that is being deleted still counts',
    { nodes: [node('n1', ['10.9.1.0/24'], { deletedAt: NOW - minutes(1) }), node('n2', ['10.9.1.0/24'])] },
    ['critical/certain 10.9.1.0/24 n1,n2'],
  ],
  [
    'T11: podCIDRs that Calico does not use',
    { nodes: [node('n1', ['10.9.1.0/24']), node('n2', ['10.9.1.0/24'])], signals: [calico] },
    ['low/certain 10.9.1.0/24 n1,n2'],
  ],
]

const silent: [string, InventoryPart][] = [
  ['neighbours', { nodes: [node('n1', ['10.9.0.0/24']), node('n2', ['10.9.1.0/24'])] }],
  ['nodes without ranges', { nodes: [node('n1', []), node('n2', [])] }],
  ['one node seen through two sources', { blocks: [block('node-cidr', 'n1', '10.9.1.0/24'), block('cilium', 'n1', '10.9.1.0/24')] }],
  [
    'a block of one source inside an unused range of another',
    { blocks: [block('node-cidr', 'n1', '10.9.0.0/16'), block('calico', 'n2', '10.9.1.0/26')] },
  ],
]

describe('DUP-102', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(nodeRangeOverlap, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(nodeRangeOverlap, part)).toEqual([]))

  test('says which node is younger, which the playbook needs', () => {
    const [found] = violations(nodeRangeOverlap, { nodes: [node('n1', ['10.9.1.0/24']), node('n2', ['10.9.1.0/24'], { createdAt: NOW })] })
    expect(found?.evidence?.map(({ fact }) => fact)).toEqual([
      'n1 holds 10.9.1.0/24, created 2026-11-22T12:00:00Z',
      'n2 holds 10.9.1.0/24, created 2026-11-23T12:00:00Z',
    ])
  })

  test('without ranges it says that it did not look', () =>
    expect(gapsOf(nodeRangeOverlap, { nodes: [node('n1', [])] })).toEqual(['overlapping node ranges: no node has a range in the input']))
})
