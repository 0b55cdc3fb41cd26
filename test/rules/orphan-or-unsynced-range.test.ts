import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { parseRange } from '../../src/net/index.ts'
import { orphanOrUnsyncedRange } from '../../src/rules/orphan-or-unsynced-range.ts'
import { block, pool, record } from '../stores.ts'
import { gapsOf, shown } from './violations.ts'

const blue = pool('cilium', 'blue', ['10.11.0.0/24'], { blockPrefix: 28 })
const held = (cidr: string, name = 'blue') => block('cilium', name, cidr, 'n1')

const flagged: [string, InventoryPart, string[]][] = [
  ['outside of every pool', { pools: [blue], blocks: [held('10.12.0.0/28')] }, ['high/certain 10.12.0.0/28 n1']],
  ['half outside', { pools: [blue], blocks: [held('10.11.0.0/23')] }, ['high/certain 10.11.0.0/23 n1']],
  [
    'inside another pool than its own',
    { pools: [blue, pool('cilium', 'red', ['10.12.0.0/24'])], blocks: [held('10.12.0.0/28')] },
    ['high/certain 10.12.0.0/28 n1'],
  ],
  [
    'two blocks of one pool are one finding',
    { pools: [blue], blocks: [held('10.12.0.0/28'), held('10.12.0.16/28')] },
    ['high/certain 10.12.0.0/28,10.12.0.16/28 n1'],
  ],
  [
    'a block of nobody',
    { pools: [pool('calico', 'p', ['10.48.0.0/16'])], blocks: [block('calico', '', '10.49.0.0/26', '')] },
    ['high/certain 10.49.0.0/26 '],
  ],
  [
    'a prefix on an interface that the record lacks',
    { nodeRecords: [record('cilium', 'n1', ['10.11.0.0/28'], { attached: [parseRange('10.11.0.0/28'), parseRange('10.11.0.32/28')] })] },
    ['high/likely 10.11.0.32/28 n1'],
  ],
]

const silent: [string, InventoryPart][] = [
  ['inside its pool', { pools: [blue], blocks: [held('10.11.0.240/28')] }],
  [
    'across two ranges of its pool that meet',
    { pools: [pool('cilium', 'blue', ['10.11.0.0/25', '10.11.0.128/25'])], blocks: [held('10.11.0.0/24')] },
  ],
  ['a disabled pool is still there', { pools: [{ ...blue, disabled: true }], blocks: [held('10.11.0.0/28')] }],
  ['a pool name that no pool has', { pools: [blue], blocks: [held('10.11.0.0/28', 'old-name')] }],
  [
    'node ranges are DRF-501’s',
    { pools: [pool('node-cidr', 'cluster', ['10.9.0.0/16'])], blocks: [block('node-cidr', 'cluster', '10.8.0.0/24', 'n1')] },
  ],
  ['pools that are not known', { blocks: [held('10.12.0.0/28')] }],
  ['pools of the other family only', { pools: [pool('cilium', 'blue', ['fd00::/104'])], blocks: [held('10.12.0.0/28')] }],
  ['the lists agree', { nodeRecords: [record('cilium', 'n1', ['10.11.0.0/28'], { attached: [parseRange('10.11.0.0/28')] })] }],
  [
    'the record lists more: the cloud has not attached it yet',
    { nodeRecords: [record('cilium', 'n1', ['10.11.0.0/27'], { attached: [parseRange('10.11.0.0/28')] })] },
  ],
]

describe('DRF-505', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(orphanOrUnsyncedRange, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(orphanOrUnsyncedRange, part)).toEqual([]))

  test('says what it could not hold blocks against', () => {
    expect(gapsOf(orphanOrUnsyncedRange, { blocks: [held('10.12.0.0/28')] })).toEqual([
      'blocks against the pools that they come from: the pools of cilium (IPv4) are not known',
    ])
    expect(gapsOf(orphanOrUnsyncedRange, {})).toEqual(['blocks against the pools that they come from: the input holds no blocks of a CNI'])
  })
})
