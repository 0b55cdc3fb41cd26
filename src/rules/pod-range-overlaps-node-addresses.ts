// OVL-302: a node's own address lies in a pod range.

import { cidrIndex } from '../model/cidr-index.ts'
import type { Gap, Violation } from '../model/finding.ts'
import { groupByEach } from '../model/group-by.ts'
import type { Mode, Node } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { type Address, addressKey, cidrsOf, compareAddresses, formatAddress, formatCidr, rangeOf, rangesOverlap } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { podRanges, type StatedRange } from './facts/cluster-ranges.ts'
import { needs } from './facts/gaps.ts'
import { type IssuedRange, issuedRanges, issuedText, noPodRange, unknownClusterCidr } from './facts/issued-ranges.ts'
import { counted, nameList } from './facts/name-list.ts'

const NODE_NETWORK: Partial<Record<Mode, string>> = {
  'aws-vpc': 'pods take addresses of the VPC subnets that nodes are in, by design',
  'azure-flat': 'pods take addresses of the subnet that nodes are in, by design',
  gke: 'pods take addresses of a secondary range of the node subnet, which the cloud keeps apart',
}

interface Inside {
  readonly node: Node
  readonly address: Address
}

/** A virtual node shows the address of the pod that stands for it. */
const realNodes = (inventory: Inventory): readonly Node[] => inventory.nodes.filter((node) => !node.virtual)

/** InternalIP and ExternalIP are often the same. */
const addressesOfNode = (node: Node): Inside[] =>
  [...new Map(node.addresses.map(({ address }) => [addressKey(address), address])).values()].map((address) => ({ node, address }))

const sorted = (inside: readonly Inside[]): Inside[] =>
  [...inside].sort((a, b) => compareAddresses(a.address, b.address) || (a.node.name < b.node.name ? -1 : 1))

const namesOf = (inside: readonly Inside[]): string[] => [...new Set(inside.map(({ node }) => node.name))].sort()

const addressesOf = (inside: readonly Inside[]): string[] => [...new Set(sorted(inside).map(({ address }) => formatAddress(address)))]

const evidenceOf = (inside: readonly Inside[]) =>
  sorted(inside)
    .slice(0, 10)
    .map(({ node, address }) => ({ source: node.origin, fact: `node ${node.name} has the address ${formatAddress(address)}` }))

function issuedViolation(issued: IssuedRange, inside: readonly Inside[]): Violation {
  const names = namesOf(inside)
  const text = issuedText(issued)
  const others = names.filter((name) => !issued.nodes.includes(name))
  const effect =
    others.length > 0 ? `traffic to ${nameList(others)} goes to ${nameList(issued.nodes)} instead` : 'a pod there can get the address of its node'
  return {
    message: `${counted(names.length, 'node')} (${nameList(names)}) ${names.length === 1 ? 'has its' : 'have their'} own address in ${text}, the pod range of ${nameList(issued.nodes)}: ${effect}`,
    severity: 'critical',
    addresses: [text, ...addressesOf(inside)],
    nodes: names,
    owners: issued.nodes,
    evidence: [{ source: issued.origin, fact: `${text} is issued to ${nameList(issued.nodes)}` }, ...evidenceOf(inside)],
    cause: 'issued',
  }
}

function poolViolation(pool: StatedRange, inside: readonly Inside[], networks: readonly string[]): Violation {
  const names = namesOf(inside)
  const what = [
    ...(names.length > 0 ? [`the address of ${counted(names.length, 'node')} (${nameList(names)})`] : []),
    ...(networks.length > 0 ? [`the node network ${nameList(networks)}`] : []),
  ]
  return {
    message: `pod range ${pool.text} holds ${what.join(' and ')}; once a node gets the part that holds it, that address is cut off`,
    severity: 'high',
    confidence: pool.confidence,
    addresses: [pool.text, ...networks, ...addressesOf(inside)],
    nodes: names,
    evidence: [...pool.evidence, ...evidenceOf(inside)],
    cause: 'declared',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const design = NODE_NETWORK[inventory.mode]
  if (design !== undefined) return [{ reason: `not applicable in mode ${inventory.mode}: ${design}`, whole: true }]
  const missing = needs(inventory, 'nodes', 'node addresses are not known')
  if (missing.length > 0) return missing
  if (noPodRange(inventory)) return [{ reason: 'no pod range is known', whole: true }]
  const silent = realNodes(inventory).filter((node) => node.addresses.length === 0)
  const noAddress: Gap[] =
    silent.length === 0 ? [] : [{ reason: `no InternalIP or ExternalIP is shown by ${nameList(silent.map(({ name }) => name))}`, whole: false }]
  return [...unknownClusterCidr(inventory), ...noAddress]
}

export const podRangeOverlapsNodeAddresses = defineRule({
  id: 'OVL-302',
  name: 'pod-range-overlaps-node-addresses',
  title: 'Pod range overlaps node addresses',
  severity: 'critical',
  revision: 1,
  why: 'Routes for pod ranges win over the node network: a node whose address lies in a range that another node got becomes unreachable from pods and peers, often days later, when that range is first handed out. The API server cannot reach webhooks either.',
  predicate:
    'An InternalIP or ExternalIP of a node lies in a range issued to any node (critical), or only in a range stated for pods (high); so does a declared node network that overlaps one (high). One finding for each range, with all nodes.',
  guards: [
    'T18: off in the modes aws-vpc, azure-flat and gke, where pods share the node network by design.',
    'T11: podCIDRs of nodes count only where pods really draw from them.',
    'flannel host-gw is not exempt: it routes in the same way.',
    'Virtual nodes, and pod ranges that are only guessed from node ranges, are not compared.',
  ],
  playbook: 'R6',
  links: [
    'https://github.com/projectcalico/calico/issues/1401',
    'https://github.com/projectcalico/calico/issues/2720',
    'https://github.com/cilium/cilium/issues/32296',
    'https://github.com/cilium/cilium/pull/20208',
    'https://github.com/kubernetes-sigs/provider-aws-test-infra/pull/576',
  ],
  gaps,
  *check(inventory) {
    const issued = cidrIndex(issuedRanges(inventory), ({ range }) => cidrsOf(range))
    const pools = podRanges(inventory)
    const stated = cidrIndex(pools, ({ range }) => cidrsOf(range))
    const addresses = realNodes(inventory).flatMap(addressesOfNode)
    const inIssued = groupByEach(addresses, ({ address }) => issued.find(address))
    const inPool = groupByEach(addresses, ({ address }) => (issued.find(address).length > 0 ? [] : stated.find(address)))
    for (const [range, inside] of inIssued) yield issuedViolation(range, inside)
    const networks = inventory.declared.filter((range) => range.role === 'nodes' && range.certainty === 'declared')
    for (const pool of pools) {
      const inside = inPool.get(pool) ?? []
      const touching = [...new Set(networks.filter((net) => rangesOverlap(rangeOf(net.cidr), pool.range)).map((net) => formatCidr(net.cidr)))]
      if (inside.length > 0 || touching.length > 0) yield poolViolation(pool, inside, touching)
    }
  },
})
