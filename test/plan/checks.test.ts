// Every planner check: cases that it must report, and cases near them that it must not.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isCalculation } from '../../src/plan/check-plan.ts'
import { checks } from '../../src/plan/checks/index.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { findingsOf, planOf, verdicts } from './plan.ts'

/** A plan that nothing is wrong with, except what no plan can avoid. */
const sound: RequestInput = {
  clusterCidrs: '10.244.0.0/16',
  nodePrefixes: 24,
  nodes: 40,
  maxPods: 110,
  serviceCidrs: '10.96.0.0/16',
  nodeNetworks: ['10.20.0.0/20'],
  reservations: ['10.250.0.0/16'],
}
const dual: RequestInput = {
  ...sound,
  clusterCidrs: '10.244.0.0/16,fd00:10:244::/56',
  serviceCidrs: '10.96.0.0/16,fd00:10:96::/108',
  nodeNetworks: ['10.20.0.0/20', 'fd00:10:20::/64'],
}

/** Keys set to undefined stand for "without". */
type Loose = { readonly [K in keyof RequestInput]?: RequestInput[K] | undefined }

const clean = (input: Loose): RequestInput => JSON.parse(JSON.stringify(input)) as RequestInput

/** Input, and `severity cause` of what is expected; none for "silent". */
type Case = readonly [name: string, input: Loose, ...expected: string[]]

const cases: Readonly<Record<string, readonly Case[]>> = {
  'PLN-001': [
    ['sound', sound],
    ['as many addresses as twice the pods', { ...sound, maxPods: 128 }],
    ['fewer than twice the pods', { ...sound, maxPods: 129 }, 'low'],
    ['just enough for the pods', { ...sound, maxPods: 253 }, 'low'],
    ['fewer than the pods', { ...sound, maxPods: 254 }, 'high'],
    ["kubelet's default does not fit", { ...sound, nodePrefixes: 26, maxPods: undefined }, 'low'],
    ["kubelet's default fits", { ...sound, nodePrefixes: 25, maxPods: undefined }],
    ['a calculation', { clusterCidrs: '10.244.0.0/24', nodePrefixes: 29 }],
    [
      'each node pool by itself',
      {
        ...sound,
        nodes: undefined,
        nodePools: [
          { name: 'a', nodes: 1, maxPods: 20 },
          { name: 'b', nodes: 1, maxPods: 300 },
        ],
      },
      'high',
    ],
    ['IPv6 too', { ...dual, nodePrefixes: '24,122', maxPods: 33 }, 'low'],
  ],
  'PLN-002': [
    ['no growth', { ...sound, nodes: 256 }],
    ['fits at the horizon', { ...sound, nodes: 150, growth: 19 }], // 252.8
    ['does not fit at the horizon', { ...sound, nodes: 150, growth: 20 }, 'low'], // 259.2
    ['fits a nearer horizon', { ...sound, nodes: 150, growth: 20, horizon: 2 }],
    ['is too small already', { ...sound, nodes: 300, growth: 20 }],
  ],
  'PLN-003': [
    ['fits just', { ...sound, nodes: 256 }],
    ['one node too many', { ...sound, nodes: 257 }, 'high nodes'],
    ['reservations count', { ...sound, nodes: 256, reservations: ['10.244.7.7'] }, 'high nodes'],
    ['surge fits just', { ...sound, nodes: 200, maxNodes: 240, surge: 16 }],
    ['surge does not fit', { ...sound, nodes: 200, maxNodes: 240, surge: 17 }, 'high surge'],
    ['percent are rounded up', { ...sound, nodes: 244, surge: '5%' }, 'high surge'], // 12.2 -> 13
    ['the second family decides', { ...dual, clusterCidrs: '10.244.0.0/16,fd00:10:244::/62', nodes: 5 }, 'high nodes'],
  ],
  'PLN-004': [
    ['no maximum', { ...sound, nodes: 256 }],
    ['maximum fits just', { ...sound, maxNodes: 256 }],
    ['maximum does not fit', { ...sound, maxNodes: 257 }, 'high'],
    ['the nodes of now do not fit: PLN-003', { ...sound, nodes: 300, maxNodes: 400 }],
  ],
  'PLN-005': [
    ['sound', dual],
    ['IPv4, 16 bits apart', { ...sound, clusterCidrs: '10.0.0.0/8' }],
    ['IPv4, 17 bits apart', { ...sound, clusterCidrs: '10.0.0.0/8', nodePrefixes: 25, maxPods: 60 }, 'low too-far-apart'],
    [
      'IPv4, 17 bits apart, kubeadm',
      { ...sound, clusterCidrs: '10.0.0.0/8', nodePrefixes: 25, maxPods: 60, profile: 'kubeadm' },
      'high too-far-apart',
    ],
    ['IPv6, 16 bits apart', { ...dual, clusterCidrs: '10.244.0.0/16,fd00:10:244::/48' }],
    ['IPv6, 17 bits apart', { ...dual, clusterCidrs: '10.244.0.0/16,fd00:10:244::/47' }, 'high too-far-apart'],
    ['no controller', { ...dual, clusterCidrs: '10.0.0.0/8,fd00::/8', profile: 'host-local' }],
    ['equal prefixes', { ...sound, clusterCidrs: '10.244.0.0/24', nodes: 1 }],
    [
      'node pools with two sizes',
      {
        ...sound,
        nodes: undefined,
        nodePools: [
          { name: 'a', nodePrefixes: 24 },
          { name: 'b', nodePrefixes: 26 },
        ],
      },
      'high several-masks',
    ],
    ['node pools with one size', { ...sound, nodes: undefined, nodePools: [{ name: 'a', nodePrefixes: 24 }, { name: 'b' }] }],
  ],
  'PLN-006': [
    ['sound', dual],
    ['nothing to compare with', { ...dual, serviceCidrs: undefined, nodeNetworks: undefined }],
    ['Services lack a family', { ...dual, serviceCidrs: '10.96.0.0/16' }, 'high services'],
    ['Services in another order', { ...dual, serviceCidrs: 'fd00:10:96::/108,10.96.0.0/16' }, 'high services'],
    ['nodes lack a family', { ...dual, nodeNetworks: ['10.20.0.0/20'] }, 'high nodes'],
    ['nodes in another order', { ...dual, nodeNetworks: ['fd00:10:20::/64', '10.20.0.0/20'] }],
  ],
  'PLN-007': [
    ['sound', dual],
    ['pods with nodes', { ...sound, nodeNetworks: ['10.244.200.0/24'] }, 'high nodes-pods'],
    ['pods beside nodes', { ...sound, nodeNetworks: ['10.245.0.0/24', '10.243.255.0/24'] }],
    ['Services with nodes', { ...sound, nodeNetworks: ['10.96.255.0/24'] }, 'high nodes-services'],
    ['node networks in each other', { ...sound, nodeNetworks: ['10.20.0.0/20', '10.20.1.0/24'] }],
    ['pods with Services: PLN-008', { ...sound, serviceCidrs: '10.244.0.0/20' }],
    [
      'pools with each other',
      { ...sound, nodes: undefined, nodePools: [{ name: 'a' }, { name: 'b', cidrs: '10.244.4.0/22', nodes: 1 }] },
      'high pods-pods',
    ],
    ["docker's bridge", { ...sound, clusterCidrs: '172.16.0.0/12' }, 'low host-bridge'],
    [
      'a block that was given and is reserved now',
      { ...sound, nodes: [{ name: 'a', subnets: '10.244.3.0/24' }], reservations: ['10.244.3.9'] },
      'high given-and-reserved',
    ],
    ['a block beside a reservation', { ...sound, nodes: [{ name: 'a', subnets: '10.244.3.0/24' }], reservations: ['10.244.4.0'] }],
  ],
  'PLN-008': [
    ['sound', sound],
    ['inside', { ...sound, serviceCidrs: '10.244.240.0/20' }, 'medium'],
    ['inside, nobody leaves it out', { ...sound, serviceCidrs: '10.244.240.0/20', profile: 'host-local' }, 'high'],
    ['around', { ...sound, serviceCidrs: '10.244.0.0/14' }, 'high'],
    ['equal', { ...sound, serviceCidrs: '10.244.0.0/16' }, 'high'],
    ['beside', { ...sound, serviceCidrs: '10.245.0.0/16' }],
  ],
  'PLN-009': [
    ['sound', dual],
    ['no Service range', { ...sound, serviceCidrs: undefined, serviceCount: 9 }],
    ['a small band', { ...sound, serviceCidrs: '10.96.0.0/21' }, 'info small-static-band'],
    ['a full band', { ...sound, serviceCidrs: '10.96.0.0/20' }],
    ['fits just', { ...sound, serviceCidrs: '10.96.0.0/20', serviceCount: 4094 }],
    ['does not fit', { ...sound, serviceCidrs: '10.96.0.0/20', serviceCount: 4095 }, 'high too-small'],
    ['does not fit at the horizon', { ...sound, serviceCidrs: '10.96.0.0/20', serviceCount: 3000, growth: 20 }, 'low too-small'],
    ['larger than old API servers take', { ...sound, serviceCidrs: '10.96.0.0/11' }, 'low too-large'],
    ['IPv6 larger than old API servers take', { ...dual, serviceCidrs: '10.96.0.0/16,fd00:10:96::/107' }, 'low too-large'],
    ['IPv6 larger than any API server takes', { ...dual, serviceCidrs: '10.96.0.0/16,fd00:10:96::/63' }, 'high too-large'],
  ],
  'PLN-011': [
    ['sound', sound],
    ['the first network of many clouds', { ...sound, clusterCidrs: '10.0.0.0/16' }, 'low'],
    ['home routers, twice in one finding', { ...sound, clusterCidrs: '192.168.0.0/16' }, 'low'],
    ['the default VPC of AWS', { ...sound, serviceCidrs: '172.31.0.0/20' }, 'low'],
    ['node networks are what they are', { ...sound, nodeNetworks: ['10.0.0.0/24'] }],
    ['beside them', { ...sound, clusterCidrs: '10.1.0.0/16' }],
  ],
  'PLN-012': [
    ['no number of pods', { ...sound, maxPods: undefined }],
    ['just four times', { ...sound, nodes: 100, maxPods: 164 }], // 65,536 / 16,400 < 4
    ['more than four times', { ...sound, nodes: 100, maxPods: 163 }, 'info'],
    ['the maximum counts', { ...sound, nodes: 1, maxNodes: 150 }],
    ['growth counts', { ...sound, nodes: 100, growth: 20 }],
    ['not in IPv6', { ...sound, clusterCidrs: 'fd00:10:244::/56', nodePrefixes: 64, serviceCidrs: undefined, nodeNetworks: undefined }],
  ],
  'PLN-013': [
    ['sound', sound],
    ['the other half is used', { ...sound, serviceCidrs: '10.245.0.0/16' }, 'info buddy-taken'],
    ['the other half is not private', { ...sound, clusterCidrs: '192.168.0.0/16' }, 'info buddy-taken'],
    ['a block outside of the pool', { ...sound, nodes: [{ name: 'a', subnets: '10.245.0.0/24' }] }, 'high outside-pool'],
    ['a block of a family without a pool', { ...sound, nodes: [{ name: 'a', subnets: 'fd00::/64' }] }, 'high outside-pool'],
    ['a block of another size', { ...sound, nodes: [{ name: 'a', subnets: '10.244.7.0/25' }] }, 'high other-prefix'],
    ['a block of another size without a controller', { ...sound, profile: 'host-local', nodes: [{ name: 'a', subnets: '10.244.7.0/25' }] }],
    ['a block that fits', { ...sound, nodes: [{ name: 'a', subnets: '10.244.7.0/24' }] }],
  ],
  'PLN-014': [
    ['a control plane among the nodes', sound],
    ['a control plane outside', { ...sound, profile: 'aks-overlay' }, 'info'],
    ['a calculation', { clusterCidrs: '10.244.0.0/16', profile: 'aks-overlay' }],
  ],
  'PLN-015': [
    ['set aside', sound],
    ['half the size set aside', { ...sound, reservations: ['10.250.0.0/17'] }],
    ['less than half set aside', { ...sound, reservations: ['10.250.0.0/18'] }, 'info'],
    ['set aside in itself', { ...sound, reservations: ['10.244.128.0/17'] }, 'info'],
    ['set aside where Services are', { ...sound, reservations: ['10.96.0.0/16'] }, 'info'],
    ['no nodes', { clusterCidrs: '10.244.0.0/16' }],
  ],
  'PLN-016': [
    ['RFC 1918', sound],
    ['shared space', { ...sound, clusterCidrs: '100.64.0.0/16' }, 'info'],
    ['class E', { ...sound, clusterCidrs: '240.0.0.0/16' }, 'info'],
    ['partly outside', { ...sound, clusterCidrs: '172.0.0.0/11' }, 'info'],
    ['IPv6', { ...dual, clusterCidrs: 'fd00:10:244::/56', serviceCidrs: undefined, nodePrefixes: 64 }],
  ],
  'PLN-017': [
    ['one allocator for all nodes', { ...sound, secondaryNetworks: [{ name: 'x', cidr: '10.9.0.0/24', type: 'macvlan', ipam: 'whereabouts' }] }],
    [
      'one allocator for each node',
      { ...sound, secondaryNetworks: [{ name: 'x', cidr: '10.9.0.0/24', type: 'macvlan', ipam: 'host-local' }] },
      'high',
    ],
  ],
  'PLN-018': [
    ['one address is enough', { ...sound, clusterCidrs: '10.244.0.0/24', nodePrefixes: 30, maxPods: 1 }],
    ['no address is left', { ...sound, clusterCidrs: '10.244.0.0/24', nodePrefixes: 31, maxPods: 1 }, 'high'],
    ['a calculation', { clusterCidrs: '10.244.0.0/24', nodePrefixes: 32 }, 'low'],
    ['IPv6', { ...dual, nodePrefixes: '24,127', clusterCidrs: '10.244.0.0/16,fd00::/120', nodes: 3, maxPods: 1 }, 'high'],
  ],
  'PLN-019': [
    ['no known limit', { ...sound, clusterCidrs: '10.0.0.0/8', nodes: 9000 }],
    ['routes for all', { ...sound, profile: 'aks-kubenet', clusterCidrs: '10.0.0.0/12', nodes: 398, surge: 2 }],
    ['one too few', { ...sound, profile: 'aks-kubenet', clusterCidrs: '10.0.0.0/12', nodes: 398, surge: 3 }, 'low'],
    ['too few at the horizon', { ...sound, profile: 'aks-kubenet', clusterCidrs: '10.0.0.0/12', nodes: 390, growth: 1 }, 'low'],
  ],
  'PLN-020': [
    ['nodes', sound, 'info'],
    ['no nodes', { clusterCidrs: '10.244.0.0/16' }],
  ],
}

describe.each(Object.entries(cases))('%s', (rule, list) => {
  test.each(list.map(([name, input, ...expected]) => ({ name, input, expected })))('$name', ({ input, expected }) => {
    expect(verdicts(clean(input), rule)).toEqual(expected)
  })

  test('has a case that it reports and one that it does not', () => {
    expect(list.some(([, , ...expected]) => expected.length > 0)).toBe(true)
    expect(list.some(([, , ...expected]) => expected.length === 0)).toBe(true)
  })
})

describe('PLN-010: special-use space', () => {
  const judge = (cidr: string, owned: string[] = []) => verdicts({ clusterCidrs: cidr, nodePrefixes: Number(cidr.split('/')[1]), owned }, 'PLN-010')

  test.each([
    ['0.0.0.0/8', 'high'],
    ['127.0.0.0/8', 'high'],
    ['224.0.0.0/4', 'high'],
    ['255.255.255.255/32', 'high high'], // the broadcast address lies in class E
    ['::/128', 'high'],
    ['::1/128', 'high'],
    ['ff00::/8', 'high'],
    ['169.254.0.0/16', 'high'],
    ['fe80::/10', 'high'],
    ['240.0.0.0/8', 'high'],
    ['192.0.0.0/24', 'high'],
    ['192.0.2.0/24', 'high'],
    ['198.51.100.0/24', 'high'],
    ['203.0.113.0/24', 'high'],
    ['192.88.99.0/24', 'high'],
    ['2001:db8::/32', 'high'],
    ['100::/64', 'high'],
    ['64:ff9b::/96', 'high'],
    ['2002::/16', 'high'],
    ['100.64.0.0/10', 'info'],
    ['198.18.0.0/15', 'info'],
    ['10.0.0.0/8', ''],
    ['172.16.0.0/12', ''],
    ['172.31.255.0/24', ''],
    ['192.168.0.0/16', ''],
    ['fd00::/8', ''],
    ['fc00::/8', 'info'],
    ['8.8.8.0/24', 'high'],
    ['172.32.0.0/16', 'high'],
    ['172.15.0.0/16', 'high'],
    ['2001:4860::/32', 'high'],
    ['fc00::/7', 'info'],
  ])('%s: %s', (cidr, expected) => {
    expect(
      judge(cidr)
        .map((verdict) => verdict.split(' ')[0])
        .join(' '),
    ).toBe(expected)
  })

  test('one inner address is enough, and so is an outer range', () => {
    expect(judge('169.254.20.0/24')).toEqual(['high special-use'])
    expect(judge('172.0.0.0/8')).toEqual(['high public'])
    expect(judge('192.0.0.0/14')).toEqual(['high special-use', 'high special-use', 'high public'].sort((a, b) => (a < b ? 1 : -1)))
  })

  test('Services are judged, node networks are not', () => {
    expect(verdicts({ ...sound, serviceCidrs: '198.51.100.0/24' }, 'PLN-010')).toEqual(['high special-use'])
    expect(verdicts({ ...sound, nodeNetworks: ['198.51.100.0/24'] }, 'PLN-010')).toEqual([])
  })

  test('what is declared as owned is not reported, the rest is', () => {
    expect(judge('8.8.8.0/24', ['8.8.0.0/16'])).toEqual([])
    expect(judge('240.0.0.0/8', ['240.0.0.0/4'])).toEqual([])
    expect(judge('8.8.0.0/16', ['8.8.8.0/24'])).toEqual(['high public'])
  })

  test('172.15 and 172.32 are mistaken for private space', () => {
    expect(findingsOf({ clusterCidrs: '172.15.0.0/16' }, 'PLN-010')[0]?.message).toContain('it ends at 172.31.255.255')
  })
})

describe('what a finding says', () => {
  const steps = (input: RequestInput, rule: string) => findingsOf(input, rule)[0]?.fix.steps

  test('a request that does not fit: the shortest node prefix and the cluster prefix that would', () => {
    expect(findingsOf({ ...sound, nodes: 300, reservations: ['10.244.7.7'] }, 'PLN-003')[0]).toMatchObject({
      message: '300 nodes are asked for, and 10.244.0.0/16 in blocks of /24 has room for 255, 1 of its 256 blocks being reserved',
      fix: {
        steps: [
          'give each node a /25 of 10.244.0.0/16 (--node-prefix 25): room for 511 nodes with 125 pods each',
          'or take a /15 for the pods, like 10.244.0.0/15 if all of it is free: room for 511 nodes with a /24 each',
        ],
      },
    })
  })

  test('node prefixes that are still too short are passed over', () => {
    expect(steps({ ...sound, nodes: 1000 }, 'PLN-003')).toEqual([
      'give each node a /26 of 10.244.0.0/16 (--node-prefix 26): room for 1024 nodes with 61 pods each',
      'or take a /14 for the pods, like 10.244.0.0/14 if all of it is free: room for 1024 nodes with a /24 each',
    ])
  })

  test('what would fit does fit', () => {
    expect(verdicts({ ...sound, nodes: 300, nodePrefixes: 25, maxPods: 60 }, 'PLN-003')).toEqual([])
    expect(verdicts({ ...sound, nodes: 300, clusterCidrs: '10.244.0.0/15' }, 'PLN-003')).toEqual([])
    // A reservation in the second half makes the doubled range too small as well, and that is seen.
    expect(steps({ ...sound, nodes: 512, reservations: ['10.245.3.3'] }, 'PLN-003')?.[1]).toContain('take a /14')
  })

  test('no advice beyond what the control plane takes, private space has, or other networks leave', () => {
    const wider = (input: Loose) => steps(clean({ ...sound, ...input }), 'PLN-003')?.[1]
    expect(wider({ nodes: 300, serviceCidrs: '10.245.0.0/16' })).toBe(
      'or take a /15 for the pods, in another place: room for 512 nodes with a /24 each',
    )
    expect(wider({ nodes: 300, clusterCidrs: '192.168.0.0/16' })).toBe(
      'or take a /15 for the pods, in another place: room for 512 nodes with a /24 each',
    )
    const ipv6 = { clusterCidrs: 'fd00::/48', nodePrefixes: 64, nodes: 65_537, maxPods: undefined, serviceCidrs: undefined, nodeNetworks: undefined }
    expect(steps(clean({ ...sound, ...ipv6 }), 'PLN-003')).toEqual([
      'no range and no node prefix of IPv6 within the limits has 65537 blocks; plan several clusters',
    ])
    expect(steps({ ...sound, clusterCidrs: '10.0.0.0/8', nodes: 70_000 }, 'PLN-003')).toEqual([
      'give each node a /25 of 10.0.0.0/8 (--node-prefix 25): room for 130048 nodes with 125 pods each',
    ])
  })

  test('growth: the month in which the pool is full, counted from the given day', () => {
    const input = { ...sound, nodes: 128, growth: 100, horizon: 2 }
    expect(findingsOf(input, 'PLN-002', '2026-11-23')[0]?.message).toBe(
      '128 nodes become 512 in 2 years, and 10.244.0.0/16 holds 256; it is full in 2027-11',
    )
    expect(findingsOf(input, 'PLN-002', '2030-01-01')[0]?.message).toContain('it is full in 2031-01')
  })

  test('a maximum: the number that would fit', () => {
    expect(steps({ ...sound, maxNodes: 300, surge: 6 }, 'PLN-004')?.at(-1)).toBe("or set the autoscaler's maximum to 250")
    expect(steps({ ...sound, maxNodes: 300, surge: 999 }, 'PLN-004')?.join()).not.toContain('autoscaler')
  })

  test('a second pool: a place beside everything else, and not the half that the pool grows into', () => {
    const place = (input: RequestInput) => findingsOf(input, 'PLN-015')[0]?.fix.steps
    expect(place({ ...sound, reservations: [] })).toEqual(['keep 10.246.0.0/16 free: --reserve 10.246.0.0/16'])
    expect(place({ ...sound, reservations: [], nodeNetworks: ['10.246.3.0/24'] })).toEqual(['keep 10.247.0.0/16 free: --reserve 10.247.0.0/16'])
    expect(place({ ...sound, reservations: [], clusterCidrs: '192.168.0.0/16' })).toEqual(['plan the pool smaller, or find space elsewhere'])
  })

  test('fingerprints stay while counts and dates change', () => {
    const [before] = findingsOf({ ...sound, nodes: 300, growth: 5 }, 'PLN-003', '2026-11-23')
    const [after] = findingsOf({ ...sound, nodes: 301, growth: 6 }, 'PLN-003', '2027-11-23')
    expect(after?.fingerprint).toBe(before?.fingerprint)
    expect(after?.message).not.toBe(before?.message)
  })
})

test('a whole address space without nodes is a calculation, and is not judged', () => {
  expect(isCalculation(planOf({ clusterCidrs: '::/0' }))).toBe(true)
  expect(isCalculation(planOf({ clusterCidrs: '0.0.0.0/0', nodes: 1 }))).toBe(false)
  expect(verdicts({ clusterCidrs: '0.0.0.0/0' }, 'PLN-010')).toEqual([])
  expect(verdicts({ clusterCidrs: '0.0.0.0/0', nodes: 1 }, 'PLN-010')).toContain('high public')
})

describe('the list of checks', () => {
  test('holds every file of its folder, in the order of the ids', () => {
    const files = readdirSync(new URL('../../src/plan/checks', import.meta.url)).filter((file) => !['index.ts', 'define-check.ts'].includes(file))
    expect(checks.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort())
    expect(checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id).sort())
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
  })

  test.each(checks.map((check) => [check.id, check] as const))('%s is described and tested', (id, check) => {
    expect(id).toMatch(/^PLN-\d{3}$/)
    expect(check.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    for (const text of [check.title, check.why, check.predicate]) expect(text.length).toBeGreaterThan(15)
    expect(check.links.every((link) => link.startsWith('https://'))).toBe(true)
    expect(id === 'PLN-010' || Object.hasOwn(cases, id)).toBe(true)
  })
})
