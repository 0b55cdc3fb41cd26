import { describe, expect, it } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { podRangeOverlapsServiceRange as rule } from '../../src/rules/pod-range-overlaps-service-range.ts'
import { block, clusterCidr, declared, guessedCidr, inMode, serviceCidr, together } from '../cluster-ranges.ts'
import { node, service } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
const nodes = (...ranges: readonly string[]): InventoryPart => ({ nodes: ranges.map((range, i) => node(`n${i + 1}`, [range])) })

describe('OVL-301 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    [
      'a Service range in the pod range of an allocator that does not skip it',
      together(inMode('calico'), clusterCidr('10.0.0.0/8', 24), serviceCidr('10.96.0.0/16')),
      ['critical [10.0.0.0/8 10.96.0.0/16]'],
    ],
    [
      'T15: the same as medium where the node range controller skips it',
      together(flannel, clusterCidr('10.96.0.0/12', 24), serviceCidr('10.96.0.0/16'), nodes('10.97.0.0/24')),
      ['medium [10.96.0.0/12 10.96.0.0/16]'],
    ],
    [
      'T15 does not help once a node has such a range; that range is no second finding',
      together(flannel, clusterCidr('10.96.0.0/12', 24), serviceCidr('10.96.0.0/16'), nodes('10.97.0.0/24', '10.96.4.0/24')),
      ['critical [10.96.0.0/12 10.96.0.0/16] n2'],
    ],
    [
      'node ranges alone, all in one finding, where the cluster CIDR is only a guess',
      together(flannel, guessedCidr('10.96.0.0/22', 24), serviceCidr('10.96.0.0/16'), nodes('10.96.0.0/24', '10.96.2.0/24', '10.98.0.0/24')),
      ['critical [10.96.0.0/24 10.96.2.0/24 10.96.0.0/16] n1 n2'],
    ],
    [
      'each family by itself',
      together(
        inMode('calico'),
        clusterCidr('fd00:10::/56', 64),
        clusterCidr('10.244.0.0/16', 24),
        serviceCidr('fd00:10:0:8::/112'),
        serviceCidr('10.96.0.0/16'),
      ),
      ['critical [fd00:10::/56 fd00:10:0:8::/112]'],
    ],
    [
      'nested Service ranges and pod ranges once, by the widest',
      together(
        inMode('calico'),
        clusterCidr('10.96.0.0/12', 24),
        { declared: [declared('pods', '10.96.0.0/14', { by: 'flannel net-conf.json' })] },
        serviceCidr('10.96.0.0/16'),
        serviceCidr('10.96.8.0/24', 'more'),
      ),
      ['critical [10.96.0.0/12 10.96.0.0/16]'],
    ],
    [
      'blocks of the allocator in force',
      together(inMode('calico'), serviceCidr('10.96.0.0/16'), { blocks: [block('calico', '10.96.7.64/26', 'n1')], nodes: [node('n1', [])] }),
      ['critical [10.96.7.64/26 10.96.0.0/16] n1'],
    ],
  ])('%s', (_, part, expected) => expect(brief(findings(rule, part))).toEqual(expected))

  it('takes the network around all ClusterIPs where no range is stated, and is never more than possible', () => {
    const part = together(inMode('calico'), clusterCidr('10.244.0.0/16', 24), {
      services: [service('a/x', ['10.244.9.1']), service('a/y', ['10.244.9.6'])],
    })
    expect(findings(rule, part)).toMatchObject([{ confidence: 'possible', addresses: ['10.244.0.0/16', '10.244.9.0/29'], severity: 'critical' }])
    expect(reasons(rule, part)).toEqual([
      'the service range is not known (IPv4): 10.244.9.0/29, the smallest network around all ClusterIPs, stood for it',
    ])
  })

  it('names who states the ranges and which node has the part that overlaps', () => {
    const [found] = findings(rule, flannel, clusterCidr('10.96.0.0/12', 24), serviceCidr('10.96.0.0/16'), nodes('10.96.4.0/24'))
    expect(found?.evidence).toEqual([
      { source: 'cluster/pods.json', fact: 'flag --cluster-cidr is 10.96.0.0/12' },
      { source: 'cluster/servicecidrs.json', fact: 'ServiceCIDR kubernetes is 10.96.0.0/16' },
      { source: 'cluster/nodes.json', fact: '10.96.4.0/24 is issued to n1' },
    ])
    expect(found).toMatchObject({ rule: 'OVL-301', confidence: 'certain', fix: { playbook: 'R6' } })
  })

  it('is the same whatever the order of the input', () => {
    const part = together(flannel, guessedCidr('10.96.0.0/22', 24), serviceCidr('10.96.0.0/16'), nodes('10.96.0.0/24', '10.96.2.0/24'))
    expect(findings(rule, reversed(part))).toEqual(findings(rule, part))
  })
})

describe('OVL-301 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['ranges that only touch', together(inMode('calico'), clusterCidr('10.244.0.0/16', 24), serviceCidr('10.245.0.0/16'))],
    [
      'T11: podCIDRs that nobody uses',
      together(inMode('calico'), serviceCidr('10.96.0.0/16'), nodes('10.96.1.0/24'), clusterCidr('10.244.0.0/16', 24)),
    ],
    [
      'a guessed cluster CIDR',
      together(flannel, guessedCidr('10.96.0.0/12', 24), serviceCidr('10.96.0.0/16'), nodes('10.97.0.0/24', '10.98.0.0/24')),
    ],
    [
      'a declared range that is only inferred',
      together(flannel, serviceCidr('10.96.0.0/16'), { declared: [declared('pods', '10.96.0.0/12', { certainty: 'inferred' })] }),
    ],
    [
      'a wide clusterCIDR of kube-proxy, where the pool itself is known',
      together(
        inMode('calico'),
        clusterCidr('10.244.0.0/16', 24),
        { declared: [declared('pods', '10.0.0.0/8', { by: 'kube-proxy clusterCIDR' })] },
        serviceCidr('10.96.0.0/16'),
      ),
    ],
    [
      'a pool of another network',
      together(inMode('calico'), clusterCidr('10.244.0.0/16', 24), serviceCidr('10.96.0.0/16'), {
        blocks: [{ ...block('nad', '10.96.1.0/24', 'n1'), domain: 'shop/lan' }],
      }),
    ],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('OVL-301 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['no Services at all', together(flannel, clusterCidr('10.244.0.0/16', 24)), ['the service range is not known: the input holds no services']],
    [
      'no ClusterIP',
      together(flannel, clusterCidr('10.244.0.0/16', 24), { services: [service('a/headless', [])] }),
      ['the service range is not known: no ServiceCIDR, no flag, and no Service has a ClusterIP'],
    ],
    ['no pod range', together(inMode('calico'), serviceCidr('10.96.0.0/16')), ['no pod range is known']],
    [
      'no cluster CIDR',
      together(flannel, guessedCidr('10.244.0.0/23', 24), nodes('10.244.0.0/24', '10.244.1.0/24'), serviceCidr('10.96.0.0/16')),
      ['the cluster CIDR is not known (IPv4): only the ranges issued to nodes were looked at'],
    ],
    ['nothing is missing', together(flannel, clusterCidr('10.244.0.0/16', 24), serviceCidr('10.96.0.0/16')), []],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
