// DUP-104: two allocators that know nothing of each other give out addresses from the same space.
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Attachment } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive, podId } from '../model/pod-state.ts'
import { formatRange, intersect, overlappingPairs, rangeSet } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { type ActiveSpace, activeSpaces } from './facts/active-allocators.ts'
import { attachmentsInUse } from './facts/attachment-domains.ts'
import { nameList } from './facts/name-list.ts'

/** Cilium's own addresses lie in node ranges by design where it serves the pods itself. */
const samePlan = (a: ActiveSpace, b: ActiveSpace): boolean => a.system === b.system || [a.system, b.system].sort().join() === 'cilium,host-local'

function defaultViolation(pairs: readonly (readonly [ActiveSpace, ActiveSpace])[]): Violation {
  const spaces = [...new Set(pairs.flat())]
  const names = [...new Set(spaces.map(({ allocator }) => allocator))].sort()
  const shared = rangeSet(pairs.flatMap(([a, b]) => intersect(rangeSet([a.range]), rangeSet([b.range])).ranges)).ranges.map(formatRange)
  const nodes = [...new Set(spaces.flatMap(({ node }) => node ?? []))].sort()
  return {
    message: `${names.join(' and ')} both give out ${nameList(shared)}${nodes.length === 0 ? '' : ` (${nameList(nodes)})`}, and neither knows what the other has given`,
    addresses: [...new Set([...shared, ...spaces.filter(({ node }) => node === undefined).map(({ range }) => formatRange(range))])],
    nodes,
    subject: names,
    evidence: [...new Map(spaces.map(({ origin, fact }) => [fact, { source: origin, fact }])).values()].slice(0, 10),
  }
}

/** One finding for each pair of allocators, with all nodes. */
function* defaultNetwork(inventory: Inventory): Generator<Violation> {
  const pairs = [...overlappingPairs(activeSpaces(inventory), ({ range }) => range)].filter(([a, b]) => !samePlan(a, b))
  const groups = groupBy(pairs, ([a, b]) => [a.allocator, b.allocator].sort().join('\0'))
  for (const group of groups.values()) yield defaultViolation(group)
}

/** host-local on both sides is DUP-103's, one whereabouts for both its own matter. */
const differ = (a: Attachment, b: Attachment): boolean =>
  a.ipam !== b.ipam && a.ipam !== '' && b.ipam !== '' && a.ipam !== 'dhcp' && b.ipam !== 'dhcp'

/** Two definitions on one link whose plugins hand out the same addresses. */
function* oneLink(inventory: Inventory): Generator<Violation> {
  const users = attachmentsInUse(inventory)
  const used = inventory.attachments.filter(({ id, shared, segment }) => shared && segment !== undefined && (users.get(id) ?? []).some(isLive))
  const parts = used.flatMap((attachment) => attachment.ranges.map((range) => ({ attachment, range })))
  const seen = new Set<string>()
  for (const [x, y] of overlappingPairs(parts, ({ range }) => range)) {
    const [a, b] = x.attachment.id < y.attachment.id ? [x.attachment, y.attachment] : [y.attachment, x.attachment]
    if (a === b || a.segment !== b.segment || !differ(a, b) || seen.has(`${a.id}\0${b.id}`)) continue
    seen.add(`${a.id}\0${b.id}`)
    const shared = intersect(rangeSet(a.ranges), rangeSet(b.ranges)).ranges.map(formatRange)
    yield {
      confidence: 'likely',
      cause: 'one-link',
      message: `${a.id} (${a.ipam}) and ${b.id} (${b.ipam}) give out ${nameList(shared)} on one link, ${a.segment}, and neither knows what the other has given`,
      domain: a.domain,
      addresses: shared,
      owners: [a.id, b.id],
      evidence: [a, b].map(({ id, ipam, ranges, origin }) => ({
        source: origin,
        fact: `${id} has ${ipam} with ${nameList(ranges.map(formatRange))}; used by ${nameList((users.get(id) ?? []).map(podId), 3)}`,
      })),
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'allocators that share a range'
  const others = inventory.pools.some(
    ({ system, domain, use }) => domain === 'default' && use === undefined && system !== 'node-cidr' && system !== 'host-local',
  )
  if (!others && inventory.attachments.length < 2) return [{ reason: `${what}: the input shows one allocator at most`, whole: true }]
  if (others && !inventory.nodeStates.some(({ configurationKnown }) => configurationKnown))
    return [{ reason: `${what}: without files of nodes it is not known whether host-local gives out addresses too`, whole: false }]
  return []
}

export const twoAllocatorsOneRange = defineRule({
  id: 'DUP-104',
  name: 'two-allocators-one-range',
  title: 'Two allocators give out one range',
  severity: 'critical',
  revision: 1,
  why: 'Each believes that the space is its own, so the same address goes to two pods, or to a pod and a node’s router, without either seeing a fault.',
  predicate:
    'Space from which two systems give out addresses at this moment overlaps: host-local files that live pods stand behind, pools of Calico, Kube-OVN and others with records that live pods stand behind, router, health and ingress addresses of Cilium beside another CNI. Or two network attachments on one link with different plugins for addresses and overlapping ranges are both in use (likely).',
  guards: [
    'T11: podCIDRs that nobody draws from are no allocator.',
    'Canal: Calico pools that are there for policy while host-local serves the pods have no records of pods.',
    'Files that a replaced CNI left behind: no live pod stands behind them.',
    'Cilium’s own addresses lie in node ranges by design; load-balancer pools are OVL-305’s.',
    'T24: networks on different links are not compared.',
  ],
  playbook: 'R21',
  links: [
    'https://github.com/projectcalico/calico/issues/6161',
    'https://github.com/cozystack/cozystack/issues/3740',
    'https://github.com/cozystack/cozystack/pull/3750',
  ],
  gaps,
  *check(inventory) {
    yield* defaultNetwork(inventory)
    yield* oneLink(inventory)
  },
})
