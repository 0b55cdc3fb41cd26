// CFG-602: ranges in configuration that cannot work, or not as written.
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeNetwork } from '../model/node-state.ts'
import { formatCidr, formatRange } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { canonicalText, cidrTexts } from './facts/canonical-text.ts'
import { nameList } from './facts/name-list.ts'
import { needsConfiguration } from './facts/node-configuration.ts'

function* wrongRanges(inventory: Inventory): Generator<Violation> {
  for (const problem of inventory.problems) {
    if (problem.kind !== 'wrong-range') continue
    const addresses = (problem.addresses ?? []).flatMap((text) => canonicalText(text) ?? [])
    yield {
      cause: 'wrong-range',
      message: problem.message,
      addresses: [...new Set(addresses)],
      nodes: problem.node === undefined ? [] : [problem.node],
      subject: [problem.subject],
      evidence: [{ source: problem.origin, fact: problem.message }],
    }
  }
}

/** Inverted ranges cannot be written as one; their ends can. */
const rangesText = (network: NodeNetwork): string =>
  network.ranges.map(({ subnet, range }) => (range.first > range.last ? formatCidr(subnet) : formatRange(range))).join(', ')

interface SharedDirectory {
  readonly node: string
  readonly path: string
  readonly networks: readonly NodeNetwork[]
}

/** Two configurations of one name: each frees and blocks what the other gave out. */
function sharedDirectories(inventory: Inventory): SharedDirectory[] {
  return inventory.nodeStates.flatMap((state) => {
    const own = state.networks.filter((network) => network.ipam === 'host-local' && !network.rangesFromNode)
    return [...groupBy(own, (network) => `${network.dataDir}/${network.name}`)]
      .filter(([, networks]) => new Set(networks.map(rangesText)).size > 1)
      .map(([path, networks]) => ({ node: state.node, path, networks }))
  })
}

function* equalNames(inventory: Inventory): Generator<Violation> {
  const alike = groupBy(sharedDirectories(inventory), ({ path, networks }) => [path, ...networks.map((n) => `${n.file} ${rangesText(n)}`)].join('\0'))
  for (const group of alike.values()) {
    const [first] = group
    if (first === undefined) continue
    const nodes = [...new Set(group.map(({ node }) => node))].sort()
    yield {
      cause: 'one-directory-two-ranges',
      message: `${first.networks.length} configurations named ${first.networks[0]?.name} on ${nameList(nodes)} keep their addresses in one directory ${first.path} with different ranges`,
      addresses: cidrTexts(first.networks.flatMap((network) => network.ranges.map(({ subnet }) => subnet))),
      nodes,
      subject: [first.path],
      evidence: first.networks.map((network) => ({ source: network.file, fact: `network ${network.name} has ${rangesText(network)}` })),
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const readable = inventory.problems.some((problem) => problem.kind === 'wrong-range')
  return needsConfiguration(inventory, 'ranges in CNI configuration').map((gap) => (readable ? { ...gap, whole: false } : gap))
}

export const rangeLint = defineRule({
  id: 'CFG-602',
  name: 'range-lint',
  title: 'A configured range cannot work',
  severity: 'high',
  revision: 1,
  why: 'The plugin refuses such a range at every pod start, or hands out addresses that were never meant; a DEL with a configuration that no longer validates frees nothing.',
  predicate:
    'In a CNI configuration: host bits set, start after end, start or end outside of the subnet, a prefix longer than /30 or /126, range sets that overlap, a gateway that is the only address. Or two configurations of one name on a node keep different ranges in one directory. One finding for each.',
  guards: [
    'T17: a range that holds its network or broadcast address is wrong for host-local style ranges only.',
    '/31 and /32 are legal for point-to-point links and load-balancer pools.',
    'The same network read twice (by a delegate) with the same ranges is one.',
  ],
  playbook: 'R17',
  links: [
    'https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/allocator/range.go',
    'https://github.com/metal3-io/ip-address-manager/issues/1091',
    'https://github.com/k8snetworkplumbingwg/multus-cni/issues/144',
  ],
  gaps,
  *check(inventory) {
    yield* wrongRanges(inventory)
    yield* equalNames(inventory)
  },
})
