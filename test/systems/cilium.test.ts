import { describe, expect, test } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { formatAddress, formatCidr, formatRange } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { cilium } from '../../src/systems/cilium.ts'
import { object, parsed } from './parse.ts'

const config = (data: Record<string, string>) => object('v1', 'ConfigMap', { metadata: { name: 'cilium-config', namespace: 'kube-system' }, data })
const node = (name: string, spec: object, status: object = {}) =>
  object('cilium.io/v2', 'CiliumNode', { metadata: { name, uid: name }, spec, status })
const blockOf = (name: string, ...podCIDRs: string[]) => node(name, { ipam: { podCIDRs } })
const kubeNode = (name: string, ...podCIDRs: string[]) => object('v1', 'Node', { metadata: { name, uid: `n-${name}` }, spec: { podCIDRs } })
const endpoint = (name: string, ipv4: string, rest: object = {}) =>
  object('cilium.io/v2', 'CiliumEndpoint', {
    metadata: { name, namespace: 'shop', uid: `e-${name}`, creationTimestamp: '2026-11-23T09:00:00Z', ...rest },
    status: {
      'external-identifiers': { 'k8s-namespace': 'shop', 'k8s-pod-name': name, 'cni-attachment-id': `${name}0:eth0` },
      networking: { addressing: [{ ipv4 }], node: '192.0.2.1' },
    },
  })

const pools = (part: InventoryPart) =>
  (part.pools ?? []).map(({ name, ranges, blockPrefix, certainty, node: own, use, disabled }) =>
    [name, ranges.map(formatRange).join(','), blockPrefix ?? '-', certainty, own ?? '-', use ?? 'pods', disabled === true ? 'off' : 'on'].join(' '),
  )
const blocks = (part: InventoryPart) => (part.blocks ?? []).map(({ pool, cidr, node: holder }) => `${pool} ${formatCidr(cidr)} ${holder}`)
const modes = (part: InventoryPart) => (part.signals ?? []).map(({ mode, weight }) => `${mode} ${weight}`)

describe('pools of cilium-config', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'spaces',
      { ipam: 'cluster-pool', 'cluster-pool-ipv4-cidr': '10.0.0.0/24 10.7.0.0/24', 'cluster-pool-ipv4-mask-size': '26' },
      ['cluster-pool 10.0.0.0/24,10.7.0.0/24 26 declared - pods on'],
    ],
    [
      'commas',
      { ipam: 'cluster-pool', 'cluster-pool-ipv4-cidr': '10.0.0.0/24,10.7.0.0/24' },
      ['cluster-pool 10.0.0.0/24,10.7.0.0/24 24 declared - pods on'],
    ],
    ['nothing set: the default, and no more than a guess', {}, ['cluster-pool 10.0.0.0/8 24 inferred - pods on']],
    [
      'IPv6 alone',
      { ipam: 'cluster-pool', 'enable-ipv4': 'false', 'enable-ipv6': 'true', 'cluster-pool-ipv6-cidr': 'fd00::/104' },
      ['cluster-pool fd00::/104 120 declared - pods on'],
    ],
    ['Helm’s default in another mode', { ipam: 'kubernetes', 'cluster-pool-ipv4-cidr': '10.0.0.0/8' }, []],
  ])('%s', (_, data, expected) => expect(pools(parsed(cilium, [config(data)]))).toEqual(expected))

  test('another ConfigMap is not looked at', () =>
    expect(pools(parsed(cilium, [object('v1', 'ConfigMap', { metadata: { name: 'other' }, data: { ipam: 'cluster-pool' } })]))).toEqual([]))
})

describe('pool objects', () => {
  const podPool = (version: string, spec: object) => object(`cilium.io/${version}`, 'CiliumPodIPPool', { metadata: { name: 'blue', uid: 'p' }, spec })
  const lbPool = (spec: object) => object('cilium.io/v2', 'CiliumLoadBalancerIPPool', { metadata: { name: 'lb', uid: 'l' }, spec })
  test.each<[string, Document, string[]]>([
    ['v2alpha1: text', podPool('v2alpha1', { ipv4: { cidrs: ['10.11.0.0/24'], maskSize: 27 } }), ['blue 10.11.0.0/24 27 declared - pods on']],
    [
      'v2: objects, both families',
      podPool('v2', { ipv4: { cidrs: [{ cidr: '10.11.0.0/24' }], maskSize: 27 }, ipv6: { cidrs: [{ cidr: 'fd00:11::/112' }], maskSize: 120 } }),
      ['blue 10.11.0.0/24 27 declared - pods on', 'blue fd00:11::/112 120 declared - pods on'],
    ],
    [
      'load balancers: networks and intervals',
      lbPool({ blocks: [{ cidr: '192.0.2.0/28' }, { start: '192.0.2.40', stop: '192.0.2.42' }] }),
      ['lb 192.0.2.0/28,192.0.2.40-192.0.2.42 - declared - load-balancers on'],
    ],
    [
      'load balancers without the first and last address',
      lbPool({ allowFirstLastIPs: 'No', blocks: [{ cidr: '192.0.2.0/30' }] }),
      ['lb 192.0.2.1-192.0.2.2 - declared - load-balancers on'],
    ],
    ['load balancers, disabled', lbPool({ disabled: true, blocks: [{ start: '192.0.2.9' }] }), ['lb 192.0.2.9 - declared - load-balancers off']],
  ])('%s', (_, document, expected) => expect(pools(parsed(cilium, [document]))).toEqual(expected))

  test('a part that is kept back', () => {
    const part = parsed(cilium, [podPool('v2', { ipv4: { cidrs: [{ cidr: '10.11.0.0/24', reservedRange: '10.11.0.0-10.11.0.9' }], maskSize: 27 } })])
    expect(part.reservations?.map(({ range }) => formatRange(range))).toEqual(['10.11.0.0-10.11.0.9'])
  })
})

describe('modes', () => {
  const multiPool = node('n1', {
    ipam: { pools: { allocated: [{ pool: 'blue', cidrs: ['10.11.0.0/27'] }], requested: [{ pool: 'blue', needed: { 'ipv4-addrs': 8 } }] } },
  })
  test.each<[string, Document[], string[], string[]]>([
    [
      'cluster-pool with endpoints',
      [config({ ipam: 'cluster-pool' }), blockOf('n1', '10.0.0.0/24'), endpoint('web', '10.0.0.4')],
      ['cilium-cluster-pool 1', 'cilium-cluster-pool 2', 'cilium-cluster-pool 3'],
      ['cluster-pool 10.0.0.0/24 n1'],
    ],
    ['multi-pool without its configuration', [multiPool], ['cilium-multi-pool 2'], ['blue 10.11.0.0/27 n1']],
    [
      'kubernetes: the Nodes hold the ranges',
      [config({ ipam: 'kubernetes' }), kubeNode('n1', '10.0.0.0/24'), blockOf('n1', '10.0.0.0/24'), endpoint('web', '10.0.0.4')],
      ['cilium-kubernetes 1', 'cilium-kubernetes 2'],
      [],
    ],
    ['kubernetes without its configuration', [kubeNode('n1', '10.0.0.0/24'), blockOf('n1', '10.0.0.0/24')], ['cilium-kubernetes 2'], []],
    [
      'cluster-pool without its configuration',
      [kubeNode('n1', '10.244.0.0/24'), blockOf('n1', '10.0.0.0/24')],
      ['cilium-cluster-pool 2'],
      ['cluster-pool 10.0.0.0/24 n1'],
    ],
    [
      'chained: the endpoints’ addresses are another system’s',
      [config({ ipam: 'cluster-pool' }), blockOf('n1', '10.0.0.0/24'), endpoint('web', '10.99.0.4')],
      ['cilium-cluster-pool 1', 'cilium-cluster-pool 2'],
      ['cluster-pool 10.0.0.0/24 n1'],
    ],
    ['delegated', [config({ ipam: 'delegated-plugin' })], [], []],
    ['ENI', [config({ ipam: 'eni' }), node('n1', { ipam: { pool: { '10.1.0.9': {} } } })], ['aws-vpc 1', 'aws-vpc 2'], []],
  ])('%s', (_, documents, expected, expectedBlocks) => {
    const part = parsed(cilium, documents)
    expect(modes(part)).toEqual(expected)
    expect(blocks(part)).toEqual(expectedBlocks)
  })
})

test('addresses of the node itself have a purpose, those of endpoints a pod', () => {
  const part = parsed(cilium, [
    config({ ipam: 'cluster-pool' }),
    node('n1', {
      addresses: [
        { type: 'InternalIP', ip: '192.0.2.1' },
        { type: 'CiliumInternalIP', ip: '10.0.0.12' },
      ],
      health: { ipv4: '10.0.0.201' },
      ingress: { ipv4: '10.0.0.33', ipv6: '' },
      ipam: { podCIDRs: ['10.0.0.0/24'] },
    }),
    endpoint('web', '10.0.0.4'),
    endpoint('host', '10.0.0.5', { ownerReferences: [{ kind: 'CiliumNode', name: 'n1' }] }),
  ])
  expect(
    part.allocations?.map(({ address, owner, purpose, node: on, pool }) =>
      [formatAddress(address), owner.kind, owner.id, purpose ?? '-', on, pool].join(' '),
    ),
  ).toEqual([
    '10.0.0.12 node n1 router n1 cluster-pool',
    '10.0.0.201 node n1 health n1 cluster-pool',
    '10.0.0.33 node n1 ingress n1 cluster-pool',
    '10.0.0.4 pod shop/web - n1 cluster-pool',
    '10.0.0.5 node shop/host node endpoint n1 cluster-pool',
  ])
  expect(part.allocations?.[3]).toMatchObject({ attachment: { sandbox: 'web0', interface: 'eth0' }, recordedAt: Date.parse('2026-11-23T09:00:00Z') })
})

test('endpoints in slices count once', () => {
  const slice = object('cilium.io/v2alpha1', 'CiliumEndpointSlice', {
    metadata: { name: 'ces-1', uid: 's' },
    namespace: 'shop',
    endpoints: [
      { name: 'web', networking: { addressing: [{ ipv4: '10.0.0.4' }] } },
      { name: 'api', networking: { addressing: [{ ipv4: '10.0.0.6' }] } },
    ],
  })
  const part = parsed(cilium, [endpoint('web', '10.0.0.4'), slice])
  expect(part.allocations?.map(({ address, owner }) => `${formatAddress(address)} ${owner.id}`)).toEqual(['10.0.0.4 shop/web', '10.0.0.6 shop/api'])
})

test('clouds: a pool for each node; what is used lags behind and proves no leak', () => {
  const part = parsed(cilium, [
    config({ ipam: 'eni' }),
    node(
      'n1',
      { ipam: { pool: { '10.1.0.9': {}, '10.1.0.10': {} } } },
      { ipam: { used: { '10.1.0.9': { owner: 'shop/web-0' }, '10.1.0.10': { owner: 'router' } } } },
    ),
  ])
  expect(pools(part)).toEqual(['n1 10.1.0.9-10.1.0.10 - declared n1 pods on'])
  expect(part.allocations?.map(({ owner, purpose, unsettled }) => [owner.kind, owner.id, purpose, unsettled])).toEqual([
    ['pod', 'shop/web-0', undefined, true],
    ['node', 'n1', 'router', true],
  ])
})

test('what the operator says is a shortage, unless it speaks of a block of no pool', () => {
  const error = (text: string) =>
    node('n1', { ipam: { pools: { requested: [{ pool: 'blue', needed: { 'ipv4-addrs': 40 } }] } } }, { ipam: { 'operator-status': { error: text } } })
  const shortages = (ipam: string, text: string) => parsed(cilium, [config({ ipam }), error(text)]).shortages?.map(({ pool, node: on }) => [pool, on])
  expect(shortages('cluster-pool', 'allocator full')).toEqual([['cluster-pool', 'n1']])
  expect(shortages('multi-pool', 'failed to allocate ipv4 address for node "n1" from pool "blue": pool empty')).toEqual([['blue', 'n1']])
  expect(shortages('multi-pool', 'unable to reuse from pool default: cidr 10.10.0.0/28 is not part of the requested pool')).toEqual([])
})

test('every CiliumNode is a record of its node, with what it asked for', () => {
  const part = parsed(cilium, [
    node('n1', {
      ipam: { pools: { allocated: [{ pool: 'blue', cidrs: ['10.11.0.0/27'] }], requested: [{ pool: 'blue', needed: { 'ipv4-addrs': 8 } }] } },
    }),
    blockOf('n2', '10.0.0.0/24'),
  ])
  expect(part.nodeRecords?.map(({ node: name, ranges, requested }) => [name, ranges.map(formatRange), requested])).toEqual([
    ['n1', ['10.11.0.0/27'], [{ pool: 'blue', family: 4, count: 8n }]],
    ['n2', ['10.0.0.0/24'], undefined],
  ])
})

describe('malformed objects are said, the rest is read', () => {
  test.each<[string, Document, string, string]>([
    ['a node range', blockOf('bad', '10.0.0.0/33'), 'CiliumNode bad: spec.ipam.podCIDRs is "10.0.0.0/33", not a CIDR', 'ciliumnodes'],
    [
      'an endpoint address',
      endpoint('bad', '10.0.0'),
      'CiliumEndpoint shop/bad: networking.addressing.ipv4 is "10.0.0", not an address',
      'ciliumendpoints',
    ],
    [
      'a pod pool',
      object('cilium.io/v2', 'CiliumPodIPPool', { metadata: { name: 'bad' }, spec: { ipv4: { cidrs: [7] } } }),
      'CiliumPodIPPool bad: spec.ipv4.cidrs is missing, not a CIDR',
      'ciliumpodippools',
    ],
    [
      'a load-balancer pool',
      object('cilium.io/v2', 'CiliumLoadBalancerIPPool', {
        metadata: { name: 'bad' },
        spec: { blocks: [{ start: '192.0.2.9', stop: '192.0.2.1' }] },
      }),
      'CiliumLoadBalancerIPPool bad: spec.blocks: 192.0.2.9 to 192.0.2.1 ends before it starts',
      'ciliumloadbalancerippools',
    ],
    [
      'a slice',
      object('cilium.io/v2alpha1', 'CiliumEndpointSlice', {
        metadata: { name: 'bad' },
        endpoints: [{ name: 'web', networking: { addressing: [{ ipv4: 'x' }] } }],
      }),
      'CiliumEndpointSlice bad: networking.addressing.ipv4 is "x", not an address',
      'ciliumendpointslices',
    ],
  ])('%s', (_, document, message, source) => {
    const part = parsed(cilium, [document, blockOf('good', '10.0.1.0/24')])
    expect(part.problems?.map((problem) => problem.message)).toEqual([message])
    expect(part.coverage?.find((coverage) => coverage.source === source)?.status).toBe('partial')
    expect(part.nodeRecords?.some(({ node: name }) => name === 'good')).toBe(true)
  })
})
