// CAP-401: the cluster CIDR has no range left for another node.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import type { ClusterEvent, Node } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { defineRule } from './define-rule.ts'
import { needs } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'
import { type SlotCount, slotCounts } from './facts/slot-counts.ts'

/** A node that has just registered gets its range within seconds; a controller under load may take minutes (milliseconds). */
const FRESH = 5 * 60_000

function nodesWithoutRange(inventory: Inventory): readonly Node[] {
  return inventory.nodes.filter(
    (node) =>
      node.podCidrs.length === 0 &&
      !node.virtual &&
      node.deletedAt === undefined &&
      (node.createdAt === undefined || inventory.observedAt - node.createdAt > FRESH),
  )
}

/** Events of nodes that still lack a range, one for each; the others are history. */
function refusals(inventory: Inventory, lacking: readonly Node[]): readonly ClusterEvent[] {
  const names = new Set(lacking.map(({ name }) => name))
  const events = inventory.events.filter((event) => event.kind === 'no-node-range' && names.has(event.subject))
  return [...new Map(events.map((event) => [event.subject, event])).values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
}

const slotsOf = (counts: readonly SlotCount[]): string =>
  counts.map(({ used, free, texts }) => `${used} of ${used + free} node ranges of ${nameList(texts)}`).join(', ')

const poolEvidence = (counts: readonly SlotCount[]): Evidence[] =>
  counts.flatMap(({ pools, used, free }) =>
    pools.map((pool) => ({ source: pool.origin, fact: `node ranges are /${pool.blockPrefix}; ${used} of ${used + free} are given out` })),
  )

const eventEvidence = (events: readonly ClusterEvent[]): Evidence[] =>
  events.slice(0, 10).map((event) => ({ source: event.origin, fact: `event CIDRNotAvailable for node ${event.subject}` }))

const textsOf = (counts: readonly SlotCount[]): string[] => counts.flatMap(({ texts }) => texts)

function lackingViolation(inventory: Inventory, lacking: readonly Node[], events: readonly ClusterEvent[]): Violation {
  const names = lacking.map(({ name }) => name)
  const subject = `${nameList(names)} ${names.length === 1 ? 'has' : 'have'} no pod range`
  const nodeEvidence = lacking.slice(0, 10).map((node) => ({ source: node.origin, fact: `node ${node.name} has no spec.podCIDRs` }))
  const common = (counts: readonly SlotCount[]) => ({
    nodes: names,
    addresses: textsOf(counts),
    evidence: [...poolEvidence(counts), ...nodeEvidence, ...eventEvidence(events)],
  })
  const declared = slotCounts(inventory, 'declared')
  const known = declared.length > 0 ? declared : slotCounts(inventory, 'inferred')
  const full = known.filter(({ free }) => free === 0n)
  const refused = declared.length === 0 && events.length > 0
  if (full.length > 0 || refused) {
    const why = full.length > 0 ? `${slotsOf(full)} are given out` : 'the controller says that none is left'
    const confidence = declared.length > 0 || refused ? 'certain' : 'likely'
    return { ...common(full.length > 0 ? full : known), message: `${subject}: ${why}`, severity: 'critical', confidence, cause: 'exhausted' }
  }
  if (declared.length === 0) {
    const message = `${subject}, while other nodes have one; how many are left is not known`
    return { ...common([]), message, severity: 'high', confidence: 'likely', cause: 'no-range', steps: CONTROLLER_STEPS }
  }
  const message = `${subject}, although only ${slotsOf(declared)} are given out: the controller is down or counts wrong`
  return { ...common(declared), message, severity: 'high', cause: 'bookkeeping', steps: CONTROLLER_STEPS }
}

const CONTROLLER_STEPS = [
  'Check that kube-controller-manager runs with --allocate-node-cidrs, and read its log for the node.',
  'Restart or upgrade it: versions with the fault of kubernetes #96416 count ranges twice.',
]

function noiseViolation(inventory: Inventory, events: readonly ClusterEvent[]): Violation {
  const names = events.map(({ subject }) => subject)
  return {
    message: `the node range controller has no range for ${nameList(names)}, and in mode ${inventory.mode} nobody needs it: the events are noise`,
    severity: 'low',
    nodes: names,
    evidence: eventEvidence(events),
    cause: 'noise',
    steps: ['Start kube-controller-manager with --allocate-node-cidrs=false; the CNI hands out the ranges itself.'],
  }
}

/** A cluster CIDR with a single range is complete on the only node that there is. */
const isSingleNode = (inventory: Inventory, { used, free }: SlotCount): boolean => used + free <= 1n && inventory.nodes.length <= 1

function nearlyFull(count: SlotCount): Violation {
  const rest = count.free === 0n ? 'another node cannot get one' : `${counted(count.free, 'more node')} can get one`
  return {
    message: `${slotsOf([count])} are given out; ${rest}`,
    severity: 'medium',
    addresses: count.texts,
    evidence: poolEvidence([count]),
    cause: 'nearly-full',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const missing = needs(inventory, 'nodes', 'node ranges are not known')
  if (missing.length > 0) return missing
  if (!usesNodeRanges(inventory.mode)) {
    if (refusals(inventory, nodesWithoutRange(inventory)).length > 0) return []
    const reason =
      inventory.mode === 'unknown'
        ? 'it is not known who hands out pod addresses'
        : `mode ${inventory.mode} does not take pod addresses from node ranges`
    return [{ reason, whole: true }]
  }
  const known = new Set(slotCounts(inventory, 'declared').map(({ family }) => family))
  const issued = new Set(inventory.blocks.filter((block) => block.system === 'node-cidr').map((block) => block.cidr.family))
  const unknown = [...issued].filter((family) => !known.has(family)).sort()
  if (unknown.length === 0) return []
  const names = unknown.map((family) => `IPv${family}`).join(', ')
  return [{ reason: `the cluster CIDR is not known (${names}): how many node ranges are left cannot be told`, whole: false }]
}

export const nodeSlots = defineRule({
  id: 'CAP-401',
  name: 'node-slots',
  title: 'Cluster CIDR runs out of node ranges',
  severity: 'critical',
  revision: 1,
  why: 'Every node takes one range of the cluster CIDR. When none is left the next node joins, becomes Ready in part, and never runs a pod: upgrades with surge nodes stop half way. The event that says so is of type Normal and gone after an hour.',
  predicate:
    'A node older than 5 minutes has no range although the mode needs one: critical when no range is left (computed from the declared cluster CIDR, or from a guess around the node ranges when the guess is full or CIDRNotAvailable events confirm it); high when ranges are left, or when it cannot be told. Medium when 80 % of the ranges of a declared cluster CIDR are given out. Ranges that touch the Service range are not counted.',
  guards: [
    'T12: where the CNI hands out ranges itself, CIDRNotAvailable events are noise and low.',
    'T15: ranges that touch the Service range are skipped by the controller, and are not free.',
    'T27: a cluster CIDR with one range for its only node is complete, not full.',
    'Fresh, leaving and virtual nodes do not lack a range; used means distinct ranges, not nodes; every pool counts with its own mask.',
    'A guessed cluster CIDR is never the base of the 80 % finding.',
  ],
  playbook: 'R6',
  links: [
    'https://github.com/kubernetes/kubernetes/issues/85866',
    'https://github.com/cloudnativelabs/kube-router/issues/320',
    'https://github.com/kubernetes/kubernetes/issues/96416',
    'https://github.com/projectcalico/calico/issues/7722',
    'https://github.com/aws/eks-anywhere/issues/5215',
  ],
  gaps,
  *check(inventory) {
    const lacking = nodesWithoutRange(inventory)
    const events = refusals(inventory, lacking)
    if (!usesNodeRanges(inventory.mode)) {
      if (events.length > 0) yield noiseViolation(inventory, events)
      return
    }
    // Without one node that has a range, ranges are written by hand into the nodes' configuration.
    const reported = lacking.length > 0 && (events.length > 0 || inventory.nodes.some((node) => node.podCidrs.length > 0))
    if (reported) yield lackingViolation(inventory, lacking, events)
    for (const count of slotCounts(inventory, 'declared')) {
      if (isSingleNode(inventory, count) || (reported && count.free === 0n)) continue
      if (count.used * 100n >= (count.used + count.free) * 80n && count.used > 0n) yield nearlyFull(count)
    }
  },
})
