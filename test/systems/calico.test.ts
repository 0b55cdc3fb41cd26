import { describe, expect, test } from 'vitest'
import { formatAddress, formatCidr, formatRange } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { calico } from '../../src/systems/calico.ts'
import { object, parsed } from './parse.ts'

const CRD = 'crd.projectcalico.org/v1'
const NATIVE = 'projectcalico.org/v3'
const POD = { namespace: 'shop', node: 'n1', pod: 'web-0', timestamp: '2026-11-20 09:14:02.123456789 +0000 UTC' }
const SANDBOX = 'ab'.repeat(32)

interface BlockSpec {
  readonly cidr?: string
  readonly affinity?: string | undefined
  readonly attributes?: readonly object[]
  readonly [key: string]: unknown
}

/** A block of eight with the attributes at its first ordinals. */
function block({ cidr = '10.48.0.0/29', attributes = [], ...rest }: BlockSpec = {}, group = CRD): Document {
  const allocations = Array.from({ length: 8 }, (_, i) => (i < attributes.length ? i : null))
  const unallocated = allocations.flatMap((slot, i) => (slot === null ? [i] : []))
  const name = cidr.replaceAll(/[.:/]/g, '-')
  return object(group, 'IPAMBlock', { metadata: { name }, spec: { cidr, affinity: 'host:n1', allocations, unallocated, attributes, ...rest } })
}
const pool = (spec: object = {}, group = CRD, name = 'pool'): Document =>
  object(group, 'IPPool', { metadata: { name }, spec: { cidr: '10.48.0.0/24', blockSize: 29, ...spec } })
const handle = (id: string, blocks: object, rest: object = {}): Document =>
  object(CRD, 'IPAMHandle', {
    metadata: { name: id.toLowerCase(), creationTimestamp: '2026-11-20T09:00:00Z' },
    spec: { handleID: id, block: blocks, ...rest },
  })
const affinity = (node: string, cidr: string, rest: object = {}, group = CRD): Document =>
  object(group, 'BlockAffinity', {
    metadata: { name: `${node}-${cidr}` },
    spec: { cidr, node, type: 'host', state: 'confirmed', deleted: 'false', ...rest },
  })
const node = (name: string, labels: object = {}): Document => object('v1', 'Node', { metadata: { name, labels } })
const livePod = (name: string, podIP: string): Document =>
  object('v1', 'Pod', { metadata: { name, namespace: 'shop' }, spec: { nodeName: 'n1' }, status: { phase: 'Running', podIP } })

const part = (...documents: Document[]) => parsed(calico, documents)
const allocated = (...documents: Document[]) =>
  part(...documents).allocations?.map(({ address, owner, node: at, purpose }) =>
    [formatAddress(address), owner.kind, owner.id, at ?? '-', purpose ?? ''].join(' ').trim(),
  )
const faults = (...documents: Document[]) => part(...documents).inconsistencies?.map(({ cause, addresses }) => `${cause} ${addresses?.join(' ')}`)

describe('allocations', () => {
  test.each<[string, object, readonly string[]]>([
    ['a pod', { handle_id: `k8s-pod-network.${SANDBOX}`, secondary: POD }, ['10.48.0.0 pod shop/web-0 n1']],
    ['IPIP', { handle_id: 'ipip-tunnel-addr-n1', secondary: { node: 'n1', type: 'ipipTunnelAddress' } }, ['10.48.0.0 node n1 n1 IPIP tunnel']],
    ['VXLAN', { handle_id: 'vxlan-tunnel-addr-n1', secondary: { node: 'n1', type: 'vxlanTunnelAddress' } }, ['10.48.0.0 node n1 n1 VXLAN tunnel']],
    [
      'VXLAN, IPv6',
      { handle_id: 'vxlan-v6-tunnel-addr-n1', secondary: { node: 'n1', type: 'vxlanV6TunnelAddress' } },
      ['10.48.0.0 node n1 n1 VXLAN tunnel'],
    ],
    [
      'WireGuard',
      { handle_id: 'wireguard-tunnel-addr-n1', secondary: { type: 'wireguardTunnelAddress' } },
      ['10.48.0.0 node n1 n1 WireGuard tunnel'],
    ],
    [
      'WireGuard, IPv6',
      { handle_id: 'wireguard-v6-tunnel-addr-n1', secondary: { node: 'n1', type: 'wireguardV6TunnelAddress' } },
      ['10.48.0.0 node n1 n1 WireGuard tunnel'],
    ],
    [
      'Windows, in any case',
      { handle_id: 'Windows-Reserved-IPAM-Handle', secondary: { note: 'windows host rsvd' } },
      ['10.48.0.0 node n1 n1 reserved on Windows'],
    ],
    ['a machine', { handle_id: 'k8s-pod-network.vmi.shop.db', secondary: { ...POD, 'vmi-name': 'db' } }, ['10.48.0.0 machine shop/db n1']],
    ['a Service', { handle_id: 'lb-abc', secondary: { namespace: 'shop', service: 'front' } }, ['10.48.0.0 service shop/front - load balancer']],
    ['nobody known', { handle_id: 'mine', secondary: {} }, ['10.48.0.0 unknown mine -']],
    ['cooling down', { releasedAt: '2026-11-20T10:02:11Z' }, []],
  ])('%s', (_, attribute, expected) => expect(allocated(block({ attributes: [attribute] }))).toEqual(expected))

  test('time, sandbox and handle of a pod', () => {
    const id = `k8s-pod-network.${SANDBOX}`
    expect(part(block({ attributes: [{ handle_id: id, secondary: POD }] })).allocations?.[0]).toMatchObject({
      recordedAt: Date.parse('2026-11-20T09:14:02Z'),
      attachment: { sandbox: SANDBOX },
      handle: id,
    })
  })

  test('several addresses of one attribute, IPv6, and an address borrowed from another node', () => {
    const attributes = [{ handle_id: 'k8s-pod-network.x', secondary: { ...POD, node: 'n2' } }]
    const shared = block({
      cidr: 'fd00:48::8/125',
      attributes,
      allocations: [null, 0, 0, null, null, null, null, null],
      unallocated: [0, 3, 4, 5, 6, 7],
    })
    expect(part(shared).allocations?.map(({ address, node: at, borrowedFrom }) => [formatAddress(address), at, borrowedFrom])).toEqual([
      ['fd00:48::9', 'n2', 'n1'],
      ['fd00:48::a', 'n2', 'n1'],
    ])
  })

  test('deleted blocks are absent; blocks of load balancers and released ones are nobody’s', () => {
    const attributes = [{ handle_id: 'x', secondary: POD }]
    expect(part(block({ deleted: true, attributes })).blocks).toEqual([])
    const cidrs = { a: '10.48.0.8/29', b: '10.48.0.16/29' }
    const { blocks, nodeRecords } = part(block({ cidr: cidrs.a, affinity: 'virtual:load-balancer' }), block({ cidr: cidrs.b, affinity: undefined }))
    expect(blocks?.map(({ cidr, node: at }) => `${formatCidr(cidr)} ${at}`)).toEqual([`${cidrs.a} `, `${cidrs.b} `])
    expect(nodeRecords).toEqual([])
  })

  test('of a block that changed while the cluster was read', () => {
    const changed = { ...block({ attributes: [{ handle_id: 'x', secondary: POD }] }), unsettled: true } as Document
    expect(part(changed).allocations?.[0]?.unsettled).toBe(true)
  })
})

describe('pools', () => {
  const shown = (...documents: Document[]) =>
    part(...documents).pools?.map(({ name, ranges, claims, disabled, use, withheld }) => [
      name,
      ranges.map(formatRange).join(),
      claims?.prefix,
      disabled ?? false,
      use ?? 'pods',
      (withheld ?? []).map(formatRange).join(),
    ])

  test('defaults of the block size, use, state', () => {
    expect(
      shown(
        pool({ blockSize: undefined }, CRD, 'a'),
        pool({ cidr: 'fd00:48::/64', blockSize: undefined, disabled: true }, CRD, 'b'),
        pool({ allowedUses: ['LoadBalancer'] }, CRD, 'c'),
        pool({ blockSize: 8 }, CRD, 'd'),
      ),
    ).toEqual([
      ['a', '10.48.0.0/24', 26, false, 'pods', ''],
      ['b', 'fd00:48::/64', 122, true, 'pods', ''],
      ['c', '10.48.0.0/24', 29, false, 'load-balancers', ''],
      ['d', '10.48.0.0/24', undefined, false, 'pods', ''],
    ])
  })

  test('reservations and cooling addresses are withheld, those of other pools are not', () => {
    const reservation = object(CRD, 'IPReservation', {
      metadata: { name: 'r' },
      spec: { reservedCIDRs: ['10.48.0.128/30', '10.48.0.9', '10.99.0.0/24'] },
    })
    const found = part(pool(), reservation, block({ attributes: [{ releasedAt: '2026-11-20T10:02:11Z' }] }))
    expect(found.pools?.[0]?.withheld?.map(formatRange)).toEqual(['10.48.0.128/30', '10.48.0.9', '10.48.0.0'])
    expect(found.reservations?.map(({ range, why }) => `${formatRange(range)} ${why}`)).toContain('10.48.0.9 reserved by IPReservation r')
  })

  test.each<[string, readonly string[] | 'unknown' | undefined]>([
    ['all()', undefined],
    ["rack == 'a'", ['n1']],
    ["rack in {'a', 'b'} && !has(gpu)", ['n1']],
    ["rack not in {'a'}", ['n2', 'n3']],
    ["has(gpu) || (rack != 'b' && rack starts with 'a')", ['n1', 'n2']],
    ["rack contains 'b'", ['n2']],
    ['rack == ', 'unknown'],
    ["rack ~ 'a'", 'unknown'],
  ])('nodeSelector %s', (nodeSelector, expected) => {
    const nodes = [node('n1', { rack: 'a' }), node('n2', { rack: 'b', gpu: '1' }), node('n3')]
    expect(part(...nodes, pool({ nodeSelector })).pools?.[0]?.claims?.nodes).toEqual(expected)
  })

  test('strictAffinity and the limit of blocks', () => {
    const config = object(NATIVE, 'IPAMConfiguration', { metadata: { name: 'default' }, spec: { strictAffinity: true, maxBlocksPerHost: 4 } })
    expect(part(config, pool()).pools?.[0]?.claims).toMatchObject({ strict: true, perNode: 4 })
    expect(part(pool()).pools?.[0]?.claims).toEqual({ prefix: 29, strict: false })
  })
})

describe('the two API groups', () => {
  test('an aggregated API server shows the same objects again: counted once', () => {
    const found = part(pool(), pool({}, NATIVE), block(), affinity('n1', '10.48.0.0/29'), affinity('n1', '10.48.0.0/29', { deleted: false }, NATIVE))
    expect([found.pools?.length, found.blocks?.length]).toEqual([1, 1])
  })

  test('native blocks: what the older group holds is left over', () => {
    const found = part(pool({ cidr: '10.90.0.0/24' }), block({ cidr: '10.90.0.0/29' }), pool({}, NATIVE), block({}, NATIVE))
    expect(found.pools?.map(({ origin, ranges }) => [origin, ranges.map(formatRange).join()])).toEqual([['cluster/x.json', '10.48.0.0/24']])
    expect(found.blocks?.map(({ cidr }) => formatCidr(cidr))).toEqual(['10.48.0.0/29'])
  })

  test('without blocks the affinities tell who has what; deleted and pending ones do not count', () => {
    const found = part(
      affinity('n1', '10.48.0.0/29', { state: 'pendingDeletion' }, NATIVE),
      affinity('n2', '10.48.0.8/29', { deleted: true }, NATIVE),
      affinity('n3', '10.48.0.16/29', { state: 'pending' }, NATIVE),
      affinity('n4', '10.48.0.24/29', { deleted: 'true' }, NATIVE),
    )
    expect(found.blocks?.map(({ cidr, node: at, state }) => [formatCidr(cidr), at, state])).toEqual([['10.48.0.0/29', 'n1', 'releasing']])
  })
})

describe('contradictions', () => {
  const one = { handle_id: 'h1', secondary: POD }
  const free = [1, 2, 3, 4, 5, 6, 7]
  test.each<[string, BlockSpec, readonly string[]]>([
    ['none', { attributes: [one] }, []],
    [
      'an index beyond the attributes',
      { attributes: [one], allocations: [0, 3, null, null, null, null, null, null], unallocated: [2, 3, 4, 5, 6, 7] },
      ['index-out-of-range 10.48.0.0/29 10.48.0.1'],
    ],
    [
      'an attribute that nobody has',
      { attributes: [one, one], allocations: [0, null, null, null, null, null, null, null], unallocated: free },
      ['unused-attribute 10.48.0.0/29'],
    ],
    ['a free ordinal out of range', { attributes: [one], unallocated: [1, 2, 3, 4, 5, 6, 8] }, ['ordinal-out-of-range 10.48.0.0/29']],
    ['an ordinal twice free', { attributes: [one], unallocated: [1, 2, 3, 4, 5, 6, 6] }, ['twice-free 10.48.0.0/29 10.48.0.6']],
    ['free and allocated', { attributes: [one], unallocated: [0, ...free] }, ['free-and-allocated 10.48.0.0/29 10.48.0.0']],
    ['counts that do not add up', { attributes: [one], unallocated: [1, 2, 3] }, ['counts 10.48.0.0/29']],
    ['a release time', { attributes: [{ releasedAt: '2027-01-01T00:00:00Z' }] }, ['released-in-future 10.48.0.0/29 10.48.0.0']],
  ])('of a block: %s', (_, spec, expected) => expect(faults(block(spec))).toEqual(expected))

  test('a release time is a fault only when it lies ahead', () =>
    expect(part(block({ attributes: [{ releasedAt: '2027-01-01T00:00:00Z' }] })).inconsistencies?.[0]?.mustBePast).toBe(
      Date.parse('2027-01-01T00:00:00Z'),
    ))

  test('a changing block is not judged', () =>
    expect(faults({ ...block({ attributes: [one], unallocated: [] }), unsettled: true } as Document)).toEqual([]))

  test.each<[string, readonly Document[], readonly string[]]>([
    ['that agree, in another case', [handle('H1', { '10.48.0.0/29': 1 })], []],
    ['that count wrong', [handle('h1', { '10.48.0.0/29': 2 })], ['handle-count 10.48.0.0/29']],
    ['that name another block', [handle('h1', { '10.48.0.8/29': 1 })], ['handle-count 10.48.0.0/29 10.48.0.8/29']],
    ['that have nothing', [handle('h1', { '10.48.0.0/29': 1 }), handle('h2', { '10.48.0.0/29': 1 })], ['empty-handle 10.48.0.0/29']],
    ['that are missing', [handle('h2', {}, { deleted: true }), handle('h3', {})], ['empty-handle ', 'handle-missing 10.48.0.0/29']],
    ['that were not saved', [], []],
  ])('handles %s', (_, handles, expected) => expect(faults(block({ attributes: [one] }), ...handles)).toEqual(expected))

  test('addresses reserved on Windows have no handle object', () => {
    const reserved = { handle_id: 'windows-reserved-ipam-handle', secondary: {} }
    expect(faults(block({ attributes: [reserved, one] }), handle('h1', { '10.48.0.0/29': 1 }))).toEqual([])
  })

  test.each<[string, readonly Document[], readonly string[]]>([
    ['one', [affinity('n1', '10.48.0.0/29')], []],
    ['two', [affinity('n1', '10.48.0.0/29'), affinity('n2', '10.48.0.0/29')], ['two-affinities 10.48.0.0/29']],
    ['two, one of them pending', [affinity('n1', '10.48.0.0/29'), affinity('n2', '10.48.0.0/29', { state: 'pending' })], []],
    ['of another node than the block says', [affinity('n2', '10.48.0.0/29')], ['affinity-mismatch 10.48.0.0/29']],
  ])('affinities for one block: %s', (_, affinities, expected) => expect(faults(block(), ...affinities)).toEqual(expected))
})

describe('what says that Calico is in use', () => {
  const held = block({ attributes: [{ handle_id: 'h', secondary: POD }] })
  test.each<[string, readonly Document[], readonly unknown[]]>([
    ['live pods have its addresses', [held, livePod('a', '10.48.0.0')], [3]],
    ['live pods have others: left over from a removed Calico', [held, livePod('a', '10.244.1.7'), livePod('b', '10.244.1.8')], []],
    ['no pods to compare with', [held], [2]],
    ['blocks without allocations', [block()], []],
  ])('%s', (_, documents, weights) => expect(part(...documents).signals?.map(({ weight }) => weight)).toEqual(weights))
})

test('records of nodes: hosts outside Kubernetes, and names that an orchRef maps', () => {
  const host = (name: string, spec: object) => object(NATIVE, 'Node', { metadata: { name }, spec })
  const { nodeRecords } = part(
    block(),
    block({ cidr: '10.48.0.8/29', affinity: 'host:gw' }),
    host('n1', { orchRefs: [{ orchestrator: 'k8s', nodeName: 'node-one' }] }),
    host('gw', {}),
  )
  expect(nodeRecords?.map(({ node: at, foreign, ranges }) => [at, foreign ?? false, ranges.map(formatRange).join()])).toEqual([
    ['node-one', false, '10.48.0.0/29'],
    ['gw', true, '10.48.0.8/29'],
  ])
})

test.each<[string, number | undefined]>([
  ['15m0s', 900_000],
  ['1h30m', 5_400_000],
  ['0s', 0],
  ['soon', 900_000],
])('leakGracePeriod %s', (leakGracePeriod, expected) => {
  const config = object(CRD, 'KubeControllersConfiguration', { metadata: { name: 'default' }, spec: { controllers: { node: { leakGracePeriod } } } })
  expect(part(config).collectors?.[0]?.grace).toBe(expected)
})

test('a locked datastore makes the reading partial', () => {
  const locked = object(CRD, 'ClusterInformation', { metadata: { name: 'default' }, spec: { datastoreReady: false } })
  expect(part(locked, block()).coverage?.find(({ status }) => status === 'partial')?.error).toContain('the datastore is locked')
})

test.each<[string, Document, string]>([
  ['IPPool', pool({ cidr: 'everything' }), 'IPPool pool: spec.cidr is "everything", not a CIDR'],
  [
    'IPReservation',
    object(CRD, 'IPReservation', { metadata: { name: 'r' }, spec: { reservedCIDRs: [7] } }),
    'IPReservation r: spec.reservedCIDRs[0] is 7, not a CIDR',
  ],
  ['IPAMBlock without allocations', block({ allocations: undefined }), 'IPAMBlock 10-48-0-0-29: spec.allocations is missing, not a list'],
  [
    'IPAMBlock with text for a number',
    block({ allocations: ['a'] }),
    'IPAMBlock 10-48-0-0-29: spec.allocations[0] is "a", neither null nor a number',
  ],
  ['IPAMBlock with text in its queue', block({ unallocated: ['a'] }), 'IPAMBlock 10-48-0-0-29: spec.unallocated[0] is "a", not a number'],
  ['BlockAffinity', affinity('', '10.48.0.0/29'), 'BlockAffinity -10.48.0.0/29: has no spec.node'],
  ['IPAMHandle', handle('h', { '10.48.0.0/29': 'one' }), 'IPAMHandle h: spec.block 10.48.0.0/29 is "one", not a number'],
])('a malformed %s is a problem, and the list is partial', (_, document, message) => {
  const found = part(document)
  expect(found.problems?.map((problem) => problem.message)).toEqual([message])
  expect(found.coverage?.[0]?.status).toBe('partial')
})
