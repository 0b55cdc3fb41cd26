import { expect, test } from 'vitest'
import type { Coverage, InventoryPart, Pool, Reservation } from '../../src/model/inventory.ts'
import { parseAddress, parseRange, rangeOfAddress } from '../../src/net/index.ts'
import { lbPoolOverlap } from '../../src/rules/lb-pool-overlap.ts'
import { clusterCidr, declared, outside, serviceCidr, together } from '../cluster-ranges.ts'
import { inventory, node } from '../inventory.ts'
import { found, gapsOf } from './run-one.ts'

function pool(text: string, rest: Partial<Pool> = {}): InventoryPart {
  const ranges = text.split(',').map(parseRange)
  const base = { system: 'metallb', name: 'lan', domain: 'load-balancers', family: ranges[0]?.family ?? 4, ranges, use: 'load-balancers' } as const
  return { pools: [{ ...base, certainty: 'declared', origin: 'cluster/pools.yaml', ...rest }] }
}
const nodeAt = (name: string, ...addresses: string[]): InventoryPart => ({
  nodes: [node(name, [], { addresses: addresses.map((text) => ({ type: 'InternalIP', address: parseAddress(text) })) })],
})
const gateway = (text: string, domain: string): InventoryPart => ({
  reservations: [
    {
      system: 'antrea',
      domain,
      range: rangeOfAddress(parseAddress(text)),
      why: 'gateway of outward',
      gateway: true,
      origin: 'x',
    } satisfies Reservation,
  ],
})
const cluster = { name: 'west', role: 'pods', link: 'routed' } as const

test.each<[string, readonly InventoryPart[], readonly string[]]>([
  ['a node inside', [pool('192.0.2.2-192.0.2.9'), nodeAt('n1', '192.0.2.5')], ['high node-address | 192.0.2.5 | n1']],
  [
    'a node at either end',
    [pool('192.0.2.5-192.0.2.9'), nodeAt('n1', '192.0.2.5'), nodeAt('n2', '192.0.2.9')],
    ['high node-address | 192.0.2.5 192.0.2.9 | n1 n2'],
  ],
  ['a pool that is one node', [pool('192.0.2.5'), nodeAt('n1', '192.0.2.5')], ['high node-address | 192.0.2.5 | n1']],
  ['a node, IPv6', [pool('fd00::5-fd00::9'), nodeAt('n1', 'fd00::7')], ['high node-address | fd00::7 | n1']],
  ['T13: just before and after', [pool('192.0.2.3-192.0.2.30'), nodeAt('n1', '192.0.2.2'), nodeAt('n2', '192.0.2.31')], []],
  ['T14: the same subnet, other addresses', [pool('192.0.2.128/26'), nodeAt('n1', '192.0.2.2')], []],
  ['a gateway', [pool('192.0.2.0/24'), gateway('192.0.2.254', 'load-balancers')], ['high gateway | 192.0.2.254']],
  ['a gateway of a secondary network', [pool('192.0.2.0/24'), gateway('192.0.2.254', 'kube-system/macvlan')], []],
  [
    'an exclusion is no gateway',
    [
      pool('192.0.2.0/24'),
      { reservations: [{ system: 'antrea', domain: 'load-balancers', range: parseRange('192.0.2.9'), why: 'kept back', origin: 'x' }] },
    ],
    [],
  ],
  [
    'the broadcast address of the node network',
    [pool('192.0.2.240/28'), { declared: [declared('nodes', '192.0.2.0/24')] }],
    ['high network-or-broadcast | 192.0.2.255'],
  ],
  [
    'the network address too',
    [pool('192.0.2.0-192.0.2.9'), { declared: [declared('nodes', '192.0.2.0/24')] }],
    ['high network-or-broadcast | 192.0.2.0'],
  ],
  ['a pool that is a whole network', [pool('192.0.2.0/24'), { declared: [declared('nodes', '192.0.2.0/24')] }], []],
  ['a part of the pod range', [pool('10.9.255.0-10.10.0.9'), clusterCidr('10.9.0.0/16', 24)], ['high pod-range | 10.9.255.0/24']],
  ['a part of the Service range', [pool('10.96.255.240/28'), serviceCidr('10.96.0.0/16')], ['high service-range | 10.96.255.240/28']],
  ['beside both', [pool('10.10.0.0/24'), clusterCidr('10.9.0.0/16', 24), serviceCidr('10.96.0.0/16')], []],
  [
    'another pool',
    [pool('192.0.2.10-192.0.2.20'), pool('192.0.2.20-192.0.2.30', { name: 'other', system: 'kube-vip' })],
    ['high another-pool | 192.0.2.20'],
  ],
  ['pools that touch', [pool('192.0.2.10-192.0.2.19'), pool('192.0.2.20-192.0.2.30', { name: 'other' })], []],
  ['a disabled pool', [pool('192.0.2.0/24', { disabled: true }), nodeAt('n1', '192.0.2.5')], []],
  ['a pool of pods on a node address is another rule’s', [pool('192.0.2.0/24', { use: 'attachments' }), nodeAt('n1', '192.0.2.5')], []],
  [
    'a connected cluster',
    [pool('10.40.0.0/28'), outside('connected-cluster', 'west', '10.40.0.0/16', { cluster })],
    ['high connected-cluster | 10.40.0.0/28'],
  ],
  ['one that is not reached', [pool('10.40.0.0/28'), outside('connected-cluster', 'west', '10.40.0.0/16', { cluster, reachable: false })], []],
  ['an office around it', [pool('192.0.2.128/28'), outside('external', 'office', '192.0.2.0/24')], []],
])('%s', (_, parts, expected) => expect(found(lbPoolOverlap, inventory(together(...parts)))).toEqual(expected))

const listed = (source: string, status: Coverage['status'], error: string | null = null): InventoryPart => ({
  coverage: [{ source, status, read: 0, error }],
})

test.each<[string, InventoryPart, readonly string[]]>([
  ['nothing in the input', {}, ['!load-balancer pools: the input holds none']],
  ['a server without the kinds', listed('ipaddresspools.metallb.io', 'absent', 'not served by this cluster'), []],
  ['an empty list', listed('ipaddresspools', 'complete'), []],
  ['a forbidden list', listed('ipaddresspools', 'forbidden', '403'), ['!~load-balancer pools: ipaddresspools could not be read (403)']],
  [
    'a forbidden list beside pools',
    { ...listed('ipaddresspools', 'forbidden', '403'), ...pool('192.0.2.0/28') },
    ['~load-balancer pools: ipaddresspools could not be read (403)'],
  ],
  ['pools without nodes', pool('192.0.2.0/28'), ['load-balancer pools: the input holds no nodes, so their addresses were not compared']],
])('gaps: %s', (_, part, expected) => expect(gapsOf(lbPoolOverlap, inventory(part))).toEqual(expected))
