// DRF-502: in a dual-stack cluster something has one family only, or the two in another order.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Node, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive, podId, runningSince } from '../model/pod-state.ts'
import { type Family, formatAddress, formatCidr } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { diskDrifts } from './facts/disk-drift.ts'
import { bothFamilies, dualStackFacts, rangedNodes } from './facts/dual-stack.ts'
import { nodesWithWrongFirst } from './facts/first-configuration.ts'
import { needs } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'
import { sharedRangesByNode } from './facts/shared-fixed-ranges.ts'

const FAMILIES: readonly Family[] = [4, 6]

const lacks = (items: readonly { readonly family: Family }[], family: Family): boolean => !items.some((item) => item.family === family)

function missing(nodes: readonly Node[], family: Family, thing: 'range' | 'InternalIP', facts: readonly Evidence[]): Violation {
  const names = nodes.map((node) => node.name).sort()
  return {
    cause: `no-ipv${family}-${thing.toLowerCase()}`,
    message: `${counted(names.length, 'node has', 'nodes have')} no IPv${family} ${thing} in a dual-stack cluster: ${nameList(names)}`,
    nodes: names,
    evidence: facts,
  }
}

const internal = (node: Node) => node.addresses.filter((address) => address.type === 'InternalIP').map(({ address }) => address)

function* nodesWithoutFamily(inventory: Inventory, facts: readonly Evidence[]): Generator<Violation> {
  const ranged = usesNodeRanges(inventory.mode) ? rangedNodes(inventory) : []
  const addressed = inventory.nodes.filter((node) => !node.virtual && node.deletedAt === undefined && internal(node).length > 0)
  for (const family of FAMILIES) {
    const rangeless = ranged.filter((node) => lacks(node.podCidrs, family))
    if (rangeless.length > 0) yield missing(rangeless, family, 'range', facts)
    const without = addressed.filter((node) => lacks(internal(node), family))
    if (without.length > 0 && without.length * 2 < addressed.length) yield missing(without, family, 'InternalIP', facts)
  }
}

/** The first family of podCIDRs is the one that pods are known by. */
function* otherOrder(inventory: Inventory, facts: readonly Evidence[]): Generator<Violation> {
  if (!usesNodeRanges(inventory.mode)) return
  const dual = rangedNodes(inventory).filter((node) => bothFamilies(node.podCidrs))
  const byFirst = groupBy(dual, (node) => node.podCidrs[0]?.family ?? 4)
  const [v4, v6] = [byFirst.get(4) ?? [], byFirst.get(6) ?? []]
  const odd = v4.length < v6.length ? v4 : v6
  const first = odd[0]
  if (first === undefined) return
  const usual = odd === v4 ? 6 : 4
  const names = odd.map((node) => node.name).sort()
  yield {
    cause: 'other-order',
    message: `${counted(names.length, 'node has its ranges', 'nodes have their ranges')} in the other order than the rest, which has IPv${usual} first: ${nameList(names)}`,
    addresses: odd.flatMap((node) => node.podCidrs.map(formatCidr)),
    nodes: names,
    evidence: [...facts, { source: first.origin, fact: `Node ${first.name} has podCIDRs ${first.podCidrs.map(formatCidr).join(', ')}` }],
  }
}

function lackingPods(pods: readonly Pod[], inventory: Inventory, options: RuleOptions): Pod[] {
  return pods.filter(
    (pod) =>
      isLive(pod) &&
      pod.addresses.length > 0 &&
      !bothFamilies(pod.addresses) &&
      (runningSince(pod) ?? inventory.observedAt) < inventory.observedAt - options.grace,
  )
}

function* podsWithoutFamily(inventory: Inventory, facts: readonly Evidence[], options: RuleOptions): Generator<Violation> {
  if (!usesNodeRanges(inventory.mode)) return
  const causes: readonly (readonly [string, { has(node: string): boolean }])[] = [
    ['DUP-103', sharedRangesByNode(inventory)],
    ['CFG-601', nodesWithWrongFirst(inventory)],
    ['DRF-503', new Set([...diskDrifts(inventory)].flatMap(([name, drift]) => (drift.ranges.length + drift.flannel.length > 0 ? [name] : [])))],
  ]
  for (const [name, pods] of inventory.podsOfNode) {
    const node = inventory.nodeOf.get(name)
    if (node === undefined || !bothFamilies(node.podCidrs)) continue
    const lacking = lackingPods(pods, inventory, options)
    if (lacking.length === 0) continue
    const cause = causes.find(([, nodes]) => nodes.has(name))?.[0]
    const owners = lacking.map(podId).sort()
    yield {
      severity: cause === undefined ? 'high' : 'low',
      cause: 'pod-lacks-family',
      message: `${counted(owners.length, 'live pod')} on ${name} ${owners.length === 1 ? 'has' : 'have'} addresses of one family only, while the node has ranges of both: ${nameList(owners)}${cause === undefined ? '' : ` (follows from ${cause})`}`,
      addresses: lacking.flatMap((pod) => pod.addresses.map(formatAddress)),
      nodes: [name],
      owners,
      evidence: [...facts, { source: node.origin, fact: `Node ${name} has podCIDRs ${node.podCidrs.map(formatCidr).join(', ')}` }],
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'address families'
  const whole = needs(inventory, 'nodes', what)
  if (whole.length > 0) return whole
  const pods = needs(inventory, 'pods', `${what} of pods`).map((gap) => ({ ...gap, whole: false }))
  if (usesNodeRanges(inventory.mode) || dualStackFacts(inventory).length === 0) return pods
  return [...pods, { reason: `${what} of ranges and pods: mode ${inventory.mode} takes no addresses from podCIDRs`, whole: false }]
}

export const familyMismatch = defineRule({
  id: 'DRF-502',
  name: 'family-mismatch',
  title: 'One family is missing in a dual-stack cluster',
  severity: 'high',
  revision: 1,
  why: 'Services of the missing family have no endpoints there, and a node whose families or their order differ gives its pods another primary address than the rest.',
  predicate:
    'Dual stack is expected when the ranges of pods or of Services are declared in two families, or most nodes have ranges of both. Then: a node lacks a range of one family (modes that use node ranges), or an InternalIP that most nodes have; the order of families differs between nodes; a live pod older than the grace has one family while its node has ranges of both. One finding for each missing thing with all its nodes, one for the pods of each node. Low for pods whose node has the wrong configuration (DUP-103, CFG-601, DRF-503).',
  guards: [
    'Silent in single-stack clusters, also where some nodes have an address of the other family.',
    'Host-network pods have the node’s addresses.',
    'v6-only Services say nothing about the cluster.',
    'T11: ranges that the mode does not use are not compared. Nodes without any range are CAP-401’s; nodes being deleted are left out.',
  ],
  playbook: 'R6',
  links: [
    'https://github.com/k0sproject/k0s/issues/7186',
    'https://github.com/kubernetes/kubernetes/issues/93446',
    'https://github.com/flannel-io/flannel/issues/1688',
  ],
  gaps,
  *check(inventory, options) {
    const facts = dualStackFacts(inventory)
    if (facts.length === 0) return
    yield* nodesWithoutFamily(inventory, facts)
    yield* otherOrder(inventory, facts)
    yield* podsWithoutFamily(inventory, facts, options)
  },
})
