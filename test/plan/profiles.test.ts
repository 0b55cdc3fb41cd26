// Every number that failures.md 5.2 takes from a vendor's page, formula or source, and the vendor's own published examples.
import { describe, expect, test } from 'vitest'
import type { Family } from '../../src/net/index.ts'
import { eksInterfaces, eksMaxPods } from '../../src/plan/profiles/eks.ts'
import { profiles } from '../../src/plan/profiles/index.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { nodesOf, planOf, verdicts } from './plan.ts'

const first = (input: RequestInput) => {
  const family = planOf(input).pools[0]?.families[0]
  if (family === undefined) throw new Error('no pool')
  return family
}

/** Longest prefix of 10.0.0.0 that holds the request, with every node and its surge. */
function smallestThatFits(input: RequestInput): number {
  for (let prefix = 28; prefix >= 8; prefix--) {
    const verdict = verdicts({ ...input, clusterCidrs: `10.0.0.0/${prefix}` }, 'PLN-003')
    if (verdict.length === 0) return prefix
  }
  return 0
}

describe('upstream nodeipam', () => {
  test.each([
    ['10.244.0.0/16', undefined, 256n], // kube-controller-manager's default of 24
    ['10.244.0.0/24', 24, 1n],
    ['10.0.0.0/8', 24, 65_536n],
    ['fd00::/48', undefined, 65_536n], // and of 64
  ])('%s in /%s has %s slots', (clusterCidrs, nodePrefixes, slots) => {
    expect(first({ clusterCidrs, ...(nodePrefixes === undefined ? {} : { nodePrefixes }) }).slots).toBe(slots)
  })

  test.each(['kube-controller-manager', 'kubeadm', 'k3s', 'rke2'])('%s: IPv6 node masks at most 16 bits longer', (profile) => {
    expect(verdicts({ profile, clusterCidrs: 'fd00::/48' }, 'PLN-005')).toEqual([])
    expect(verdicts({ profile, clusterCidrs: 'fd00::/47' }, 'PLN-005')).toEqual(['high too-far-apart'])
  })

  test.each([
    ['kube-controller-manager', ['low too-far-apart']],
    ['kubeadm', ['high too-far-apart']],
    ['k3s', []],
    ['rke2', []],
  ])('%s and IPv4 masks 17 bits apart', (profile, expected) => {
    expect(verdicts({ profile, clusterCidrs: '10.0.0.0/8', nodePrefixes: 25 }, 'PLN-005')).toEqual(expected)
  })
})

describe('GKE', () => {
  test.each([
    [8, 28],
    [9, 27],
    [16, 27],
    [17, 26],
    [32, 26],
    [33, 25],
    [64, 25],
    [65, 24],
    [110, 24],
    [128, 24],
    [129, 23],
    [256, 23],
  ])('%i pods a node: /%i', (maxPods, prefix) => {
    expect(first({ profile: 'gke', clusterCidrs: '10.0.0.0/14', maxPods }).nodePrefix).toBe(prefix)
  })

  test.each([
    ['10.0.0.0/20', 16n],
    ['10.0.0.0/16', 256n],
    ['10.0.0.0/14', 1024n],
  ])('%s with 110 pods: %i nodes', (clusterCidrs, nodes) => {
    expect(first({ profile: 'gke', clusterCidrs }).slots).toBe(nodes)
  })

  test('1008 nodes where the default /20 for Services is cut from the /14', () => {
    const input = { profile: 'gke', clusterCidrs: '10.0.0.0/14', serviceCidrs: '10.3.240.0/20' }
    expect(first(input).available).toBe(1008n)
    expect(verdicts(input, 'PLN-008')).toEqual(['low'])
  })

  test('256 pods are the most', () => {
    const input = { profile: 'gke', clusterCidrs: '10.0.0.0/14', nodes: 1 }
    expect(verdicts({ ...input, maxPods: 256 }, 'PLN-001')).toEqual([])
    expect(verdicts({ ...input, maxPods: 257 }, 'PLN-001')).toContain('high vendor-limit')
  })
})

describe('EKS', () => {
  const m5large = { interfaces: 3, addresses: 10, prefixes: false, customNetworking: false, vcpus: 2 }

  test.each([
    ['m5.large', {}, 29],
    ['m5.large with prefixes, 434 capped', { prefixes: true }, 110],
    ['m5.large with custom networking', { customNetworking: true }, 20],
    ['m5.large with both, 290 capped', { prefixes: true, customNetworking: true }, 110],
    ['the same above 30 vCPUs', { prefixes: true, vcpus: 31 }, 250],
    ['the same with both above 30 vCPUs', { prefixes: true, customNetworking: true, vcpus: 32 }, 250],
    ['30 vCPUs', { prefixes: true, vcpus: 30 }, 110],
  ])('%s: %i pods', (_, more, pods) => {
    expect(eksMaxPods({ ...m5large, ...more })).toBe(pods)
  })

  // aws/amazon-vpc-cni-k8s#853
  test.each([
    [0, 1],
    [5, 3],
    [9, 3],
  ])('t3.small with %i pods attaches %i interfaces', (pods, interfaces) => {
    expect(eksInterfaces({ ...m5large, interfaces: 3, addresses: 4 }, pods)).toBe(interfaces)
  })

  test('a node takes whole interfaces out of the subnet, of which the cloud keeps five addresses', () => {
    const plan = planOf({ profile: 'eks', clusterCidrs: '10.0.0.0/24', nodes: 8, instance: { interfaces: 3, addresses: 10 } })
    expect(plan.pools[0]).toMatchObject({ placed: 8, families: [{ slots: 256n, withheld: 5n, used: 240n, available: 11n }] })
    expect(nodesOf(plan)[0]).toMatchObject({ subnets: [], usable: '27' }) // 29 pods, two of them with the node's own address
    expect(verdicts({ profile: 'eks', clusterCidrs: '10.0.0.0/24', nodes: 9, instance: { interfaces: 3, addresses: 10 } }, 'PLN-003')).toEqual([
      'high nodes',
    ])
  })

  test('prefixes are drawn as aligned /28', () => {
    const plan = planOf({
      profile: 'eks',
      clusterCidrs: '10.0.0.0/24',
      nodes: 1,
      maxPods: 110,
      instance: { interfaces: 3, addresses: 10, prefixes: true },
    })
    // 108 addresses for pods in 7 prefixes, one warm, and one that the interfaces' own addresses break up
    expect(plan.pools[0]?.families[0]).toMatchObject({ nodePrefix: 28, slots: 16n, withheld: 2n, used: 9n })
  })

  test('more pods than the interfaces serve', () => {
    const input = { profile: 'eks', clusterCidrs: '10.0.0.0/20', nodes: 1, instance: { interfaces: 3, addresses: 10 } }
    expect(verdicts({ ...input, maxPods: 29 }, 'PLN-001')).toEqual([])
    expect(verdicts({ ...input, maxPods: 30 }, 'PLN-001')).toEqual(['high vendor-limit'])
  })

  test('pods in the node network are meant, and an IPv6 node takes a /80', () => {
    expect(verdicts({ profile: 'eks', clusterCidrs: '10.0.0.0/20', nodeNetworks: ['10.0.0.0/20'], nodes: 1 }, 'PLN-007')).toEqual([])
    expect(first({ profile: 'eks', clusterCidrs: 'fd00::/64', nodes: 3 })).toMatchObject({ nodePrefix: 80, slots: 65_536n, used: 3n })
  })
})

describe('AKS', () => {
  test.each([
    [50, 1, 1581n, 21],
    [60, 1, 1891n, 21],
  ])('flat: %i nodes and %i extra with 30 pods need %i addresses, a /%i', (nodes, surge, need, prefix) => {
    const input = { profile: 'aks-flat', nodes, surge, maxPods: 30 }
    expect(smallestThatFits(input)).toBe(prefix)
    const usable = 2n ** BigInt(32 - prefix) - 5n
    const { slots, withheld, used } = first({ ...input, clusterCidrs: `10.0.0.0/${prefix}` })
    expect(slots - withheld).toBe(usable)
    expect(used + BigInt(surge) * 31n).toBe(need)
  })

  test('flat: a /24 holds 251 addresses', () => {
    expect(first({ profile: 'aks-flat', clusterCidrs: '10.0.0.0/24' }).available).toBe(251n)
  })

  test('defaults: 30 pods with a flat network, 110 with kubenet, 250 in overlay mode', () => {
    const defaults = Object.fromEntries(profiles.map(({ id, maxPods }) => [id, maxPods(undefined)]))
    expect(defaults).toMatchObject({ 'aks-flat': 30, 'aks-kubenet': 110, 'aks-overlay': 250 })
  })

  test('overlay: a /24 for each node, 5000 nodes, 250 pods', () => {
    const input = { profile: 'aks-overlay', clusterCidrs: '10.244.0.0/16', nodes: 3 }
    expect(first(input)).toMatchObject({ nodePrefix: 24, slots: 256n })
    expect(verdicts({ ...input, nodePrefixes: 23 }, 'PLN-005')).toEqual(['high not-taken'])
    expect(verdicts({ ...input, nodePrefixes: 25 }, 'PLN-018')).toEqual(['high'])
    expect(verdicts({ ...input, maxPods: 250 }, 'PLN-001')).toEqual([])
    expect(verdicts({ ...input, maxPods: 251 }, 'PLN-001')).toEqual(['high vendor-limit'])
    expect(verdicts({ ...input, clusterCidrs: '10.0.0.0/8', nodes: 5000 }, 'PLN-003')).toEqual([])
    expect(verdicts({ ...input, clusterCidrs: '10.0.0.0/8', nodes: 5000, surge: 1 }, 'PLN-003')).toEqual(['high vendor-limit'])
  })

  test('kubenet: 400 nodes, a route for each', () => {
    const input = { profile: 'aks-kubenet', clusterCidrs: '10.0.0.0/15' }
    expect(verdicts({ ...input, nodes: 400 }, 'PLN-019')).toEqual([])
    expect(verdicts({ ...input, nodes: 401 }, 'PLN-019')).toEqual(['low'])
  })
})

describe('Calico', () => {
  test('blocks of 26 and 122 by default, 20 to 32 and 116 to 128 at all', () => {
    expect(planOf({ profile: 'calico', clusterCidrs: '10.48.0.0/16,fd00:48::/112' }).pools[0]?.families.map(({ nodePrefix }) => nodePrefix)).toEqual([
      26, 122,
    ])
    expect(verdicts({ profile: 'calico', clusterCidrs: '10.0.0.0/8', nodePrefixes: 19 }, 'PLN-005')).toEqual(['high not-taken'])
    expect(verdicts({ profile: 'calico', clusterCidrs: '10.48.0.0/16', nodePrefixes: 32, nodes: 1, maxPods: 5 }, 'PLN-018')).toEqual([])
  })

  test('a node takes ceil((pods + tunnel) / block) blocks, extra nodes one at first', () => {
    const input = { profile: 'calico', clusterCidrs: '10.48.0.0/24', maxPods: 63, nodes: 4 }
    expect(planOf(input).pools[0]).toMatchObject({ placed: 4, families: [{ slots: 4n, used: 4n }] })
    expect(planOf({ ...input, maxPods: 64 }).pools[0]).toMatchObject({ placed: 2, unplaced: 2, families: [{ slots: 4n, used: 4n }] })
    expect(verdicts({ ...input, nodes: 1, maxPods: 64, surge: 2 }, 'PLN-003')).toEqual([])
    expect(verdicts({ ...input, nodes: 1, maxPods: 64, surge: 3 }, 'PLN-003')).toEqual(['high surge'])
  })

  test.each([
    [26, 1279, []],
    [26, 1280, ['high blocks-per-node']], // 20 blocks of 64 are 1280, one of them for the tunnel
    [32, 19, []],
    [32, 20, ['high blocks-per-node']],
  ])('20 blocks a host: blockSize %i with %i pods', (nodePrefixes, maxPods, expected) => {
    expect(verdicts({ profile: 'calico', clusterCidrs: '10.0.0.0/12', nodePrefixes, maxPods, nodes: 1 }, 'PLN-018')).toEqual(expected)
  })
})

describe('Cilium', () => {
  test.each([
    [24, '252'],
    [25, '124'],
    [26, '60'],
  ])('a /%i holds %s pods', (nodePrefixes, usable) => {
    expect(nodesOf(planOf({ profile: 'cilium', clusterCidrs: '10.0.0.0/8', nodePrefixes, nodes: 1 }))[0]?.usable).toBe(usable)
  })

  test('a pool of one block is none', () => {
    expect(verdicts({ profile: 'cilium', clusterCidrs: '10.10.0.0/24', nodePrefixes: 24 }, 'PLN-005')).toEqual(['high one-block'])
    expect(verdicts({ profile: 'cilium', clusterCidrs: '10.10.0.0/23', nodePrefixes: 24 }, 'PLN-005')).toEqual([])
  })

  test('multi-pool: two addresses of each block are lost, and nodes take blocks as pods come', () => {
    const input = { profile: 'cilium-multi-pool', clusterCidrs: '10.10.0.0/16', nodePrefixes: 27, nodes: 10 }
    // 27: 30 addresses a block; router and health take two of the first
    expect(first({ ...input, maxPods: 28 }).used).toBe(10n)
    expect(first({ ...input, maxPods: 29 }).used).toBe(20n)
    expect(nodesOf(planOf({ ...input, maxPods: 29 }))[0]).toMatchObject({ subnets: [], usable: '58' })
  })
})

describe('node networks', () => {
  // GKE keeps 4 addresses of a subnet, AWS and Azure 5
  test.each([
    ['gke', '10.20.0.0/28', 12],
    ['aks-overlay', '10.20.0.0/28', 11],
    ['kube-controller-manager', '10.20.0.0/28', 14],
  ])('%s: %s has room for %i nodes', (profile, network, nodes) => {
    const input = { profile, clusterCidrs: '10.0.0.0/16', nodeNetworks: [network] }
    expect(verdicts({ ...input, nodes }, 'PLN-003')).toEqual([])
    expect(verdicts({ ...input, nodes, surge: 1 }, 'PLN-003')).toEqual(['high node-network'])
    expect(verdicts({ ...input, nodes, surge: 1, nodeNetworks: [network, '10.20.1.0/28'] }, 'PLN-003')).toEqual([])
  })

  test('are not counted where pods and nodes share a subnet, and not in IPv6', () => {
    expect(verdicts({ profile: 'aks-flat', clusterCidrs: '10.20.0.0/20', nodeNetworks: ['10.20.0.0/30'], nodes: 9 }, 'PLN-003')).toEqual([])
    expect(verdicts({ clusterCidrs: 'fd00::/48', nodeNetworks: ['fd01::/126'], nodes: 9 }, 'PLN-003')).toEqual([])
  })
})

describe('others', () => {
  test('OpenShift: 512 nodes with 510 addresses by default', () => {
    const plan = planOf({ profile: 'openshift', clusterCidrs: '10.128.0.0/14', nodes: 1, serviceCidrs: '172.30.0.0/16' })
    expect(plan.pools[0]?.families[0]).toMatchObject({ nodePrefix: 23, slots: 512n })
    expect(nodesOf(plan)[0]?.usable).toBe('510')
  })

  test.each([
    ['openshift', '100.64.0.0/11', 2], // join and transit
    ['openshift', '10.128.0.0/14', 0],
    ['kube-ovn', '100.64.0.0/16', 1],
    ['kube-ovn', '10.16.0.0/16', 0],
    ['kube-controller-manager', '100.64.0.0/16', 0],
  ])('%s with %s: %i internal networks in the way', (profile, clusterCidrs, hits) => {
    expect(verdicts({ profile, clusterCidrs }, 'PLN-007').filter((verdict) => verdict === 'high internal')).toHaveLength(hits)
  })

  test('Antrea: IPv4 masks 16 to 30, IPv6 64 to 126', () => {
    expect(verdicts({ profile: 'antrea', clusterCidrs: '10.0.0.0/8', nodePrefixes: 16 }, 'PLN-005')).toEqual([])
    expect(verdicts({ profile: 'antrea', clusterCidrs: '10.0.0.0/8', nodePrefixes: 15 }, 'PLN-005')).toEqual(['high not-taken'])
    expect(verdicts({ profile: 'antrea', clusterCidrs: 'fd00::/48', nodePrefixes: 63 }, 'PLN-005')).toEqual(['high not-taken'])
    expect(verdicts({ profile: 'antrea', clusterCidrs: 'fd00::/120', nodePrefixes: 127, nodes: 1 }, 'PLN-018')).toEqual(['high'])
  })

  test('whereabouts and Kube-OVN: single addresses, without those at the ends', () => {
    expect(first({ profile: 'whereabouts', clusterCidrs: '10.9.0.0/24', nodes: 5, maxPods: 20 })).toMatchObject({
      slots: 256n,
      withheld: 2n,
      used: 100n,
    })
    expect(first({ profile: 'kube-ovn', clusterCidrs: '10.16.0.0/16' })).toMatchObject({ slots: 65_536n, withheld: 3n })
  })
})

describe('the list of profiles', () => {
  test('gives every profile a title of its own', () => {
    expect(new Set(profiles.map(({ title }) => title)).size).toBe(profiles.length)
  })

  test.each(profiles.map((profile) => [profile.id, profile] as const))('%s makes plans that its own checks accept', (id, profile) => {
    expect(profile.links.every((link) => link.startsWith('https://'))).toBe(true)
    for (const family of [4, 6] as const satisfies readonly Family[]) {
      const prefix = profile.prefixFor(family, undefined, undefined)
      expect(prefix).toBeGreaterThanOrEqual(profile.prefixes[family].shortest)
      expect(prefix).toBeLessThanOrEqual(profile.prefixes[family].longest)
    }
    const input = { profile: id, clusterCidrs: '10.128.0.0/14', nodes: 3 }
    expect(planOf(input).pools[0]).toMatchObject({ placed: 3, unplaced: 0 })
    for (const rule of ['PLN-001', 'PLN-003', 'PLN-005', 'PLN-018', 'PLN-019']) expect(verdicts(input, rule)).toEqual([])
  })
})
