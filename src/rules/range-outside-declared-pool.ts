// DRF-501: node ranges, and what the network daemons believe, against the cluster CIDR that node ranges are cut from.
import type { Gap, Violation } from '../model/finding.ts'
import type { Block, DeclaredRange } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { cidrCovers, formatCidr } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { cidrTexts } from './facts/canonical-text.ts'
import { ignoresPodCidrs, podRangeStatements } from './facts/cluster-cidr.ts'
import { declaredFacts, wrongFlannelNetworks, wrongKubeProxyRanges } from './facts/daemon-networks.ts'
import { needs } from './facts/gaps.ts'
import { mixedMasks } from './facts/mixed-masks.ts'
import { counted, nameList } from './facts/name-list.ts'
import { poolsOutsideKubeProxyRange } from './facts/pools-and-kube-proxy.ts'

const nodeBlocks = (inventory: Inventory): readonly Block[] => inventory.blocks.filter((block) => block.system === 'node-cidr')

/** A family for which no cluster CIDR is known cannot be judged; the gap says so. */
function blocksOutside(blocks: readonly Block[], allocator: readonly DeclaredRange[]): readonly Block[] {
  const known = new Set(allocator.map((range) => range.cidr.family))
  return blocks.filter((block) => known.has(block.cidr.family) && !allocator.some((range) => cidrCovers(range.cidr, block.cidr)))
}

function outsideViolation(outside: readonly Block[], allocator: readonly DeclaredRange[], unused: boolean): Violation {
  const nodes = [...new Set(outside.map((block) => block.node))].sort()
  const ranges = cidrTexts(outside.map((block) => block.cidr))
  const pools = cidrTexts(allocator.map((range) => range.cidr)).join(', ')
  const but = unused ? 'no pod uses them in this mode, but ' : ''
  return {
    severity: unused ? 'low' : 'critical',
    cause: 'outside-cluster-cidr',
    message: `${counted(nodes.length, 'node holds a range', 'nodes hold ranges')} outside of the cluster CIDR ${pools}: ${nameList(ranges)} on ${nameList(nodes)}; ${but}the controller that hands out node ranges fails at its next start`,
    addresses: ranges,
    nodes,
    evidence: [
      ...declaredFacts(allocator),
      ...outside.slice(0, 5).map((block) => ({ source: block.origin, fact: `${block.node} holds ${formatCidr(block.cidr)}` })),
    ],
  }
}

function* check(inventory: Inventory): Generator<Violation> {
  const statements = podRangeStatements(inventory)
  const unused = ignoresPodCidrs(inventory.mode)
  const blocks = nodeBlocks(inventory)
  const outside = blocksOutside(blocks, statements.allocator)
  if (outside.length > 0) yield outsideViolation(outside, statements.allocator, unused)
  if (!unused) yield* mixedMasks(inventory, blocks, statements.allocator)
  const comparison = { inventory, statements, blocks, outside, unused }
  yield* wrongFlannelNetworks(comparison)
  yield* wrongKubeProxyRanges(comparison)
  yield* poolsOutsideKubeProxyRange(inventory, statements)
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'node ranges against the cluster CIDR'
  const whole = needs(inventory, 'nodes', what)
  if (whole.length > 0) return whole
  const known = new Set(podRangeStatements(inventory).allocator.map((range) => range.cidr.family))
  const unknown = ([4, 6] as const).filter((family) => !known.has(family) && nodeBlocks(inventory).some((block) => block.cidr.family === family))
  if (unknown.length === 0 || ignoresPodCidrs(inventory.mode)) return []
  const families = unknown.map((family) => `IPv${family}`).join(' and ')
  return [
    {
      reason: `${what}: the ${families} cluster CIDR is not known; add the ConfigMap kubeadm-config or the pods of kube-controller-manager`,
      whole: false,
    },
  ]
}

export const rangeOutsideDeclaredPool = defineRule({
  id: 'DRF-501',
  name: 'range-outside-declared-pool',
  title: 'Node ranges and the cluster CIDR disagree',
  severity: 'critical',
  revision: 1,
  why: 'One node range outside of the cluster CIDR is logged once and then stops every controller at its next start; mixed masks lead to two nodes with one range; a daemon with another network routes or masquerades wrongly.',
  predicate:
    'Critical: a node range lies in none of the ranges that node ranges are cut from (flags of kube-controller-manager, else kubeadm-config or the platform’s network object). High: node ranges of two sizes in one pool; flannel’s Network is not in the cluster CIDR, or does not hold a node’s range. Medium: kube-proxy’s clusterCIDR does not hold the cluster CIDR, or an enabled pool of Calico. Low where the mode takes no addresses from podCIDRs, and for a daemon that merely agrees with node ranges reported as outside.',
  guards: [
    'T11: with Calico, Cilium pools and cloud CNIs nobody takes addresses from podCIDRs.',
    'Each declared CIDR may have a mask of its own; Windows nodes and GKE node pools have theirs.',
    'Without a known cluster CIDR the comparison is not evaluated.',
  ],
  playbook: 'R6',
  links: [
    'https://github.com/kubernetes/kubernetes/issues/82773',
    'https://github.com/kubernetes/kubernetes/issues/70957',
    'https://github.com/flannel-io/flannel/issues/1983',
    'https://github.com/projectcalico/calico/issues/4004',
  ],
  gaps,
  check,
})
