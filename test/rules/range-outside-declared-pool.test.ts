// DRF-501: node ranges, flannel and kube-proxy against the cluster CIDR; T11 and unknown cluster CIDRs stay quiet.
import { describe, expect, test } from 'vitest'
import type { DeclaredRange, InventoryPart, Node } from '../../src/model/inventory.ts'
import { parseCidr } from '../../src/net/index.ts'
import { rangeOutsideDeclaredPool as rule } from '../../src/rules/range-outside-declared-pool.ts'
import { declared, inventory, modeIs, node, nodeState } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const NODEIPAM = modeIs('nodeipam+host-local')
const cluster = (cidr: string, nodePrefix = 24): DeclaredRange => declared('pods', cidr, 'kubeadm-config networking.podSubnet', { nodePrefix })
const flannel = (cidr: string): DeclaredRange => declared('pods', cidr, 'flannel net-conf.json')
const kubeProxy = (cidr: string): DeclaredRange => declared('pods', cidr, 'kube-proxy clusterCIDR')

const given = (ranges: readonly DeclaredRange[], nodes: readonly Node[], rest: InventoryPart = {}) =>
  inventory({ nodes, declared: ranges, signals: [NODEIPAM], ...rest })

const three = [node('n1', ['10.244.0.0/24']), node('n2', ['10.244.1.0/24']), node('n3', ['10.244.2.0/24'])]
const withNode = (cidr: string, rest: Partial<Node> = {}): Node[] => [...three, node('n4', [cidr], rest)]

describe('flagged', () => {
  test.each([
    ['one node outside', given([cluster('10.244.0.0/16')], withNode('10.9.0.0/24')), ['critical outside-cluster-cidr | 10.9.0.0/24 | n4']],
    [
      'the cluster CIDR was edited: one finding for all nodes',
      given([cluster('10.245.0.0/16')], three),
      ['critical outside-cluster-cidr | 10.244.0.0/24 10.244.1.0/24 10.244.2.0/24 | n1 n2 n3'],
    ],
    [
      'and whoever still says the old one is only named',
      given([cluster('10.245.0.0/16'), flannel('10.244.0.0/16'), kubeProxy('10.244.0.0/16')], three),
      [
        'critical outside-cluster-cidr | 10.244.0.0/24 10.244.1.0/24 10.244.2.0/24 | n1 n2 n3',
        'low flannel-network | 10.244.0.0/16 10.245.0.0/16',
        'low kube-proxy-cluster-cidr | 10.244.0.0/16 10.245.0.0/16',
      ],
    ],
    [
      'the flags of the running controller count more than kubeadm-config',
      given(
        [cluster('10.244.0.0/16'), declared('pods', '10.246.0.0/16', 'kube-controller-manager flag --cluster-cidr', { nodePrefix: 24 })],
        [node('n1', ['10.244.0.0/24'])],
      ),
      ['critical outside-cluster-cidr | 10.244.0.0/24 | n1'],
    ],
    [
      'a block larger than the cluster CIDR',
      given([cluster('10.244.0.0/24')], [node('n1', ['10.244.0.0/16'])]),
      ['critical outside-cluster-cidr | 10.244.0.0/16 | n1'],
    ],
    [
      'T11: with Calico nobody uses it, but the controller still fails',
      given([cluster('10.244.0.0/16')], withNode('10.9.0.0/24'), { signals: [modeIs('calico')] }),
      ['low outside-cluster-cidr | 10.9.0.0/24 | n4'],
    ],
    ['two masks, no cluster CIDR known', given([], withNode('10.244.3.0/25')), ['high mixed-masks | 10.244.3.0/25 | n4']],
    [
      'two masks of IPv6 beside one of IPv4',
      given(
        [],
        [
          node('n1', ['10.244.0.0/24', 'fd00:1::/64']),
          node('n2', ['10.244.1.0/24', 'fd00:1:0:1::/64']),
          node('n3', ['10.244.2.0/24', 'fd00:1:0:2::/80']),
        ],
      ),
      ['high mixed-masks | fd00:1:0:2::/80 | n3'],
    ],
    [
      'flannel with another network',
      given([cluster('10.244.0.0/16'), flannel('10.224.0.0/16')], three),
      ['high flannel-network | 10.224.0.0/16 10.244.0.0/16'],
    ],
    [
      'flannel inside the cluster CIDR, but too small for a node',
      given([cluster('10.244.0.0/16'), flannel('10.244.0.0/23')], three),
      ['high flannel-network | 10.244.0.0/23 10.244.2.0/24'],
    ],
    [
      'flannel’s file on a node says another network',
      given([cluster('10.244.0.0/16')], three, {
        nodeStates: [
          nodeState('n2', [], [], { flannel: { networks: [parseCidr('10.1.0.0/16')], subnets: [], origin: 'nodes/n2/run/flannel/subnet.env' } }),
        ],
      }),
      ['high flannel-network | 10.1.0.0/16 10.244.0.0/16 | n2'],
    ],
    [
      'kube-proxy with another range',
      given([cluster('10.244.0.0/16'), kubeProxy('10.32.0.0/12')], three),
      ['medium kube-proxy-cluster-cidr | 10.32.0.0/12 10.244.0.0/16'],
    ],
    [
      'kube-proxy against the node ranges where no cluster CIDR is known',
      given([kubeProxy('10.244.0.0/23')], three),
      ['medium kube-proxy-cluster-cidr | 10.244.0.0/23 10.244.2.0/24'],
    ],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })
})

describe('silent', () => {
  test.each([
    ['all agree', given([cluster('10.244.0.0/16'), flannel('10.244.0.0/16'), kubeProxy('10.244.0.0/16')], three)],
    [
      'two declared CIDRs with a mask each',
      given([cluster('10.244.0.0/16', 24), cluster('10.64.0.0/16', 26)], [...three, node('n4', ['10.64.0.0/26']), node('n5', ['10.64.0.64/26'])]),
    ],
    ['a Windows node with its own mask', given([cluster('10.244.0.0/16')], withNode('10.244.4.0/25', { os: 'windows' }))],
    ['node pools of GKE', given([], withNode('10.244.3.0/26'), { signals: [modeIs('gke')] })],
    ['T11: two masks that nobody uses', given([], withNode('10.244.3.0/25'), { signals: [modeIs('calico')] })],
    ['a family whose cluster CIDR is not known', given([cluster('10.244.0.0/16')], [node('n1', ['10.244.0.0/24', 'fd00::/64'])])],
    ['kube-proxy with a wider range', given([cluster('10.244.0.0/16'), kubeProxy('10.0.0.0/8')], three)],
    ['a cluster CIDR that is only a guess', given([declared('pods', '10.9.0.0/16', 'guess', { certainty: 'inferred' })], three)],
  ])('%s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('each cause has the steps that cure it', () => {
  const all = findingsOf(
    rule,
    given([cluster('10.244.0.0/16'), flannel('10.3.0.0/16'), kubeProxy('10.2.0.0/16')], [...withNode('10.9.0.0/24'), node('n5', ['10.244.5.0/25'])]),
  )
  expect(all.map(({ cause, fix }) => `${cause} ${fix.playbook}`)).toEqual([
    'outside-cluster-cidr R6',
    'flannel-network R17',
    'mixed-masks R7',
    'kube-proxy-cluster-cidr R17',
  ])
  expect(all.every(({ fix }) => fix.steps.length > 0)).toBe(true)
})

test('the message names the nodes and the sizes', () => {
  const [mixed] = findingsOf(rule, given([cluster('10.244.0.0/16')], withNode('10.244.3.0/25')))
  expect(mixed?.message).toBe(
    'node ranges of 10.244.0.0/16 have 2 sizes: 3 nodes have a /24, 1 node has a /25; n4 can overlap the next range that the controller hands out',
  )
  const [outside] = findingsOf(rule, given([cluster('10.244.0.0/16')], withNode('10.9.0.0/24')))
  expect(outside?.message).toBe(
    '1 node holds a range outside of the cluster CIDR 10.244.0.0/16: 10.9.0.0/24 on n4; the controller that hands out node ranges fails at its next start',
  )
})

test('what keeps it from being evaluated', () => {
  const reason = 'node ranges against the cluster CIDR'
  expect(gapsOf(rule, inventory({ pods: [] }))).toEqual([`!${reason}: the input holds no nodes`])
  const unknown = (families: string) => [
    `${reason}: the ${families} cluster CIDR is not known; add the ConfigMap kubeadm-config or the pods of kube-controller-manager`,
  ]
  expect(gapsOf(rule, given([flannel('10.244.0.0/16')], three))).toEqual(unknown('IPv4'))
  expect(gapsOf(rule, given([cluster('10.244.0.0/16')], [node('n1', ['10.244.0.0/24', 'fd00::/64'])]))).toEqual(unknown('IPv6'))
  expect(gapsOf(rule, given([], three, { signals: [modeIs('calico')] }))).toEqual([])
  expect(gapsOf(rule, given([cluster('10.244.0.0/16')], three))).toEqual([])
})
