import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { crdIpamOrphan } from '../../src/rules/crd-ipam-orphan.ts'
import { minutes, NOW, node, pod } from '../inventory.ts'
import { allocation, attachment, block, on, record } from '../stores.ts'
import { gapsOf, shown, violations } from './violations.ts'

const LAN = { domain: 'whereabouts' }
const nodes = [node('n1', []), node('n2', [])]
const lan = attachment('shop/lan', 'whereabouts', ['10.20.0.0/24'], LAN)
const other = attachment('shop/other', 'whereabouts', ['10.20.0.0/24'], { domain: 'whereabouts:other' })
const kept = (owner: string, rest = {}) => allocation('whereabouts', 'p', '10.20.0.5', owner, { ...LAN, ...rest })

const flagged: [string, InventoryPart, string[]][] = [
  ['a pod that is gone', { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('shop/web')] }, ['medium/likely 10.20.0.5 ']],
  [
    'the same with a time in the record',
    { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('shop/web', { recordedAt: NOW - minutes(16) })] },
    ['medium/certain 10.20.0.5 '],
  ],
  [
    'T6: a later pod of the same name shows another address',
    { nodes, attachments: [lan], pods: [pod('shop/web', 'n1', ['10.9.0.9'], on('shop/lan', '10.20.0.6'))], allocations: [kept('shop/web')] },
    ['medium/likely 10.20.0.5 '],
  ],
  [
    'T24: the address is shown on another network only',
    { nodes, attachments: [lan, other], pods: [pod('shop/web', 'n1', ['10.9.0.9'], on('shop/other', '10.20.0.5'))], allocations: [kept('shop/web')] },
    ['medium/likely 10.20.0.5 '],
  ],
  [
    'a live pod, and one of the two records missing',
    { nodes, pods: [pod('shop/web', 'n1', ['10.9.0.9'], on('shop/lan', '10.20.0.5'))], allocations: [kept('shop/web', { half: 'the reservation' })] },
    ['medium/likely 10.20.0.5 '],
  ],
  [
    'an endpoint on a node that is gone',
    { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [allocation('cilium', 'cluster-pool', '10.0.3.4', 'shop/web', { node: 'n4' })] },
    ['medium/likely 10.0.3.4 n4'],
  ],
]

const silent: [string, InventoryPart][] = [
  ['a live pod shows it', { nodes, pods: [pod('shop/web', 'n1', ['10.9.0.9'], on('shop/lan', '10.20.0.5'))], allocations: [kept('shop/web')] }],
  ['it is the pod’s default address', { nodes, pods: [pod('shop/web', 'n1', ['10.20.0.5'])], allocations: [kept('shop/web')] }],
  ['T4: the pod shows nothing yet', { nodes, pods: [pod('shop/web', 'n1', [], { phase: 'Pending' })], allocations: [kept('shop/web')] }],
  [
    'the pod is younger than the grace',
    { nodes, pods: [pod('shop/web', 'n1', ['10.9.0.9'], { startedAt: NOW - minutes(14) })], allocations: [kept('shop/web')] },
  ],
  [
    'the record is younger than the grace',
    { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('shop/web', { recordedAt: NOW - minutes(14) })] },
  ],
  [
    'T5: the record is new since the pods were read',
    { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('shop/web', { unsettled: true })] },
  ],
  [
    'T7: another live pod shows it there',
    { nodes, attachments: [lan], pods: [pod('shop/x', 'n1', ['10.9.0.9'], on('shop/lan', '10.20.0.5'))], allocations: [kept('shop/web')] },
  ],
  ['a finished pod is LEAK-205’s', { nodes, pods: [pod('shop/web', 'n1', ['10.9.0.9'], { phase: 'Failed' })], allocations: [kept('shop/web')] }],
  ['a terminating pod', { nodes, pods: [pod('shop/web', 'n1', ['10.9.0.9'], { deletedAt: NOW + minutes(1) })], allocations: [kept('shop/web')] }],
  [
    'T21: the owner is no pod',
    { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('vm-1', { owner: { kind: 'machine', id: 'vm-1' } })] },
  ],
  ['an address of a node', { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('n1', { purpose: 'router' })] }],
  ['Calico is LEAK-202’s', { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [allocation('calico', 'p', '10.20.0.5', 'shop/web')] }],
]

describe('LEAK-204', () => {
  test.each(flagged)('reports: %s', (_, part, expected) => expect(shown(crdIpamOrphan, part)).toEqual(expected))
  test.each(silent)('stays silent: %s', (_, part) => expect(shown(crdIpamOrphan, part)).toEqual([]))

  test('says whose record it is, by which key it is found, and which steps fit the system', () => {
    const part = { nodes, pods: [pod('shop/x', 'n1', ['10.9.0.9'])], allocations: [kept('shop/web', { handle: 'c0ffee' })] }
    const [found] = violations(crdIpamOrphan, part)
    expect(found?.message).toBe('10.20.0.5 is kept by whereabouts (p) for shop/web: no pod of that name exists')
    expect(found?.evidence?.[0]?.fact).toBe('10.20.0.5 belongs to shop/web (c0ffee)')
    expect([found?.cause, found?.playbook]).toEqual(['pod-absent', 'R10'])
  })

  test('a list of pods that was cut off proves nothing', () => {
    const coverage = [{ source: 'pods', status: 'partial' as const, read: 3, error: 'expired' }]
    expect(shown(crdIpamOrphan, { nodes, pods: [], allocations: [kept('shop/web')], coverage })).toEqual([])
    expect(gapsOf(crdIpamOrphan, { nodes, pods: [], allocations: [kept('shop/web')], coverage })[0]).toContain('was not read whole')
  })

  test('without such records it says that it did not look', () =>
    expect(gapsOf(crdIpamOrphan, { nodes, pods: [] })).toEqual([
      'records without an owner: the input holds no custom resources that record addresses of pods',
    ]))
})

describe('LEAK-204: idle blocks', () => {
  const request = (count: bigint) => ({ requested: [{ pool: 'blue', family: 4 as const, count }] })
  const part = (count: bigint, ips: string[], more: Partial<InventoryPart> = {}): InventoryPart => ({
    nodes,
    pods: ips.map((ip, i) => pod(`shop/w${i}`, 'n1', ip === '' ? [] : [ip])),
    blocks: ['10.11.0.0/28', '10.11.0.16/28', '10.11.0.32/28'].map((cidr) => block('cilium', 'blue', cidr, 'n1')),
    nodeRecords: [record('cilium', 'n1', [], request(count))],
    ...more,
  })
  test.each<[string, InventoryPart, string[]]>([
    ['two blocks beyond what was asked for', part(8n, ['10.11.0.4']), ['medium/likely 10.11.0.16/28,10.11.0.32/28 n1']],
    ['one block beyond it', part(28n, ['10.11.0.4']), ['medium/likely 10.11.0.32/28 n1']],
    ['held ready, and asked for', part(29n, ['10.11.0.4']), []],
    ['every block in use', part(8n, ['10.11.0.4', '10.11.0.20', '10.11.0.36']), []],
    [
      'the router alone is use',
      part(8n, ['10.11.0.4', '10.11.0.20'], { allocations: [allocation('cilium', 'blue', '10.11.0.34', 'n1', { node: 'n1', purpose: 'router' })] }),
      [],
    ],
    ['a pod that has not reported may be anywhere', part(8n, ['10.11.0.4', '']), []],
    ['a node that is gone is LEAK-203’s', part(8n, ['10.11.0.4'], { nodes: [node('n2', [])] }), []],
    [
      'a node that has just come',
      part(8n, ['10.11.0.4'], { nodeRecords: [record('cilium', 'n1', [], { ...request(8n), recordedAt: NOW - minutes(1) })] }),
      [],
    ],
  ])('%s', (_, given, expected) => expect(shown(crdIpamOrphan, given)).toEqual(expected))
})
