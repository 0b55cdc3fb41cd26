// How full pools and nodes are, as metrics. Counts become floating point, which is all that Prometheus has: beyond 2^53 the last digits are lost.
import type { Fill, Subject } from '../../report/judgement.ts'
import type { Labels, Metric, Sample } from './run-metrics.ts'

interface Counted {
  readonly labels: Labels
  readonly counts: ReadonlyMap<string, bigint>
}

/** Two lines of one series make a file unreadable as a whole, so what has the same labels is added up. */
function counted<T>(items: readonly T[], labelsOf: (item: T) => Labels, countsOf: (item: T) => Readonly<Record<string, bigint>>): Counted[] {
  const found = new Map<string, { labels: Labels; counts: Map<string, bigint> }>()
  for (const item of items) {
    const labels = labelsOf(item)
    const key = JSON.stringify(labels)
    const entry = found.get(key) ?? { labels, counts: new Map() }
    for (const [name, count] of Object.entries(countsOf(item))) entry.counts.set(name, (entry.counts.get(name) ?? 0n) + count)
    found.set(key, entry)
  }
  return [...found.values()]
}

const fillCounts = ({ capacity, allocated, available }: Fill) => ({
  ...{ capacity: BigInt(capacity), allocated: BigInt(allocated), available: BigInt(available) },
})

const poolsOf = ({ name: cluster, pools }: Subject): Counted[] =>
  counted(
    pools,
    ({ system, name, node, domain, family }) => ({ cluster, system, pool: name, node: node ?? '', domain, family: `ipv${family}` }),
    (pool) => ({ ...fillCounts(pool), reserved: BigInt(pool.reserved) }),
  )

const nodesOf = ({ name: cluster, nodes }: Subject): Counted[] =>
  counted(
    nodes,
    ({ name }) => ({ cluster, node: name }),
    (node) => ({ ...fillCounts(node), pods: BigInt(node.pods), ...(node.maxPods === null ? {} : { maxPods: BigInt(node.maxPods) }) }),
  )

const count = (name: string, help: string, of: (subject: Subject) => Counted[], key: string): Metric => ({
  name,
  help,
  samples: (subject) => of(subject).flatMap(({ labels, counts }): Sample[] => (counts.has(key) ? [[labels, Number(counts.get(key))]] : [])),
})

const ratio = (name: string, help: string, of: (subject: Subject) => Counted[]): Metric => ({
  name,
  help,
  samples: (subject) =>
    of(subject).map(({ labels, counts }): Sample => {
      const [allocated, capacity] = [counts.get('allocated') ?? 0n, counts.get('capacity') ?? 0n]
      return [labels, capacity === 0n ? 0 : Number((allocated * 10_000n) / capacity) / 10_000]
    }),
})

export const fillMetrics: readonly Metric[] = [
  count('pool_capacity_addresses', 'Addresses that the pool has.', poolsOf, 'capacity'),
  count('pool_reserved_addresses', 'Addresses that it must not hand out.', poolsOf, 'reserved'),
  count('pool_allocated_addresses', 'Addresses that its own records say are taken.', poolsOf, 'allocated'),
  count('pool_available_addresses', 'Addresses that are left.', poolsOf, 'available'),
  ratio('pool_utilization_ratio', 'Taken addresses as a part of all.', poolsOf),
  count('node_capacity_addresses', 'Addresses that the node has for pods.', nodesOf, 'capacity'),
  count('node_allocated_addresses', 'Addresses of the node that are taken.', nodesOf, 'allocated'),
  count('node_available_addresses', 'Addresses of the node that are left.', nodesOf, 'available'),
  ratio('node_utilization_ratio', 'Taken addresses of the node as a part of all.', nodesOf),
  count('node_pods', 'Pods of the node that hold an address.', nodesOf, 'pods'),
  count('node_max_pods', 'Pods that the kubelet accepts.', nodesOf, 'maxPods'),
]
