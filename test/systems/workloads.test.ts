import { describe, expect, test } from 'vitest'
import { formatAddress, formatCidr } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { workloads } from '../../src/systems/workloads.ts'
import { object, parsed } from './parse.ts'

const pod = (name: string, rest: { metadata?: object; spec?: object; status?: object } = {}): Document =>
  object('v1', 'Pod', {
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, ...rest.metadata },
    spec: { nodeName: 'n1', ...rest.spec },
    status: { phase: 'Running', ...rest.status },
  })
const node = (name: string, rest: { metadata?: object; spec?: object; status?: object } = {}): Document =>
  object('v1', 'Node', { metadata: { name, ...rest.metadata }, spec: rest.spec ?? {}, status: rest.status ?? {} })
const addressesOf = (...documents: Document[]) => parsed(workloads, documents).pods?.map((one) => one.addresses.map(formatAddress))
const problemsOf = (...documents: Document[]) => parsed(workloads, documents).problems?.map(({ kind, message }) => `${kind}: ${message}`)

describe('pods', () => {
  test('both families, podIP only where it adds something', () => {
    expect(addressesOf(pod('a', { status: { podIP: '10.9.0.2', podIPs: [{ ip: '10.9.0.2' }, { ip: 'fd00::2' }] } }))).toEqual([
      ['10.9.0.2', 'fd00::2'],
    ])
    expect(addressesOf(pod('a', { status: { podIP: '10.9.0.2' } }))).toEqual([['10.9.0.2']])
    expect(addressesOf(pod('a', { status: { podIP: '' } }))).toEqual([[]])
  })

  test('equal addresses in other texts are equal, and the text is noted', () => {
    expect(addressesOf(pod('a', { status: { podIP: 'FD00:0::1' } }), pod('b', { status: { podIP: '::ffff:10.1.1.1' } }))).toEqual([
      ['fd00::1'],
      ['10.1.1.1'],
    ])
    expect(problemsOf(pod('a', { status: { podIP: 'FD00:0::1' } }), pod('b', { status: { podIP: '010.1.1.1' } }))).toEqual([
      'ambiguous: Pod shop/a: status.podIP "FD00:0::1": not in canonical text',
      'ambiguous: Pod shop/b: status.podIP "010.1.1.1": leading zeros: octal or decimal?',
    ])
  })

  test.each<[string, object, string]>([
    ['a number', { podIP: 12345 }, 'unreadable: Pod shop/a: status.podIP is 12345, not an address'],
    ['a list that is a text', { podIPs: 'str' }, 'unreadable: Pod shop/a: status.podIPs is "str", not a list'],
    ['a phase of another type', { phase: 7 }, 'unreadable: Pod shop/a: status.phase is 7, not a text'],
    ['no address', { podIPs: [{ ip: 'abc' }] }, 'unreadable: Pod shop/a: status.podIPs[0].ip is "abc", not an address'],
  ])('unreadable: %s makes the list partial, and the rest goes on', (_, status, message) => {
    const part = parsed(workloads, [pod('a', { status }), pod('b', { status: { podIP: '10.9.0.3' } })])
    expect(part.problems?.map(({ kind, message: text }) => `${kind}: ${text}`)).toEqual([message])
    expect(part.coverage?.find((coverage) => coverage.source === 'pods')).toMatchObject({ status: 'partial', read: 2 })
    expect(part.pods?.map((one) => one.name)).toEqual(['b'])
  })

  test('a pod without a name does not end the run', () => expect(parsed(workloads, [object('v1', 'Pod', {})]).problems?.length).toBe(1))

  test('row 53: bad dates make the list partial; the pod and its address stay', () => {
    const { pods, problems, coverage } = parsed(workloads, [pod('a', { metadata: { creationTimestamp: 'soon', deletionTimestamp: 7 } })])
    expect([pods?.[0]?.name, pods?.[0]?.createdAt, pods?.[0]?.deletedAt]).toEqual(['a', undefined, undefined])
    expect(problems?.map(({ message }) => message)).toEqual([
      'Pod shop/a: metadata.creationTimestamp is "soon", not a time',
      'Pod shop/a: metadata.deletionTimestamp is 7, not a time',
    ])
    expect(coverage?.find(({ source }) => source === 'pods')?.status).toBe('partial')
  })

  test.each<[string, Document, string]>([
    ['a status', object('v1', 'Pod', { metadata: { name: 'a', namespace: 'shop' }, status: [] }), 'Pod shop/a: status is [], not an object'],
    [
      'a node name',
      object('v1', 'Pod', { metadata: { name: 'a', namespace: 'shop' }, spec: { nodeName: {} } }),
      'Pod shop/a: spec.nodeName is {}, not a text',
    ],
    ['labels', pod('a', { metadata: { labels: ['x'] } }), 'Pod shop/a: metadata.labels is ["x"], not an object'],
    ['a date of a node', node('n1', { metadata: { creationTimestamp: 'soon' } }), 'Node n1: metadata.creationTimestamp is "soon", not a time'],
    ['a spec of a node', object('v1', 'Node', { metadata: { name: 'n1' }, spec: 'x' }), 'Node n1: spec is "x", not an object'],
  ])('row 53: %s of another type', (_, document, message) => expect(problemsOf(document)).toEqual([`unreadable: ${message}`]))

  test('secondary networks come from the status annotation, the default network from podIPs first', () => {
    const status = JSON.stringify([
      { name: 'cbr0', interface: 'eth0', ips: ['10.9.0.2'], default: true },
      { name: 'shop/lan', interface: 'net1', ips: ['10.60.0.4', 'fd00:60::4'] },
    ])
    const annotations = { 'k8s.v1.cni.cncf.io/network-status': status }
    const [seen] = parsed(workloads, [pod('a', { metadata: { annotations } })]).pods ?? []
    expect(seen?.addresses.map(formatAddress)).toEqual(['10.9.0.2'])
    expect(seen?.interfaces.map(({ network, name, addresses }) => [network, name, addresses.map(formatAddress)])).toEqual([
      ['shop/lan', 'net1', ['10.60.0.4', 'fd00:60::4']],
    ])
  })

  test('an annotation that is not JSON is a problem', () =>
    expect(problemsOf(pod('a', { metadata: { annotations: { 'k8s.v1.cni.cncf.io/network-status': '[{' } } }))).toEqual([
      'unreadable: Pod shop/a: annotation k8s.v1.cni.cncf.io/network-status is not JSON',
    ]))

  const annotated = (annotations: object) => parsed(workloads, [pod('a', { metadata: { annotations } })])
  const recorded = (annotations: object) => {
    const found = annotated(annotations).pods?.[0]?.recorded
    return found === undefined ? undefined : [found.by, ...found.addresses.map(formatAddress)]
  }

  test.each<[string, object, readonly string[] | undefined]>([
    ['no annotation', {}, undefined],
    ['Calico, one family', { 'cni.projectcalico.org/podIP': '10.48.3.66/32' }, ['cni.projectcalico.org/podIP', '10.48.3.66']],
    [
      'Calico, both families in the newer key',
      { 'cni.projectcalico.org/podIP': '10.48.3.66/32', 'cni.projectcalico.org/podIPs': '10.48.3.66/32,fd00:48::66/128' },
      ['cni.projectcalico.org/podIPs', '10.48.3.66', 'fd00:48::66'],
    ],
    ['Calico, given back', { 'cni.projectcalico.org/podIP': '', 'cni.projectcalico.org/podIPs': '' }, ['cni.projectcalico.org/podIPs']],
    ['Kube-OVN', { 'ovn.kubernetes.io/ip_address': '10.16.0.9,fd00:16::9' }, ['ovn.kubernetes.io/ip_address', '10.16.0.9', 'fd00:16::9']],
    [
      'OVN-Kubernetes, the default network only',
      {
        'k8s.ovn.org/pod-networks': JSON.stringify({
          default: { ip_addresses: ['10.128.4.9/23', 'fd01:0:0:5::9/64'], ip_address: '10.128.4.9/23' },
          'shop/blue': { ip_addresses: ['10.9.9.9/24'] },
        }),
      },
      ['k8s.ovn.org/pod-networks', '10.128.4.9', 'fd01:0:0:5::9'],
    ],
    [
      'OVN-Kubernetes, the old single field',
      { 'k8s.ovn.org/pod-networks': '{"default":{"ip_address":"10.128.4.9/23"}}' },
      ['k8s.ovn.org/pod-networks', '10.128.4.9'],
    ],
  ])('recorded by the CNI: %s', (_, annotations, expected) => expect(recorded(annotations)).toEqual(expected))

  test('records that cannot be read are problems, and no record', () => {
    expect(annotated({ 'cni.projectcalico.org/podIP': 'soon' })).toMatchObject({
      pods: [{ name: 'a' }],
      problems: [{ message: 'Pod shop/a: annotation cni.projectcalico.org/podIP is "soon", not an address' }],
    })
    expect(recorded({ 'cni.projectcalico.org/podIP': 'soon' })).toBeUndefined()
    expect(problemsOf(pod('a', { metadata: { annotations: { 'k8s.ovn.org/pod-networks': '{' } } }))).toEqual([
      'unreadable: Pod shop/a: annotation k8s.ovn.org/pod-networks is not JSON',
    ])
  })

  test.each<[string, string, readonly string[] | undefined]>([
    ['the short form', 'lan, infra/storage@net2,lan@net3', ['shop/lan', 'infra/storage']],
    ['JSON', '[{"name":"lan","ips":["10.60.0.4/24"]},{"name":"storage","namespace":"infra","interface":"net2"}]', ['shop/lan', 'infra/storage']],
    ['JSON with an entry that has no name', '[{"namespace":"x"},{"name":"storage","namespace":"infra"}]', ['infra/storage']],
    ['nothing', ' ', undefined],
    ['JSON that is cut off', '[{"name":"lan"', undefined],
  ])('networks asked for: %s', (_, text, expected) =>
    expect(annotated({ 'k8s.v1.cni.cncf.io/networks': text }).pods?.[0]?.requested).toEqual(expected),
  )

  test('the reason of a failed pod', () =>
    expect(parsed(workloads, [pod('a', { status: { phase: 'Failed', reason: 'Evicted' } })]).pods?.[0]?.reason).toBe('Evicted'))

  test('one object in two files is one pod, in its newest version', () => {
    const old = pod('a', { metadata: { resourceVersion: '5' }, status: { podIP: '10.9.0.2' } })
    const young = pod('a', { metadata: { resourceVersion: '9' }, status: { podIP: '10.9.0.3' } })
    expect(addressesOf(old, young)).toEqual([['10.9.0.3']])
    expect(addressesOf(young, old)).toEqual([['10.9.0.3']])
  })

  test('a daemon’s pod is a signal, its label a key like any other', () => {
    expect(
      parsed(workloads, [pod('x', { metadata: { labels: { 'k8s-app': 'calico-node' } } })]).signals?.map(({ mode, weight }) => [mode, weight]),
    ).toEqual([['calico', 2]])
    expect(parsed(workloads, [pod('x', { metadata: { labels: { app: 'constructor' } } })]).signals).toEqual([])
  })
})

describe('nodes', () => {
  test('ranges, addresses, limits', () => {
    const [seen] =
      parsed(workloads, [
        node('n1', {
          spec: { podCIDR: '10.9.1.0/24', podCIDRs: ['10.9.1.0/24', 'fd00:9::/64'], unschedulable: true },
          status: {
            addresses: [
              { type: 'InternalIP', address: '192.0.2.1' },
              { type: 'Hostname', address: 'n1' },
            ],
            allocatable: { pods: '110' },
            conditions: [{ type: 'Ready', status: 'False' }],
          },
        }),
      ]).nodes ?? []
    expect([
      seen?.podCidrs.map(formatCidr),
      seen?.addresses.map(({ type, address }) => `${type} ${formatAddress(address)}`),
      seen?.maxPods,
      seen?.schedulable,
      seen?.ready,
    ]).toEqual([['10.9.1.0/24', 'fd00:9::/64'], ['InternalIP 192.0.2.1'], 110, false, false])
  })

  test('podCIDR alone, and none', () => {
    expect(
      parsed(workloads, [node('n1', { spec: { podCIDR: '10.9.1.0/24' } }), node('n2')]).nodes?.map((one) => one.podCidrs.map(formatCidr)),
    ).toEqual([['10.9.1.0/24'], []])
  })

  test('host bits in a range are masked and noted; nonsense is unreadable', () => {
    expect(problemsOf(node('n1', { spec: { podCIDR: '10.9.1.7/24' } }), node('n2', { spec: { podCIDR: 'abc' } }))).toEqual([
      'ambiguous: Node n1: spec.podCIDR "10.9.1.7/24": host bits set',
      'unreadable: Node n2: spec.podCIDR is "abc", not a CIDR',
    ])
  })
})

test('events: a Normal CIDRNotAvailable, and the sandbox that a failure names', () => {
  const sandbox = 'b'.repeat(64)
  const event = (reason: string, involvedObject: object, message: string) =>
    object('v1', 'Event', { metadata: { name: reason, namespace: 'shop', uid: reason }, type: 'Normal', reason, involvedObject, message })
  const { events } = parsed(workloads, [
    event('CIDRNotAvailable', { kind: 'Node', name: 'n5' }, 'Node n5 status is now: CIDRNotAvailable'),
    event('FailedCreatePodSandBox', { kind: 'Pod', namespace: 'shop', name: 'web-0' }, `failed to setup network for sandbox "${sandbox}"`),
    event('Scheduled', { kind: 'Pod', name: 'x' }, 'fine'),
  ])
  expect(events?.map(({ kind, subject, sandbox: id }) => [kind, subject, id])).toEqual([
    ['no-node-range', 'n5', undefined],
    ['sandbox-failed', 'shop/web-0', sandbox],
  ])
})
