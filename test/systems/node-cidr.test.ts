import { describe, expect, test } from 'vitest'
import { formatRange, rangeOf } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { nodeCidr } from '../../src/systems/node-cidr.ts'
import { object, parsed } from './parse.ts'

const node = (name: string, ...podCIDRs: string[]): Document => object('v1', 'Node', { metadata: { name }, spec: { podCIDRs } })
const controlPlane = (component: string, words: { command?: string[]; args?: string[] }): Document =>
  object('v1', 'Pod', { metadata: { name: component, namespace: 'kube-system', labels: { component } }, spec: { containers: [words] } })
const configMap = (name: string, data: object): Document => object('v1', 'ConfigMap', { metadata: { name, namespace: 'kube-system' }, data })
const poolsOf = (...documents: Document[]) =>
  parsed(nodeCidr, documents).pools?.map((pool) => `${pool.ranges.map(formatRange)} /${pool.blockPrefix} ${pool.certainty}`)
const declaredOf = (...documents: Document[]) =>
  parsed(nodeCidr, documents).declared?.map(
    ({ role, cidr, nodePrefix, by }) =>
      `${role} ${formatRange({ family: cidr.family, first: cidr.base, last: cidr.base + (1n << BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefix)) - 1n })} ${nodePrefix ?? '-'} ${by}`,
  )

test.each<[string, Document[], string[]]>([
  [
    'flags with =',
    [controlPlane('kube-controller-manager', { command: ['kube-controller-manager', '--cluster-cidr=10.9.0.0/16', '--node-cidr-mask-size=25'] })],
    ['10.9.0.0/16 /25 declared'],
  ],
  [
    'flags apart, in args',
    [controlPlane('kube-controller-manager', { args: ['--cluster-cidr', '10.9.0.0/16,fd00:9::/48', '--node-cidr-mask-size-ipv6', '60'] })],
    ['10.9.0.0/16 /24 declared', 'fd00:9::/48 /60 declared'],
  ],
  [
    'a controller that cuts no ranges',
    [controlPlane('kube-controller-manager', { command: ['--allocate-node-cidrs=false', '--cluster-cidr=10.9.0.0/16'] })],
    [],
  ],
  [
    'kubeadm v1beta3',
    [
      configMap('kubeadm-config', {
        ClusterConfiguration: 'networking:\n  podSubnet: 10.9.0.0/16\ncontrollerManager:\n  extraArgs:\n    node-cidr-mask-size: "26"\n',
      }),
    ],
    ['10.9.0.0/16 /26 declared'],
  ],
  [
    'kubeadm v1beta4',
    [
      configMap('kubeadm-config', {
        ClusterConfiguration:
          'networking: {podSubnet: "10.9.0.0/16"}\ncontrollerManager:\n  extraArgs:\n  - {name: node-cidr-mask-size-ipv4, value: "27"}\n',
      }),
    ],
    ['10.9.0.0/16 /27 declared'],
  ],
  [
    'said twice, counted once',
    [
      controlPlane('kube-controller-manager', { command: ['--cluster-cidr=10.9.0.0/16'] }),
      configMap('kubeadm-config', { ClusterConfiguration: 'networking: {podSubnet: 10.9.0.0/16}' }),
    ],
    ['10.9.0.0/16 /24 declared'],
  ],
  [
    'OpenShift',
    [
      object('config.openshift.io/v1', 'Network', {
        metadata: { name: 'cluster' },
        status: { clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }], serviceNetwork: ['172.30.0.0/16'] },
      }),
    ],
    ['10.128.0.0/14 /23 declared'],
  ],
  [
    'Antrea, under a name with a hash',
    [
      configMap('antrea-config-7b2f', {
        'antrea-controller.conf':
          'nodeIPAM:\n  enableNodeIPAM: true\n  clusterCIDRs: [10.9.0.0/16, "fd00:9::/48"]\n  nodeCIDRMaskSizeIPv4: 25\n  serviceCIDR: 10.96.0.0/16\n',
      }),
    ],
    ['10.9.0.0/16 /25 declared', 'fd00:9::/48 /64 declared'],
  ],
  [
    'Antrea that hands out none',
    [configMap('antrea-config', { 'antrea-controller.conf': 'nodeIPAM: {enableNodeIPAM: false, clusterCIDRs: [10.9.0.0/16]}' })],
    [],
  ],
  ['a guess around the nodes’ ranges', [node('a', '10.9.0.0/24'), node('b', '10.9.3.0/24')], ['10.9.0.0/22 /24 inferred']],
  ['one node is not enough to guess', [node('a', '10.9.0.0/24')], []],
  ['broken YAML is a poorer source, not a fault', [configMap('kubeadm-config', { ClusterConfiguration: '{[' })], []],
])('pools: %s', (_, documents, expected) => expect(poolsOf(...documents)).toEqual(expected))

test('every statement is kept with who made it', () =>
  expect(
    declaredOf(
      controlPlane('kube-apiserver', { command: ['--service-cluster-ip-range=10.96.0.0/16'] }),
      configMap('kube-proxy', { 'config.conf': 'clusterCIDR: 10.9.0.0/16\n' }),
      configMap('kube-flannel-cfg', { 'net-conf.json': '{"Network": "10.9.0.0/16"}' }),
    ),
  ).toEqual([
    'pods 10.9.0.0/16 - flannel net-conf.json',
    'pods 10.9.0.0/16 - kube-proxy clusterCIDR',
    'services 10.96.0.0/16 - kube-apiserver flag --service-cluster-ip-range',
  ]))

test('a pod that only looks like the control plane says nothing', () =>
  expect(
    declaredOf(
      object('v1', 'Pod', { metadata: { name: 'x', labels: { app: 'x' } }, spec: { containers: [{ args: ['--cluster-cidr=10.9.0.0/16'] }] } }),
    ),
  ).toEqual([]))

describe('servers of k3s and RKE2 write their arguments onto nodes', () => {
  const server = (key: string, args: unknown, ...podCIDRs: string[]): Document =>
    object('v1', 'Node', {
      metadata: { name: 's', annotations: { [key]: typeof args === 'string' ? args : JSON.stringify(args) } },
      spec: { podCIDRs },
    })

  test.each<[string, Document[], string[]]>([
    [
      'arguments apart and with =, and the mask passed on',
      [
        server('k3s.io/node-args', [
          'server',
          '--cluster-cidr',
          '10.5.0.0/16',
          '--service-cidr=10.6.0.0/16',
          '--kube-controller-manager-arg',
          'node-cidr-mask-size=25',
        ]),
      ],
      ['pods 10.5.0.0/16 25 k3s argument --cluster-cidr', 'services 10.6.0.0/16 - k3s argument --service-cidr'],
    ],
    [
      'what RKE2 uses when nothing is said',
      [server('rke2.io/node-args', ['server'], '10.42.0.0/24')],
      ['pods 10.42.0.0/16 24 rke2 default of --cluster-cidr', 'services 10.43.0.0/16 - rke2 default of --service-cidr'],
    ],
    [
      'no default that node ranges contradict',
      [server('k3s.io/node-args', ['server'], '10.7.0.0/24')],
      ['services 10.43.0.0/16 - k3s default of --service-cidr'],
    ],
    ['agents say nothing', [server('k3s.io/node-args', ['agent'], '10.42.1.0/24')], []],
    ['broken text says nothing', [server('k3s.io/node-args', '["server"', '10.42.1.0/24'), server('rke2.io/node-args', '{}')], []],
  ])('%s', (_, documents, expected) => expect(declaredOf(...documents)).toEqual(expected))
})

test('Canal and Antrea state their ranges in ConfigMaps', () => {
  const antrea = (enabled: boolean): Document =>
    configMap('antrea-config-7d9f', {
      'antrea-controller.conf': `nodeIPAM:\n  enableNodeIPAM: ${enabled}\n  clusterCIDRs: [10.9.0.0/16, "fd00:9::/48"]\n  serviceCIDR: 10.96.0.0/16\n  nodeCIDRMaskSizeIPv4: 25\n`,
    })
  expect(declaredOf(configMap('rke2-canal-config', { 'net-conf.json': '{"Network": "10.42.0.0/16"}' }))).toEqual([
    'pods 10.42.0.0/16 - flannel net-conf.json',
  ])
  expect(declaredOf(antrea(true))).toEqual([
    'pods 10.9.0.0/16 25 Antrea nodeIPAM.clusterCIDRs',
    'services 10.96.0.0/16 - Antrea nodeIPAM.serviceCIDR',
    'pods fd00:9::/48 64 Antrea nodeIPAM.clusterCIDRs',
  ])
  expect(declaredOf(antrea(false), configMap('antrea-config', { 'antrea-controller.conf': '{[' }), configMap('antrea-config-2', {}))).toEqual([])
})

describe('daemons that use node ranges', () => {
  const annotated = (annotations: Record<string, string>): Document =>
    object('v1', 'Node', { metadata: { name: 'r', annotations }, spec: { podCIDRs: ['10.9.0.0/24'] } })

  test('kube-router takes its annotation before the spec, list before single', () => {
    const blocksOf = (annotations: Record<string, string>) =>
      parsed(nodeCidr, [annotated(annotations)]).blocks?.map(({ cidr }) => formatRange(rangeOf(cidr)))
    expect(blocksOf({ 'kube-router.io/pod-cidr': '10.8.0.0/24' })).toEqual(['10.8.0.0/24'])
    expect(blocksOf({ 'kube-router.io/pod-cidrs': '10.7.0.0/24, fd00:7::/64', 'kube-router.io/pod-cidr': '10.8.0.0/24' })).toEqual([
      '10.7.0.0/24',
      'fd00:7::/64',
    ])
    expect(blocksOf({ 'kube-router.io/pod-cidr': '' })).toEqual(['10.9.0.0/24'])
  })

  test('their annotations are a weak sign of the mode', () => {
    const facts = (annotations: Record<string, string>) =>
      parsed(nodeCidr, [annotated(annotations)]).signals?.map(({ mode, weight, fact }) => `${mode} ${weight} ${fact}`)
    expect(facts({ 'flannel.alpha.coreos.com/backend-type': 'vxlan' })).toEqual([
      'nodeipam+host-local 1 1 node has podCIDRs',
      'nodeipam+host-local 1 flannel annotates 1 node (r)',
    ])
    expect(facts({ other: 'x' })).toHaveLength(1)
  })
})
