// What clusters of three clouds show of their addresses.
import { describe, expect, test } from 'vitest'
import { formatCidr, formatRange } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { awsVpc } from '../../src/systems/aws-vpc.ts'
import { azure } from '../../src/systems/azure.ts'
import { gke } from '../../src/systems/gke.ts'
import { object, parsed } from './parse.ts'

describe('AWS VPC CNI', () => {
  const config = (name: string, spec: object): Document => object('crd.k8s.amazonaws.com/v1alpha1', 'ENIConfig', { metadata: { name }, spec })
  const agent = (env: object[], app = 'aws-node'): Document =>
    object('v1', 'Pod', {
      metadata: { name: 'a', namespace: 'kube-system', labels: { 'k8s-app': app } },
      spec: { containers: [{ name: 'aws-node', env }] },
    })
  const warm = [
    { name: 'WARM_IP_TARGET', value: '5' },
    { name: 'PATH', value: '/bin' },
    { name: 'ENABLE_PREFIX_DELEGATION', value: 'true' },
  ]

  test('settings of the daemon and CNINodes are weak signs of the mode', () => {
    const part = parsed(awsVpc, [agent(warm), agent(warm), object('vpcresources.k8s.aws/v1alpha1', 'CNINode', { metadata: { name: 'n1' } })])
    expect(part.signals?.map(({ mode, weight, fact }) => `${mode} ${weight} ${fact}`)).toEqual([
      'aws-vpc 1 aws-node runs with WARM_IP_TARGET=5, ENABLE_PREFIX_DELEGATION=true',
      'aws-vpc 1 CNINode objects: 1',
    ])
  })

  test('other pods, and a daemon without values (a collected bundle), say nothing', () =>
    expect(parsed(awsVpc, [agent(warm, 'web'), agent([{ name: 'WARM_IP_TARGET' }])]).signals).toEqual([]))

  test('malformed: an ENIConfig without a subnet', () => {
    const part = parsed(awsVpc, [config('eu-1a', { subnet: 'subnet-1' }), config('eu-1b', { securityGroups: [] })])
    expect(part.problems).toMatchObject([{ kind: 'unreadable', message: 'ENIConfig eu-1b: has no spec.subnet: pods of its nodes get no address' }])
    expect(part.coverage).toMatchObject([{ source: 'eniconfigs', status: 'partial', read: 2 }])
  })
})

describe('Azure', () => {
  const granted = (name: string, ...networkContainers: object[]): Document =>
    object('acn.azure.com/v1alpha', 'NodeNetworkConfig', { metadata: { name, namespace: 'kube-system' }, status: { networkContainers } })
  const brief = (document: Document) => {
    const part = parsed(azure, [document])
    return {
      blocks: part.blocks?.map(({ node, cidr }) => `${node} ${formatCidr(cidr)}`),
      declared: part.declared?.map(({ cidr, nodePrefix }) => `${formatCidr(cidr)} /${nodePrefix}`),
      subnets: part.subnets?.map(({ id, cidr }) => `${id} ${formatCidr(cidr)}`),
      modes: part.signals?.map(({ mode }) => mode),
    }
  }

  test('overlay: the primary address is the range of the node', () =>
    expect(
      brief(granted('n1', { type: 'overlay', primaryIP: '10.244.3.0/24', subnetName: 'routingdomain', subnetAddressSpace: '10.244.0.0/16' })),
    ).toEqual({
      blocks: ['n1 10.244.3.0/24'],
      declared: ['10.244.0.0/16 /24'],
      subnets: [],
      modes: ['azure-overlay'],
    }))

  test('flat: single addresses, side by side as one; the primary address is not among them', () =>
    expect(
      brief(
        granted('n1', {
          type: 'vnet',
          primaryIP: '10.0.0.4',
          subnetName: 'pods',
          subnetAddressSpace: '10.0.0.0/16',
          ipAssignments: [
            { name: 'a', ip: '10.0.0.8' },
            { name: 'b', ip: '10.0.0.9' },
            { name: 'c', ip: '10.0.0.77/32' },
          ],
        }),
      ),
    ).toEqual({ blocks: ['n1 10.0.0.8/31', 'n1 10.0.0.77/32'], declared: [], subnets: ['pods 10.0.0.0/16'], modes: ['azure-flat'] }))

  test('blocks of the VNet', () =>
    expect(brief(granted('n1', { type: 'vnetblock', ipAssignments: [{ name: 'a', ip: '10.0.1.16/28' }] })).blocks).toEqual(['n1 10.0.1.16/28']))

  test('a node without a grant yet has nothing', () => expect(brief(granted('n1'))).toEqual({ blocks: [], declared: [], subnets: [], modes: [] }))

  test('an exhausted subnet is a shortage', () => {
    const state = (exhausted: boolean): Document =>
      object('acn.azure.com/v1alpha1', 'ClusterSubnetState', {
        metadata: { name: `s-${exhausted}`, namespace: 'kube-system' },
        status: { exhausted },
      })
    expect(parsed(azure, [state(true), state(false)]).shortages).toMatchObject([{ pool: 'kube-system/s-true' }])
  })

  test.each<[string, Document]>([
    ['an overlay range that is none', granted('n1', { type: 'overlay', primaryIP: '10.244.3' })],
    ['a granted address that is none', granted('n1', { type: 'vnet', ipAssignments: [{ ip: 'x' }] })],
  ])('malformed: %s', (_, document) => {
    const part = parsed(azure, [document])
    expect(part.problems).toMatchObject([{ kind: 'unreadable' }])
    expect(part.coverage).toMatchObject([{ source: 'nodenetworkconfigs', status: 'partial' }])
  })
})

describe('GKE', () => {
  const node = (annotations: object, labels: object = { 'cloud.google.com/gke-nodepool': 'p' }): Document =>
    object('v1', 'Node', { metadata: { name: 'g1', annotations, labels }, spec: { podCIDR: '10.8.0.0/24' } })
  const networks = JSON.stringify([
    { name: 'default', cidrs: ['10.8.0.0/24'] },
    { name: 'blue', cidrs: ['172.16.1.0/24'], scope: 'host-local' },
  ])

  test('further networks have ranges of their own on each node', () =>
    expect(
      parsed(gke, [node({ 'networking.gke.io/networks': networks })]).blocks?.map(({ domain, cidr }) => `${domain} ${formatCidr(cidr)}`),
    ).toEqual(['blue 172.16.1.0/24']))

  test('parameters in use are the pool of their network', () => {
    const network = (name: string, used: string): Document =>
      object('networking.gke.io/v1', 'Network', { metadata: { name }, spec: { parametersRef: { kind: 'GKENetworkParamSet', name: used } } })
    const set = (name: string, ...cidrBlocks: unknown[]): Document =>
      object('networking.gke.io/v1', 'GKENetworkParamSet', { metadata: { name }, status: { podCIDRs: { cidrBlocks } } })
    const part = parsed(gke, [
      network('blue', 'b'),
      network('default', 'd'),
      set('b', '172.16.0.0/16'),
      set('d', '10.8.0.0/14'),
      set('unused', '172.17.0.0/16'),
    ])
    expect(part.pools?.map(({ name, domain, ranges }) => `${name} ${domain} ${ranges.map(formatRange)}`)).toEqual(['blue blue 172.16.0.0/16'])
    expect(parsed(gke, [set('b', 7)])).toMatchObject({ problems: [{ kind: 'unreadable' }], coverage: [{ status: 'partial' }] })
  })

  test('a node pool with ranges outweighs live addresses in node ranges; other nodes say nothing', () => {
    expect(parsed(gke, [node({})]).signals?.map(({ mode, weight }) => `${mode} ${weight}`)).toEqual(['gke 3', 'gke 3'])
    expect(parsed(gke, [node({}, {})]).signals).toEqual([])
  })

  test('malformed: an annotation that is no JSON', () =>
    expect(parsed(gke, [node({ 'networking.gke.io/networks': '[{' })]).problems).toMatchObject([{ kind: 'unreadable' }]))
})
