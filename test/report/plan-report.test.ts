// How a plan is shown: the machine contract, the tables, and what is read last.
import { describe, expect, test } from 'vitest'
import { type Finding, isFailing } from '../../src/model/finding.ts'
import { checkPlan } from '../../src/plan/check-plan.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { planData } from '../../src/report/plan-data.ts'
import { planReport } from '../../src/report/plan-report.ts'
import { planOf } from '../plan/plan.ts'

const context = { version: '1.2.3', generatedAt: '2026-11-23T12:00:00Z', failOn: 'medium', unnamed: [], complete: true, file: undefined } as const

function reportOf(input: RequestInput, more: Partial<Parameters<typeof planReport>[2]> = {}) {
  const plan = planOf(input)
  return planReport(plan, checkPlan(plan, { today: '2026-11-23' }), { ...context, ...more })
}

const table = (input: RequestInput, title: string) => {
  const found = reportOf(input).tables.find((each) => each.title === title)
  return (
    found && {
      columns: found.columns.map((column) => column.title),
      rows: [...found.rows].map((row) => row.map((cell) => (typeof cell === 'string' ? cell : `${cell.label} ${cell.bar}`))),
    }
  )
}

const example: RequestInput = {
  clusterCidrs: '10.244.0.0/16,fd00:10:244::/56',
  nodes: 64,
  maxPods: 110,
  serviceCidrs: '10.96.0.0/16,fd00:10:96::/108',
  nodeNetworks: ['10.20.0.0/20', 'fd00:10:20::/64'],
  reservations: ['10.244.3.3', '10.250.0.0/16', 'fd00:10:250::/56'],
}

describe('data', () => {
  const data = (input: RequestInput) => planData(planOf(input), [], context) as Record<string, unknown>

  test('has the keys of the contract, in order', () => {
    expect(Object.keys(reportOf(example).data)).toEqual([
      'apiVersion',
      'kind',
      'metadata',
      'spec',
      'summary',
      'pools',
      'nodes',
      'services',
      'otherRanges',
      'free',
      'forecast',
      'findings',
    ])
  })

  test('counts are decimal strings, exact beyond 2^53', () => {
    expect(data({ clusterCidrs: '::/0', nodePrefixes: 128 })['pools']).toEqual([
      {
        name: 'cluster',
        cidr: '::/0',
        family: 6,
        nodePrefix: 128,
        slots: '340282366920938463463374607431768211456',
        reserved: '0',
        used: '0',
        available: '340282366920938463463374607431768211456',
        utilization: 0,
      },
    ])
    expect(data({ clusterCidrs: 'fd00::/64', nodes: 1, nodePrefixes: 64 })['pools']).toMatchObject([{ slots: '1', used: '1', utilization: 1 }])
  })

  test('pools, Services and free space', () => {
    expect(data(example)).toMatchObject({
      metadata: { tool: { name: 'ipam', version: '1.2.3' }, generatedAt: '2026-11-23T12:00:00Z' },
      pools: [
        {
          name: 'cluster',
          cidr: '10.244.0.0/16',
          family: 4,
          nodePrefix: 24,
          slots: '256',
          reserved: '1',
          used: '64',
          available: '191',
          utilization: 0.2539,
        },
        {
          name: 'cluster',
          cidr: 'fd00:10:244::/56',
          family: 6,
          nodePrefix: 64,
          slots: '256',
          reserved: '0',
          used: '64',
          available: '192',
          utilization: 0.25,
        },
      ],
      services: [
        { cidr: '10.96.0.0/16', family: 4, capacity: '65534', staticBand: '10.96.0.1-10.96.1.0' },
        { cidr: 'fd00:10:96::/108', family: 6, capacity: '1048575', staticBand: 'fd00:10:96::1-fd00:10:96::100' },
      ],
      free: [
        '10.244.65.0/24',
        '10.244.66.0/23',
        '10.244.68.0/22',
        '10.244.72.0/21',
        '10.244.80.0/20',
        '10.244.96.0/19',
        '10.244.128.0/17',
        'fd00:10:244:40::/58',
        'fd00:10:244:80::/57',
      ],
    })
  })

  test('load balancers, further networks, and how long it lasts', () => {
    const input: RequestInput = {
      ...example,
      growth: 100,
      loadBalancerRanges: ['10.20.9.10-10.20.9.19'],
      loadBalancerCount: 4,
      secondaryNetworks: [{ name: 'storage', cidr: '10.9.0.0/24', type: 'macvlan', ipam: 'whereabouts' }],
    }
    expect(data(input)).toMatchObject({
      otherRanges: [
        { name: 'load balancers', ranges: ['10.20.9.10-10.20.9.19'], capacity: '10', needed: '4' },
        { name: 'storage', ranges: ['10.9.0.0/24'], capacity: '254', needed: null },
      ],
      forecast: [
        { limit: 'blocks', subject: 'cluster IPv4', unit: 'nodes', now: '64', most: '255', podsLeft: '21010', full: '2028-11' },
        { limit: 'blocks', subject: 'cluster IPv6', unit: 'nodes', now: '64', most: '256', podsLeft: '21120', full: '2028-11' },
        { limit: 'node-network', subject: 'IPv4', unit: 'nodes', now: '64', most: '4094', podsLeft: '443300', full: '2032-11' },
      ],
    })
    expect(table(input, 'Other ranges')?.rows).toEqual([
      ['load balancers', '10.20.9.10-10.20.9.19', '10', '4 0.4'],
      ['storage', '10.9.0.0/24', '254', '-'],
    ])
    expect(table(input, 'How long it lasts')?.rows[0]).toEqual([
      'blocks of cluster IPv4',
      '255 nodes',
      '64 0.2509',
      '191 nodes, 21010 pods',
      '2028-11',
    ])
    expect(table({ clusterCidrs: '10.244.0.0/16', nodes: 3 }, 'How long it lasts')).toBeUndefined()
  })

  test('nodes are given as they are read, again and again', () => {
    const { nodes } = reportOf(example).data
    if (typeof nodes !== 'function') throw new Error('nodes are not streamed')
    const first = [...nodes()]
    expect(first[3]).toEqual({ name: 'node-4', pool: 'cluster', subnets: ['10.244.4.0/24', 'fd00:10:244:3::/64'], usable: '253', maxPods: 110 })
    expect([...nodes()]).toEqual(first)
  })

  test('the summary counts by severity, and what fails', () => {
    const summary = (failOn: 'medium' | 'low' | 'never') => reportOf({ ...example, nodePrefixes: '24,64', maxPods: 129 }, { failOn }).data['summary']
    expect(summary('medium')).toEqual({ findings: { critical: 0, high: 0, medium: 0, low: 1, info: 2 }, waived: 0, failOn: 'medium', failing: 0 })
    expect(summary('low')).toMatchObject({ failing: 1 })
    expect(summary('never')).toMatchObject({ failing: 0 })
  })

  test('a mere possibility and a waived finding never fail', () => {
    const finding = { severity: 'high', confidence: 'likely', waived: null } as Finding
    expect(isFailing(finding, 'high')).toBe(true)
    expect(isFailing(finding, 'critical')).toBe(false)
    expect(isFailing({ ...finding, confidence: 'possible' }, 'info')).toBe(false)
    expect(isFailing({ ...finding, waived: { reason: 'x', until: null } }, 'info')).toBe(false)
  })
})

describe('text', () => {
  test('tables', () => {
    expect(table(example, 'Pools')).toEqual({
      columns: ['POOL', 'RANGE', 'BLOCK', 'BLOCKS USED', 'RESERVED', 'FREE', 'ADDRESSES'],
      rows: [
        ['cluster', '10.244.0.0/16', '/24', '64/256 0.2539', '1', '191', '65536'],
        ['cluster', 'fd00:10:244::/56', '/64', '64/256 0.25', '0', '192', '2^72'],
      ],
    })
    expect(table(example, 'Nodes')?.columns).toEqual(['NODE', 'POOL', 'IPV4 BLOCK', 'IPV6 BLOCK', 'FOR PODS', 'MAX PODS'])
    expect(table(example, 'Nodes')?.rows[63]).toEqual(['node-64', 'cluster', '10.244.64.0/24', 'fd00:10:244:3f::/64', '253', '110'])
    expect(table(example, 'Services')?.rows[0]).toEqual(['10.96.0.0/16', '65534', '10.96.0.1-10.96.1.0'])
    expect(table(example, 'Free')?.rows[0]).toEqual(['10.244.65.0/24', '256'])
    expect(table(example, 'Free')?.rows.at(-1)).toEqual(['fd00:10:244:80::/57', '2^71'])
    expect(table({ clusterCidrs: '10.244.0.0/16' }, 'Nodes')).toBeUndefined()
  })

  test('no blocks where the system itself chooses them', () => {
    const input = { profile: 'calico', clusterCidrs: '10.48.0.0/16', nodes: 2, maxPods: 110 }
    expect(table(input, 'Nodes')).toEqual({
      columns: ['NODE', 'POOL', 'FOR PODS', 'MAX PODS'],
      rows: [
        ['node-1', 'cluster', '127', '110'],
        ['node-2', 'cluster', '127', '110'],
      ],
    })
    expect(table(input, 'Pools')?.rows[0]?.slice(2, 6)).toEqual(['/26', '4/1024 0.0039', '0', '1020'])
    expect(table(input, 'Free')).toBeUndefined()
    expect(reportOf(input).notes.join()).toContain('calico itself chooses blocks and addresses when they are needed')
  })

  test('a node pool with ranges of one family beside a dual-stack one leaves the other column empty', () => {
    const nodePools = [
      { name: 'a', nodes: 1 },
      { name: 'b', nodes: 1, cidrs: '10.9.0.0/24', nodePrefixes: 26 },
    ]
    expect(table({ clusterCidrs: '10.244.0.0/16,fd00::/56', nodePools }, 'Nodes')?.rows).toEqual([
      ['a-1', 'cluster', '10.244.0.0/24', 'fd00::/64', '253', '-'],
      ['b-1', 'b', '10.9.0.0/26', '', '61', '-'],
    ])
  })

  test.each<[string, RequestInput, string]>([
    ['what was planned', example, '10.244.0.0/16 in blocks of /24 with fd00:10:244::/56 in blocks of /64: 64 nodes planned'],
    ['one node', { clusterCidrs: '10.244.0.0/16', nodes: 1 }, '10.244.0.0/16 in blocks of /24: 1 node planned'],
    [
      'what did not fit',
      { clusterCidrs: '10.244.0.0/23', nodes: 3 },
      '10.244.0.0/23 in blocks of /24: 2 of 3 nodes planned; 1 finding to solve first',
    ],
  ])('the headline says %s', (_, input, headline) => {
    expect(reportOf(input).headline).toBe(headline)
  })

  test('names', () => {
    expect([...reportOf({ clusterCidrs: '10.244.0.0/16', nodes: ['b', 'a'] }).names]).toEqual(['node/b', 'node/a'])
  })
})

describe('notes', () => {
  const notes = (input: RequestInput) => reportOf(input).notes

  test('the irreversible choices come last, and not among the findings too', () => {
    const report = reportOf(example)
    expect(report.notes.at(-1)).toBe(
      'cannot be changed later: the cluster CIDRs and their order, the node prefixes, the first Service range (10.244.0.0/16 in blocks of /24; fd00:10:244::/56 in blocks of /64; Services 10.96.0.0/16; Services fd00:10:96::/108)',
    )
    expect(report.findings.map(({ rule }) => rule)).not.toContain('PLN-020')
    expect(JSON.stringify(report.data['findings'])).toContain('PLN-020')
  })

  test('nothing else to say about a complete request', () => {
    expect(notes(example)).toHaveLength(1)
  })

  test('what was not looked at', () => {
    const text = notes({ clusterCidrs: '10.244.0.0/16', nodes: 1 }).join('\n')
    expect(text).toContain('No Service range was given')
    expect(text).toContain('No node network was given')
    expect(notes({ clusterCidrs: '10.244.0.0/16' })).toEqual(['No nodes were asked for; --nodes N or --node NAME gives them blocks.'])
  })

  test('an order that is unusual, a block that is the whole pool, a space that is only counted', () => {
    expect(notes({ ...example, clusterCidrs: 'fd00:10:244::/56,10.244.0.0/16' })[0]).toContain('the order was kept as given')
    expect(notes({ clusterCidrs: '10.244.0.0/26' })[0]).toBe('10.244.0.0/26 is not larger than one block would be, so all of it is one block.')
    expect(notes({ clusterCidrs: '10.244.0.0/26', nodePrefixes: 26 })[0]).not.toContain('one block')
    expect(notes({ clusterCidrs: '::/0' }).at(-1)).toContain('counted only')
  })

  test('kept nodes that nobody asked for, the first few by name', () => {
    const unnamed = (names: readonly string[]) => reportOf(example, { unnamed: names }).notes.at(-2)
    expect(unnamed(['a'])).toBe('Not asked for now, but kept where they are: a (1 node of the kept plan).')
    expect(unnamed(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toContain('are: a, b, c, d, e, 2 more (7 nodes')
  })
})
