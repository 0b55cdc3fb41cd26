// OVL-303: the bridge of another container engine on the node swallows traffic for the cluster.
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import { groupByEach } from '../model/group-by.ts'
import type { Node, OutsideNetwork } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { nodeRanges } from '../model/node-usage.ts'
import { compareCidrs, formatAddress, formatCidr, overlappingPairs, parseCidr, type Range, rangeOf, rangeOfAddress } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { podRanges, serviceRanges } from './facts/cluster-ranges.ts'
import { needs } from './facts/gaps.ts'
import { strayRanges, unknownRanges } from './facts/issued-ranges.ts'
import { nameList } from './facts/name-list.ts'

/** docker0 where daemon.json does not say otherwise (https://docs.mirantis.com/mke/current/install/plan-deployment/mcr-considerations/default-address-pools.html). */
const DOCKER_DEFAULT = parseCidr('172.17.0.0/16')

interface Target {
  readonly range: Range
  readonly text: string
  readonly what: string
  readonly evidence: readonly Evidence[]
}

interface Bridge {
  readonly network: OutsideNetwork
  /** Read in the node's files, not taken from the name of its runtime. */
  readonly proved: boolean
}

/** One of the two sides that are compared in a single sweep. */
interface Item {
  readonly range: Range
  readonly group: readonly Bridge[] | undefined
  readonly target: Target | undefined
}

const isDocker = (node: Node): boolean => node.runtime.startsWith('docker://')

const bridgesInFiles = (inventory: Inventory): OutsideNetwork[] => inventory.outside.filter((network) => network.kind === 'host-bridge')

/** What the bridge must keep off. An issued range inside a stated one adds nothing. */
function targetsOf(inventory: Inventory): Target[] {
  const nodes = inventory.nodes.flatMap((node) => node.addresses.map(({ address }) => ({ node, address })))
  return [
    ...podRanges(inventory).map((pool) => ({ ...pool, what: 'pod range' })),
    ...strayRanges(inventory).map(({ range, text, nodes: holders, evidence }) => ({
      range,
      text,
      what: `pod range of ${nameList(holders)}`,
      evidence,
    })),
    ...serviceRanges(inventory).map((services) => ({ ...services, what: 'Service range' })),
    ...inventory.outside
      .filter((network) => network.kind === 'external' && network.reachable)
      .map((network) => ({
        range: rangeOf(network.cidr),
        text: formatCidr(network.cidr),
        what: `network ${network.name}`,
        evidence: [{ source: network.origin, fact: `${network.name} is ${formatCidr(network.cidr)}` }],
      })),
    ...nodes.map(({ node, address }) => ({
      range: rangeOfAddress(address),
      text: formatAddress(address),
      what: `address of node ${node.name}`,
      evidence: [{ source: node.origin, fact: `node ${node.name} has the address ${formatAddress(address)}` }],
    })),
  ]
}

/** Without CNI docker0 itself can be the pods' bridge: flannel's mk-docker-opts.sh writes the node's own range as `bip`. */
function isPodBridge(network: OutsideNetwork, own: ReadonlyMap<string, readonly string[]>): boolean {
  return network.node !== undefined && (own.get(network.node) ?? []).includes(formatCidr(network.cidr))
}

function bridgesOf(inventory: Inventory): Bridge[] {
  const own = new Map(
    nodeRanges(inventory).map(({ node, sets }) => [node, sets.flatMap((set) => set.ranges.map((range) => formatCidr(range.subnet)))]),
  )
  const proved = bridgesInFiles(inventory)
  const seen = new Set(proved.map((network) => network.node))
  const presumed = inventory.nodes
    .filter((node) => isDocker(node) && !seen.has(node.name))
    .map(
      (node): OutsideNetwork => ({
        name: 'docker bridge',
        cidr: DOCKER_DEFAULT,
        kind: 'host-bridge',
        node: node.name,
        reachable: true,
        origin: node.origin,
      }),
    )
  return [
    ...proved.filter((network) => !isPodBridge(network, own)).map((network) => ({ network, proved: true })),
    ...presumed.map((network) => ({ network, proved: false })),
  ].sort((a, b) => compareCidrs(a.network.cidr, b.network.cidr) || ((a.network.node ?? '') < (b.network.node ?? '') ? -1 : 1))
}

function violationOf(bridges: readonly Bridge[], targets: readonly Target[]): Violation {
  const { network, proved } = bridges[0] as Bridge
  const nodes = [...new Set(bridges.flatMap(({ network: { node } }) => node ?? []))].sort()
  const cidr = formatCidr(network.cidr)
  const fact = proved ? `${network.name} is ${cidr}` : `the runtime is docker, and its bridge is ${cidr} unless daemon.json says otherwise`
  return {
    message: `${network.name} ${cidr} on ${nameList(nodes)} overlaps ${nameList(targets.map(({ what, text }) => `${what} ${text}`))}: what these nodes send there stays on the bridge`,
    severity: proved ? 'high' : 'low',
    confidence: proved ? 'certain' : 'possible',
    addresses: [cidr, ...new Set(targets.map(({ text }) => text))],
    nodes,
    subject: [network.name],
    evidence: [
      ...bridges.slice(0, 10).map(({ network: { origin } }) => ({ source: origin, fact })),
      ...targets.slice(0, 10).flatMap(({ evidence }) => evidence),
    ],
    cause: proved ? 'configured' : 'default',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const proved = bridgesInFiles(inventory)
  if (proved.length === 0) {
    const missing = needs(inventory, 'nodes', 'bridges of other engines are not known')
    if (missing.length > 0) return missing
  }
  const seen = new Set([...proved.map((network) => network.node), ...inventory.stateOf.keys()])
  const blind = inventory.nodes.filter((node) => !node.virtual && !seen.has(node.name)).map(({ name }) => name)
  const noFiles: Gap[] =
    blind.length === 0 ? [] : [{ reason: `no files of ${nameList(blind)}: a bridge of docker or podman there is not seen`, whole: false }]
  // Node addresses are there to compare with even where no range is known.
  return [...unknownRanges(inventory).map((gap) => ({ ...gap, whole: false })), ...noFiles]
}

export const hostBridgeOverlap = defineRule({
  id: 'OVL-303',
  name: 'host-bridge-overlap',
  title: 'Bridge of another engine overlaps the cluster',
  severity: 'high',
  revision: 1,
  why: 'A directly connected bridge wins over every other route. What a node with such a bridge sends to pods, Services or nodes in that range ends on the bridge, so single nodes fail in ways that look like a firewall.',
  predicate:
    "A bridge or address pool that a node's files configure (docker's daemon.json, podman's networks) overlaps a pod range, a Service range, a node address or an external network (high). Where a node runs docker and its files were not given, docker's default 172.17.0.0/16 stands for it (low, possible). One finding for each bridge range, with all nodes.",
  guards: [
    'Nodes that run containerd or CRI-O, without files of another engine, have no such bridge.',
    "A bridge with just the node's own pod range is the pods' own bridge (docker without CNI).",
    'Pod ranges that are only guessed from node ranges are not compared.',
  ],
  playbook: 'R15',
  links: [
    'https://github.com/kubernetes/kops/issues/710',
    'https://github.com/Azure/acs-engine/issues/750',
    'https://github.com/kontena/pharos-cluster/issues/1330',
    'https://github.com/openshift/openshift-docs/issues/4209',
    'https://github.com/docker/for-mac/issues/4429',
  ],
  gaps,
  *check(inventory) {
    const bridges = groupByEach(bridgesOf(inventory), ({ network, proved }) => [`${network.name}\0${formatCidr(network.cidr)}\0${proved}`])
    if (bridges.size === 0) return
    const items: Item[] = [
      ...[...bridges.values()].map((group) => ({ range: rangeOf((group[0] as Bridge).network.cidr), group, target: undefined })),
      ...targetsOf(inventory).map((target) => ({ range: target.range, group: undefined, target })),
    ]
    const touched = new Map<readonly Bridge[], Target[]>()
    for (const [a, b] of overlappingPairs(items, ({ range }) => range)) {
      const group = a.group ?? b.group
      const target = a.target ?? b.target
      if (group !== undefined && target !== undefined)
        touched
          .set(group, touched.get(group) ?? [])
          .get(group)
          ?.push(target)
    }
    for (const [group, targets] of touched) yield violationOf(group, targets)
  },
})
