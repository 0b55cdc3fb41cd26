import { describe, expect, it } from 'vitest'
import type { InventoryPart, Node } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { hostBridgeOverlap as rule } from '../../src/rules/host-bridge-overlap.ts'
import { clusterCidr, guessedCidr, inMode, outside, serviceCidr, together } from '../cluster-ranges.ts'
import { node, nodeState } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
const docker: Partial<Node> = { runtime: 'docker://24.0.7' }
const at = (ip: string): Partial<Node> => ({ addresses: [{ type: 'InternalIP', address: parseAddress(ip) }] })

describe('OVL-303 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      "docker's bridge in the Service range, all nodes in one finding",
      together(
        flannel,
        serviceCidr('172.17.0.0/18'),
        outside('host-bridge', 'docker bridge', '172.17.0.0/16', { node: 'n2' }),
        outside('host-bridge', 'docker bridge', '172.17.0.0/16', { node: 'n1' }),
      ),
      ['high [172.17.0.0/16 172.17.0.0/18] n1 n2'],
    ],
    [
      'podman in the pod range, and its own bridge elsewhere',
      together(
        flannel,
        clusterCidr('10.80.0.0/12', 24),
        outside('host-bridge', 'podman', '10.88.0.0/16', { node: 'n1' }),
        outside('host-bridge', 'podman', '10.99.0.0/16', { node: 'n1' }),
      ),
      ['high [10.88.0.0/16 10.80.0.0/12] n1'],
    ],
    [
      'a bridge over the addresses of other nodes, and over the office',
      together(
        flannel,
        { nodes: [node('n1', ['10.1.0.0/24'], at('172.17.4.4')), node('n2', ['10.2.0.0/24'], at('172.20.0.1'))] },
        outside('host-bridge', 'docker bridge', '172.17.0.0/16', { node: 'n2' }),
        outside('external', 'office', '172.16.0.0/12'),
      ),
      ['high [172.17.0.0/16 172.16.0.0/12 172.17.4.4] n2'],
    ],
    [
      'issued ranges where the cluster CIDR is only a guess',
      together(
        flannel,
        guessedCidr('10.0.0.0/12', 24),
        { nodes: [node('n1', ['10.1.0.0/24']), node('n2', ['10.2.0.0/24'])] },
        outside('host-bridge', 'docker bridge', '10.2.0.0/16', { node: 'n1' }),
      ),
      ['high [10.2.0.0/16 10.2.0.0/24] n1'],
    ],
    [
      "docker's default where only the runtime is known, as low",
      together(flannel, clusterCidr('172.16.0.0/12', 24), { nodes: [node('n1', ['172.16.0.0/24'], docker), node('n2', ['172.16.1.0/24'])] }),
      ['low [172.17.0.0/16 172.16.0.0/12] n1'],
    ],
  ])('%s', (_, part, expected) => expect(brief(findings(rule, part))).toEqual(expected))

  it('is certain of what files say and no more than possible of a default', () => {
    const range = clusterCidr('172.16.0.0/12', 24)
    const proved = together(flannel, range, outside('host-bridge', 'docker bridge', '172.18.0.0/16', { node: 'n1' }))
    expect(findings(rule, proved)).toMatchObject([{ confidence: 'certain', cause: 'configured', fix: { playbook: 'R15' } }])
    const presumed = together(flannel, range, { nodes: [node('n1', [], docker)] })
    expect(findings(rule, presumed)).toMatchObject([{ confidence: 'possible', cause: 'default' }])
    const both = together(proved, { nodes: [node('n1', [], docker)] })
    expect(findings(rule, both)).toHaveLength(1)
    expect(findings(rule, reversed(both))).toEqual(findings(rule, both))
  })
})

describe('OVL-303 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['containerd without files of another engine', together(flannel, clusterCidr('172.16.0.0/12', 24), { nodes: [node('n1', ['172.17.0.0/24'])] })],
    [
      "docker's default where files say otherwise",
      together(
        flannel,
        clusterCidr('172.16.0.0/12', 24),
        { nodes: [node('n1', [], docker)] },
        outside('host-bridge', 'docker bridge', '192.168.200.0/24', { node: 'n1' }),
      ),
    ],
    [
      "the pods' own bridge",
      together(
        flannel,
        clusterCidr('10.244.0.0/16', 24),
        { nodes: [node('n1', ['10.244.3.0/24'], docker)] },
        outside('host-bridge', 'docker bridge', '10.244.3.0/24', { node: 'n1' }),
      ),
    ],
    [
      'a guessed cluster CIDR',
      together(
        flannel,
        guessedCidr('10.0.0.0/12', 24),
        { nodes: [node('n1', ['10.1.0.0/24'])] },
        outside('host-bridge', 'podman', '10.5.0.0/16', { node: 'n1' }),
      ),
    ],
    [
      'an external network that is not reached',
      together(
        flannel,
        clusterCidr('10.244.0.0/16', 24),
        outside('host-bridge', 'docker bridge', '172.17.0.0/16', { node: 'n1' }),
        outside('external', 'lab', '172.17.0.0/16', { reachable: false }),
      ),
    ],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('OVL-303 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      'no nodes and no files',
      together(flannel, clusterCidr('10.244.0.0/16', 24)),
      ['bridges of other engines are not known: the input holds no nodes'],
    ],
    [
      'nodes without files',
      together(flannel, clusterCidr('10.244.0.0/16', 24), serviceCidr('10.96.0.0/16'), {
        nodes: [node('n1', []), node('n2', []), node('n3', [])],
        nodeStates: [nodeState('n1', [], [])],
      }),
      ['no files of n2, n3: a bridge of docker or podman there is not seen'],
    ],
    [
      'no ranges',
      together(inMode('calico'), { nodes: [node('n1', [])], nodeStates: [nodeState('n1', [], [])] }),
      ['no pod range and no Service range is known'],
    ],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
