// OVL-308: clusters that reach each other's pods share addresses.
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { ClusterIdentity } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { formatAddress, overlappingPairs, type Range, rangeOfAddress } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { type LinkedEntry, linkedClusters, linkedEntries, ownIdentity } from './facts/cluster-links.ts'
import { podRanges, serviceRanges } from './facts/cluster-ranges.ts'
import { strayRanges, unknownRanges } from './facts/issued-ranges.ts'
import { nameList } from './facts/name-list.ts'

type Role = LinkedEntry['cluster']['role']

const words: Readonly<Record<Role, string>> = { pods: 'pod range', services: 'Service range', nodes: 'node network' }

interface Item {
  readonly range: Range
  readonly text: string
  readonly role: Role
  /** undefined for this cluster's own. */
  readonly entry?: LinkedEntry
  readonly nodes: readonly string[]
  readonly evidence: readonly Evidence[]
}

function ownItems(inventory: Inventory): Item[] {
  return [
    ...podRanges(inventory).map((range): Item => ({ ...range, role: 'pods', nodes: [] })),
    ...strayRanges(inventory).map(({ range, text, nodes, evidence }): Item => ({ range, text, role: 'pods', nodes, evidence })),
    ...serviceRanges(inventory).map((range): Item => ({ ...range, role: 'services', nodes: [] })),
    ...inventory.nodes.flatMap((node) =>
      node.addresses.map(({ address }): Item => {
        const text = formatAddress(address)
        return {
          range: rangeOfAddress(address),
          text,
          role: 'nodes',
          nodes: [node.name],
          evidence: [{ source: node.origin, fact: `node ${node.name} has the address ${text}` }],
        }
      }),
    ),
  ]
}

const itemOf = (entry: LinkedEntry): Item => ({
  range: entry.range,
  text: entry.text,
  role: entry.cluster.role,
  entry,
  nodes: [],
  evidence: [{ source: entry.network.origin, fact: `${entry.network.name} has ${entry.text}` }],
})

const isSingle = ({ range }: Item): boolean => range.first === range.last

/** Two clusters may share a node network, and ClusterIPs mean something in their own cluster only, unless the link carries them too. */
function confidenceOf(a: Item, b: Item, mesh: boolean): 'certain' | 'possible' {
  if (a.role === 'nodes' && b.role === 'nodes') return isSingle(a) && isSingle(b) ? 'certain' : 'possible'
  return a.role === 'services' && b.role === 'services' && mesh ? 'possible' : 'certain'
}

const nameOf = ({ entry }: Item): string => (entry === undefined ? 'this cluster' : `cluster ${JSON.stringify(entry.cluster.name)}`)

/** All that one range of a connected cluster shares with one side and role: a thousand node addresses are one finding. */
function violationOf(remote: Item, others: readonly Item[]): Violation {
  const [first] = others as readonly [Item, ...Item[]]
  const mesh = remote.entry?.cluster.link === 'mesh' && (first.entry === undefined || first.entry.cluster.link === 'mesh')
  const confidence = confidenceOf(remote, first, mesh)
  const texts = [...new Set(others.map(({ text }) => text))]
  const what = first.role === 'nodes' && first.entry === undefined ? 'node addresses' : words[first.role]
  const clusters = [remote, first].flatMap(({ entry }) => entry?.cluster.name ?? [])
  const harm =
    confidence === 'certain'
      ? 'of two owners of one address only one can be reached'
      : remote.role === 'nodes'
        ? 'harmless where both clusters share that network'
        : 'harmless unless the link carries Service addresses, as Submariner does'
  return {
    message: `${words[remote.role]} ${remote.text} of ${nameOf(remote)} (${remote.entry?.cluster.link}) overlaps ${what} ${nameList(texts)} of ${nameOf(first)}: ${harm}`,
    severity: mesh ? 'critical' : 'high',
    confidence,
    addresses: [...new Set([remote.text, ...texts])],
    nodes: [...new Set(others.flatMap(({ nodes }) => nodes))].sort(),
    subject: [...clusters, remote.role, first.role],
    evidence: [...remote.evidence, ...others.slice(0, 10).flatMap(({ evidence }) => evidence)],
    cause: `${remote.role}-${first.role}`,
  }
}

function* overlaps(inventory: Inventory): Generator<Violation> {
  const items = [...ownItems(inventory), ...linkedEntries(inventory).map(itemOf)]
  const found = new Map<Item, Item[]>()
  for (const [a, b] of overlappingPairs(items, ({ range }) => range)) {
    if (a.entry?.cluster.name === b.entry?.cluster.name) continue
    // The other cluster's range comes first; of two others, the one whose name does.
    const [remote, other] = a.entry === undefined || (b.entry !== undefined && b.entry.cluster.name < a.entry.cluster.name) ? [b, a] : [a, b]
    if (found.get(remote)?.push(other) === undefined) found.set(remote, [other])
  }
  for (const [remote, others] of found) {
    const groups = groupBy(others, ({ role, entry, nodes, text }) => `${role}\0${entry?.cluster.name ?? ''}\0${nodes.length > 0 ? '' : text}`)
    for (const group of groups.values()) yield violationOf(remote, group)
  }
}

function* equalIds(inventory: Inventory): Generator<Violation> {
  const own = ownIdentity(inventory)
  const meshed = linkedClusters(inventory).filter(({ link, id }) => link === 'mesh' && id !== undefined)
  const all: ClusterIdentity[] = [...(own === undefined ? [] : [own]), ...meshed]
  for (const [id, group] of groupBy(all, (cluster) => cluster.id)) {
    const names = [...new Set(group.map((cluster) => (cluster === own ? 'this cluster' : `cluster ${JSON.stringify(cluster.name)}`)))]
    if (names.length < 2) continue
    yield {
      message: `${nameList(names)} are meshed and all have the cluster id ${id}: identities and addresses of one are taken for the other's`,
      severity: 'critical',
      subject: names,
      evidence: group.map(({ origin, name }) => ({ source: origin, fact: `${name ?? 'this cluster'} has the cluster id ${id}` })),
      cause: 'cluster-id',
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const clusters = linkedClusters(inventory)
  if (clusters.length === 0)
    return [{ reason: 'no connected cluster is known: name them under "clusters" in a file of external/ or of --external', whole: true }]
  const idMissing = ownIdentity(inventory) === undefined && clusters.some(({ link, id }) => link === 'mesh' && id !== undefined)
  return [
    ...unknownRanges(inventory).map((gap) => ({ ...gap, whole: false })),
    ...(idMissing ? [{ reason: 'the id of this cluster in the mesh is not known (cilium-config, or "self" in the list)', whole: false }] : []),
  ]
}

export const connectedClustersOverlap = defineRule({
  id: 'OVL-308',
  name: 'connected-clusters-overlap',
  title: 'Connected clusters share addresses',
  severity: 'critical',
  revision: 1,
  why: 'In a mesh or a routed network every pod address must mean one pod. Where two clusters have the same range, each keeps the traffic for itself, and what was meant for the other never arrives.',
  predicate:
    'A pod, node or Service range of a cluster that is declared as connected overlaps a pod range, a Service range or a node address of this cluster, or a range of a second connected cluster; or two meshed clusters have one cluster id. Critical for meshes, high for routed clusters. Two node networks that overlap, and Service ranges that do in a mesh, are possible only.',
  guards: [
    'T16: clusters that are not declared as connected may use the same ranges.',
    'Clusters marked viaNat (Submariner’s Globalnet) or unreachable.',
    'An entry with this cluster’s own name (cilium-config, "self", the context or bundle): one list may serve a whole fleet.',
    'Service ranges count only where the list names them; name them when they can be reached from the other cluster.',
  ],
  playbook: 'R6',
  links: [
    'https://docs.cilium.io/en/v1.6/gettingstarted/clustermesh/',
    'https://isovalent.com/blog/post/overlapping-pod-cidr-cilium-cluster-mesh',
    'https://submariner.io/getting-started/architecture/globalnet/',
  ],
  gaps,
  *check(inventory) {
    yield* overlaps(inventory)
    yield* equalIds(inventory)
  },
})
