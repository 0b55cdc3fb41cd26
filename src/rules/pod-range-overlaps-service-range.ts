// OVL-301: one address can be a pod and a Service at once.
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { rangeCovers, rangesOverlap } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { guessedServiceRanges, podRanges, type StatedRange, serviceRanges } from './facts/cluster-ranges.ts'
import { needs } from './facts/gaps.ts'
import { type IssuedRange, issuedEvidence, issuedRanges, issuedText, noPodRange, unknownClusterCidr } from './facts/issued-ranges.ts'
import { counted, nameList } from './facts/name-list.ts'

const allServiceRanges = (inventory: Inventory): readonly StatedRange[] => [...serviceRanges(inventory), ...guessedServiceRanges(inventory)]

const nodesOf = (issued: readonly IssuedRange[]): string[] => [...new Set(issued.flatMap(({ nodes }) => nodes))].sort()

/** Enough to see the pattern; the addresses of the finding name all of them where they are its subject. */
const evidenceOf = (issued: readonly IssuedRange[]): Evidence[] => issued.slice(0, 10).map(issuedEvidence)

function pairViolation(pods: StatedRange, services: StatedRange, issued: readonly IssuedRange[], skipped: boolean): Violation {
  const outcome =
    issued.length > 0
      ? `${counted(issued.length, 'node range')} in it already ${issued.length === 1 ? 'does' : 'do'} (${nameList(nodesOf(issued))})`
      : skipped
        ? 'the node range controller keeps its own Service range out when it knows it, so no node has such a range yet'
        : 'nothing keeps the allocator from giving these addresses to pods'
  return {
    message: `pod range ${pods.text} overlaps Service range ${services.text}; ${outcome}`,
    severity: skipped && issued.length === 0 ? 'medium' : 'critical',
    confidence: services.confidence === 'certain' ? pods.confidence : services.confidence,
    addresses: [pods.text, services.text],
    nodes: nodesOf(issued),
    evidence: [...pods.evidence, ...services.evidence, ...evidenceOf(issued)],
    cause: issued.length > 0 ? 'issued' : 'declared',
  }
}

function strayViolation(issued: readonly IssuedRange[], services: StatedRange): Violation {
  const nodes = nodesOf(issued)
  const texts = issued.map(issuedText)
  return {
    message: `${counted(issued.length, 'node range')} (${nameList(texts)}) of ${nameList(nodes)} overlap${issued.length === 1 ? 's' : ''} Service range ${services.text}: a pod can get the address of a Service`,
    severity: 'critical',
    confidence: services.confidence,
    addresses: [...texts, services.text],
    nodes,
    evidence: [...services.evidence, ...evidenceOf(issued)],
    cause: 'issued',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  if (allServiceRanges(inventory).length === 0) {
    const missing = needs(inventory, 'services', 'the service range is not known')
    return missing.length > 0
      ? missing
      : [{ reason: 'the service range is not known: no ServiceCIDR, no flag, and no Service has a ClusterIP', whole: true }]
  }
  if (noPodRange(inventory)) return [{ reason: 'no pod range is known', whole: true }]
  const guesses = guessedServiceRanges(inventory).map(
    ({ text, range }): Gap => ({
      reason: `the service range is not known (IPv${range.family}): ${text}, the smallest network around all ClusterIPs, stood for it`,
      whole: false,
    }),
  )
  return [...unknownClusterCidr(inventory), ...guesses]
}

export const podRangeOverlapsServiceRange = defineRule({
  id: 'OVL-301',
  name: 'pod-range-overlaps-service-range',
  title: 'Pod range overlaps Service range',
  severity: 'critical',
  revision: 1,
  why: 'A pod that gets the address of a Service is unreachable, and so is the Service: kube-proxy rewrites the traffic before it is routed. A DNS pod has been seen with the address of the DNS Service itself.',
  predicate:
    'A range stated for pods, or a range issued to a node, shares an address with a Service range. Critical; medium when only the node range controller cuts the range (it skips Service ranges that it knows) and no issued range overlaps. One finding for each pair; issued ranges inside a reported pod range are its evidence.',
  guards: [
    'T15: with node ranges and host-local the controller leaves out the Service range that it knows, so the overlap alone is medium; other allocators do not skip it.',
    'T11: podCIDRs of nodes count only where pods really draw from them.',
    'Without a stated Service range the smallest network around all ClusterIPs stands for it, and the finding is never more than possible.',
    'A pod range that is only guessed from node ranges is not compared; a range inside another is reported with the wider one.',
  ],
  playbook: 'R6',
  links: [
    'https://github.com/kubernetes/dns/issues/273',
    'https://github.com/cilium/cilium/pull/31504',
    'https://github.com/coredns/coredns/issues/3704',
    'https://github.com/kubernetes/kubeadm/issues/3312',
    'https://github.com/kubernetes/kops/issues/16340',
  ],
  gaps,
  *check(inventory) {
    const pods = podRanges(inventory)
    const issued = issuedRanges(inventory)
    const skipped = inventory.mode === 'nodeipam+host-local'
    for (const services of allServiceRanges(inventory)) {
      const touching = issued.filter(({ range }) => rangesOverlap(range, services.range))
      const pools = pods.filter(({ range }) => rangesOverlap(range, services.range))
      for (const pool of pools) {
        const inside = touching.filter(({ range }) => rangeCovers(pool.range, range))
        yield pairViolation(pool, services, inside, skipped)
      }
      const stray = touching.filter(({ range }) => !pools.some((pool) => rangeCovers(pool.range, range)))
      if (stray.length > 0) yield strayViolation(stray, services)
    }
  },
})
