import { describe, expect, it } from 'vitest'
import type { ClusterIdentity, InventoryPart, OutsideNetwork } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { connectedClustersOverlap as rule } from '../../src/rules/connected-clusters-overlap.ts'
import { clusterCidr, guessedCidr, inMode, outside, serviceCidr, together } from '../cluster-ranges.ts'
import { node } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

type Link = NonNullable<OutsideNetwork['cluster']>['link']
type Role = NonNullable<OutsideNetwork['cluster']>['role']

/** A connected cluster with one range. */
function cluster(
  name: string,
  link: Link,
  role: Role,
  text: string,
  rest: Partial<OutsideNetwork> & Partial<Pick<ClusterIdentity, 'id'>> = {},
): InventoryPart {
  const { id, ...network } = rest
  return {
    ...outside('connected-cluster', `${role} of cluster ${name}`, text, {
      origin: `external/c.yaml:${name}`,
      cluster: { name, role, link },
      ...network,
    }),
    clusters: [{ name, link, ...(id === undefined ? {} : { id }), origin: 'external/c.yaml' }],
  }
}
const self = (identity: Partial<ClusterIdentity>): InventoryPart => ({ clusters: [{ origin: 'cilium-config', ...identity }] })
const at = (...addresses: string[]): InventoryPart => ({
  nodes: addresses.map((text, i) => node(`n${i + 1}`, [], { addresses: [{ type: 'InternalIP', address: parseAddress(text) }] })),
})
const base = together(inMode('calico'), clusterCidr('10.244.0.0/16', 24), serviceCidr('10.96.0.0/16'), at('192.168.1.4', '192.168.1.5'))

describe('OVL-308 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['equal pod ranges in a mesh', together(base, cluster('west', 'mesh', 'pods', '10.244.0.0/16')), ['critical [10.244.0.0/16]']],
    [
      'overlapping ones in a routed network',
      together(base, cluster('west', 'routed', 'pods', '10.240.0.0/13')),
      ['high [10.240.0.0/13 10.244.0.0/16]'],
    ],
    [
      'pods of theirs in our Service range',
      together(base, cluster('west', 'mesh', 'pods', '10.96.4.0/24')),
      ['critical [10.96.4.0/24 10.96.0.0/16]'],
    ],
    [
      'our node addresses in their pod range, as one',
      together(base, cluster('west', 'mesh', 'pods', '192.168.0.0/16')),
      ['critical [192.168.0.0/16 192.168.1.4 192.168.1.5] n1 n2'],
    ],
    [
      'their Service range where it is routed',
      together(base, cluster('west', 'routed', 'services', '10.96.0.0/12')),
      ['high [10.96.0.0/12 10.96.0.0/16]'],
    ],
    ['one node address twice', together(base, cluster('west', 'mesh', 'nodes', '192.168.1.4/32')), ['critical [192.168.1.4] n1']],
    [
      'two connected clusters that share a range',
      together(base, cluster('west', 'mesh', 'pods', '10.9.0.0/16'), cluster('lab', 'routed', 'pods', '10.9.4.0/24')),
      ['high [10.9.4.0/24 10.9.0.0/16]'],
    ],
    [
      'node ranges where no pod range is stated',
      together(
        inMode('nodeipam+host-local'),
        guessedCidr('10.244.0.0/22', 24),
        { nodes: [node('n1', ['10.244.1.0/24'])] },
        cluster('west', 'mesh', 'pods', '10.244.0.0/16'),
      ),
      ['critical [10.244.0.0/16 10.244.1.0/24] n1'],
    ],
    [
      'a cluster id that two have',
      together(base, self({ name: 'east', id: '2' }), cluster('west', 'mesh', 'pods', '10.9.0.0/16', { id: '2' })),
      ['critical []'],
    ],
  ])('%s', (_, part, expected) => expect(brief(findings(rule, part))).toEqual(expected))

  it('says which clusters, and what the link is', () => {
    const [found] = findings(rule, base, cluster('west', 'mesh', 'pods', '10.244.0.0/16'))
    expect(found?.message).toContain('pod range 10.244.0.0/16 of cluster "west" (mesh) overlaps pod range 10.244.0.0/16 of this cluster')
    expect(found).toMatchObject({ confidence: 'certain', cause: 'pods-pods', fix: { playbook: 'R6' } })
    const [ids] = findings(rule, base, self({ id: '2' }), cluster('west', 'mesh', 'pods', '10.9.0.0/16', { id: '2' }))
    expect(ids).toMatchObject({
      cause: 'cluster-id',
      message: expect.stringContaining('this cluster, cluster "west" are meshed and all have the cluster id 2'),
    })
  })

  it.each<[string, InventoryPart]>([
    ['node networks, which two clusters may share', together(base, cluster('west', 'mesh', 'nodes', '192.168.0.0/16'))],
    ['Service ranges in a mesh, which rarely carries them', together(base, cluster('west', 'mesh', 'services', '10.96.0.0/16'))],
  ])('as possible only: %s', (_, part) => expect(findings(rule, part)).toMatchObject([{ confidence: 'possible' }]))

  it('is the same whatever the order of the input', () => {
    const part = together(
      base,
      cluster('west', 'mesh', 'pods', '10.244.0.0/16'),
      cluster('lab', 'mesh', 'pods', '10.244.4.0/24'),
      cluster('lab', 'mesh', 'nodes', '192.168.0.0/16'),
    )
    expect(findings(rule, reversed(part))).toEqual(findings(rule, part))
    expect(findings(rule, part)).toHaveLength(4)
  })
})

describe('OVL-308 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['disjoint clusters', together(base, cluster('west', 'mesh', 'pods', '10.245.0.0/16'))],
    ['T16: networks of clusters that are not connected', together(base, outside('external', 'other overlay', '10.244.0.0/16'))],
    ['address translation between them', together(base, cluster('west', 'mesh', 'pods', '10.244.0.0/16', { reachable: false }))],
    [
      'this cluster in the list of the fleet',
      together(base, self({ name: 'west', id: '2' }), cluster('west', 'mesh', 'pods', '10.244.0.0/16', { id: '2' })),
    ],
    ['the same, known by its bundle', together(base, cluster('test', 'mesh', 'pods', '10.244.0.0/16'))],
    ['ids of clusters that are only routed', together(base, self({ id: '2' }), cluster('west', 'routed', 'pods', '10.9.0.0/16', { id: '2' }))],
    ['two ranges of one cluster', together(base, cluster('west', 'mesh', 'pods', '10.9.0.0/16'), cluster('west', 'mesh', 'nodes', '10.9.0.0/24'))],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('OVL-308 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['no cluster', base, ['no connected cluster is known: name them under "clusters" in a file of external/ or of --external']],
    [
      'no id of its own',
      together(base, cluster('west', 'mesh', 'pods', '10.9.0.0/16', { id: '2' })),
      ['the id of this cluster in the mesh is not known (cilium-config, or "self" in the list)'],
    ],
    ['nothing is missing', together(base, self({ id: '1' }), cluster('west', 'mesh', 'pods', '10.9.0.0/16', { id: '2' })), []],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
