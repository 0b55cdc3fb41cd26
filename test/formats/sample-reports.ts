// Reports as the commands make them, for the tests of formats: a plan, a clean audit, a broken audit, an audit of nothing.
import type { Finding } from '../../src/model/finding.ts'
import { makeFinding } from '../../src/model/make-finding.ts'
import type { Cell, Report } from '../../src/report/report.ts'

const poolColumns = [
  { title: 'System', align: 'left' },
  { title: 'Pool', align: 'left', flexible: true },
  { title: 'Ranges', align: 'left' },
  { title: 'Capacity', align: 'right' },
  { title: 'Reserved', align: 'right', wide: true },
  { title: 'Allocated', align: 'right' },
  { title: 'Available', align: 'right' },
  { title: 'Used', align: 'left' },
] as const

const nodeColumns = [
  { title: 'Node', align: 'left', flexible: true },
  { title: 'Ranges', align: 'left', flexible: true },
  { title: 'Capacity', align: 'right' },
  { title: 'Allocated', align: 'right' },
  { title: 'Max pods', align: 'right', wide: true },
  { title: 'Used', align: 'left' },
] as const

const used = (share: number): Cell => ({ bar: share, label: `${(share * 100).toFixed(1)}%` })

const pools: Cell[][] = [
  ['node-cidr', 'cluster', '10.244.0.0/16', '65536', '256', '768', '64768', used(0.0117)],
  ['host-local', 'worker-1/cbr0', '10.244.1.0/24', '253', '0', '231', '22', used(0.913)],
  ['host-local', 'worker-2/cbr0', '10.244.2.0/24', '253', '0', '197', '56', used(0.7787)],
  ['services', 'kubernetes', '10.96.0.0/12', '1048574', '0', '12', '1048562', used(0.0000114)],
]

const nodes: Cell[][] = [
  ['worker-1', '10.244.1.0/24, fd00:10:244:1::/64', '253', '231', '110', used(0.913)],
  ['worker-2', '10.244.2.0/24, fd00:10:244:2::/64', '253', '197', '110', used(0.7787)],
  ['ip-10-20-30-40.eu-central-1.compute.internal', '10.244.3.0/24, fd00:10:244:3::/64', '253', '0', '110', used(0)],
]

const auditTables = [
  { title: 'Pools', columns: poolColumns, rows: pools, rowCount: pools.length },
  { title: 'Nodes', columns: nodeColumns, rows: nodes, rowCount: nodes.length },
]

const duplicate = {
  id: 'DUP-101',
  name: 'pod-ip-duplicate',
  severity: 'critical',
  playbook: 'R16',
  steps: [
    'Find out which pod answers: kubectl exec into another pod of each node and ping the address.',
    'Delete the younger pod; its controller starts it again with a new address: kubectl -n NAMESPACE delete pod NAME',
    'Look for the cause before the next one: run ipam audit again and repair the overlap of ranges that it names.',
  ],
} as const

const stale = {
  id: 'LEAK-201',
  name: 'stale-allocation-file',
  severity: 'high',
  playbook: 'R3',
  steps: ['Cordon the node.', 'Remove the files named above that no sandbox of `crictl pods` owns.', 'Uncordon the node.'],
} as const

const nearlyFull = { id: 'CAP-402', name: 'node-range-nearly-full', severity: 'medium', playbook: null, steps: [] } as const

const staleFiles = Array.from({ length: 15 }, (_, index) =>
  makeFinding(stale, {
    message: `10.244.1.${index + 3} is held by sandbox 9f3c0a51b7d2, which is gone since the node booted on 2026-11-20T09:14:02Z.`,
    addresses: [`10.244.1.${index + 3}`],
    nodes: ['worker-1'],
    owners: ['9f3c0a51b7d2'],
    cause: 'pre-boot',
    confidence: 'likely',
    evidence: [
      { source: `nodes/worker-1/var/lib/cni/networks/cbr0/10.244.1.${index + 3}`, fact: 'owner 9f3c0a51b7d2, written 2026-11-19T22:01:10Z' },
      { source: 'nodes/worker-1/crictl-pods.json', fact: '31 sandboxes, none of them 9f3c0a51b7d2' },
    ],
  }),
)

export const brokenFindings: readonly Finding[] = [
  makeFinding(duplicate, {
    message: '10.244.1.7 is used by two running pods on two nodes.',
    addresses: ['10.244.1.7'],
    nodes: ['worker-1', 'worker-2'],
    owners: ['shop/web-7d4b9c6f5-x2x8p', 'shop/api-0'],
    evidence: [
      { source: 'cluster/pods.json', fact: 'shop/web-7d4b9c6f5-x2x8p, status.podIP 10.244.1.7, node worker-1' },
      { source: 'cluster/pods.json', fact: 'shop/api-0, status.podIP 10.244.1.7, node worker-2' },
    ],
  }),
  ...staleFiles,
  makeFinding(stale, {
    message: '10.244.2.9 has an allocation file without an owner.',
    addresses: ['10.244.2.9'],
    nodes: ['worker-2'],
    cause: 'empty-file',
    evidence: [{ source: 'nodes/worker-2/var/lib/cni/networks/cbr0/10.244.2.9', fact: '0 bytes' }],
  }),
  makeFinding(nearlyFull, {
    message: 'The range of worker-1 is 91.3% full: 22 of 253 addresses are left.',
    addresses: ['10.244.1.0/24'],
    nodes: ['worker-1'],
  }),
  {
    ...makeFinding(nearlyFull, { message: 'The range of worker-2 is 77.9% full.', addresses: ['10.244.2.0/24'], nodes: ['worker-2'] }),
    waived: { reason: 'shrinks next week, OPS-4711', until: '2026-12-01' },
  },
]

export const broken: Report = {
  kind: 'AuditReport',
  data: {
    apiVersion: 'ipam/v1',
    kind: 'AuditReport',
    complete: false,
    findings: () => brokenFindings.map(({ rule, message }) => ({ rule, message })),
  },
  headline: 'demo: 18 findings, 18 of them at or above medium, in 3 nodes, 4 pools and 428 allocations; not everything could be read.',
  tables: auditTables,
  findings: brokenFindings,
  notes: [
    'Incomplete: nodes/worker-3 could not be read whole: var/lib/cni/networks/cbr0: permission denied.',
    'Not evaluated: DUP-102 node-ranges-overlap (no Node objects for worker-4).',
  ],
  names: ['finding/DUP-101/10.244.1.7', 'node/worker-1'],
}

export const clean: Report = {
  kind: 'AuditReport',
  data: { apiVersion: 'ipam/v1', kind: 'AuditReport', complete: true, findings: () => [] },
  headline: 'demo: no problems found in 3 nodes, 4 pools and 428 allocations.',
  tables: auditTables,
  findings: [],
  notes: [],
  names: [],
}

export const empty: Report = {
  kind: 'AuditReport',
  data: { apiVersion: 'ipam/v1', kind: 'AuditReport', complete: true, findings: () => [] },
  headline: 'networks: no problems found; 0 allocation files in /var/lib/cni/networks.',
  tables: [{ title: 'Nodes', columns: nodeColumns, rows: [], rowCount: 0 }],
  findings: [],
  notes: ['Not evaluated: 20 rules need input that was not given; -o wide names them.'],
  names: [],
}

/** A plan of the given number of nodes, made row by row. */
export function plan(count: number): Report {
  const subnet = (index: number): string => `10.${index >> 8}.${index & 255}.0/24`
  return {
    kind: 'AddressPlan',
    data: {
      apiVersion: 'ipam/v1',
      kind: 'AddressPlan',
      nodes: function* () {
        for (let index = 0; index < count; index++)
          yield { name: `worker-${index + 1}`, pool: 'cluster', subnets: [subnet(index)], usable: '253', maxPods: 110 }
      },
    },
    headline: `${count} nodes planned in 10.0.0.0/8.`,
    tables: [
      {
        title: 'Nodes',
        columns: [
          { title: 'Node', align: 'left', flexible: true },
          { title: 'Subnets', align: 'left' },
          { title: 'Usable', align: 'right' },
          { title: 'Max pods', align: 'right' },
          { title: 'Pods', align: 'left' },
        ],
        rows: {
          *[Symbol.iterator]() {
            for (let index = 0; index < count; index++) yield [`worker-${index + 1}`, subnet(index), '253', '110', used(110 / 253)]
          },
        },
        rowCount: count,
      },
    ],
    findings: [],
    notes: [],
    names: {
      *[Symbol.iterator]() {
        for (let index = 0; index < count; index++) yield `node/worker-${index + 1}`
      },
    },
  }
}
