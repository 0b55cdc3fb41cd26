// OVL-306: pods or Services in address space that has a meaning of its own.
import { type Evidence, severityRank, type Violation } from '../model/finding.ts'
import { groupByEach } from '../model/group-by.ts'
import type { Mode } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { cniInternalUses, type SpecialUse, specialUses } from '../model/special-use.ts'
import { type Cidr, compareCidrs, formatCidr, networkOf, type Range, rangeCovers, rangeOf } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { podRanges, serviceRanges } from './facts/cluster-ranges.ts'
import { issuedEvidence, issuedRanges, issuedText, unknownRanges } from './facts/issued-ranges.ts'
import { counted, nameList } from './facts/name-list.ts'

/** What makes public space the cluster's own. */
interface OwnSpace {
  /** Networks declared to lead nowhere from here. */
  readonly unreached: readonly Range[]
  /** IPv6 sites (at most a /48: RFC 6177) that nodes have addresses of. */
  readonly sites: ReadonlySet<string>
}

const siteOf = (value: bigint): Cidr => networkOf({ family: 6, value }, 48)

const ownSpace = (inventory: Inventory): OwnSpace => ({
  unreached: inventory.outside.filter(({ kind, reachable }) => kind === 'external' && !reachable).map(({ cidr }) => rangeOf(cidr)),
  sites: new Set(
    inventory.nodes.flatMap((node) => node.addresses.flatMap(({ address }) => (address.family === 6 ? [formatCidr(siteOf(address.value))] : []))),
  ),
})

function isOwn(range: Range, own: OwnSpace): boolean {
  if (own.unreached.some((network) => rangeCovers(network, range))) return true
  const site = siteOf(range.first)
  return range.family === 6 && rangeCovers(rangeOf(site), range) && own.sites.has(formatCidr(site))
}

/** Worst first; at equal severity the CNI's own network says more than the space that it lies in. */
function usesOf(range: Range, role: 'pods' | 'services', mode: Mode, own: OwnSpace): readonly SpecialUse[] {
  const uses = [...cniInternalUses(range, mode), ...specialUses(range, role)].sort(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      Number(b.kind === 'cni-internal') - Number(a.kind === 'cni-internal') ||
      compareCidrs(a.cidr, b.cidr),
  )
  return uses.some(({ kind }) => kind === 'public') && isOwn(range, own) ? uses.filter(({ kind }) => kind !== 'public') : uses
}

const ADVICE: Readonly<Record<string, string>> = {
  'cni-internal': ': move one of the two, unless the operator was already told to use another internal network',
  shared: ': check carrier NAT and overlay VPNs',
  benchmark: ': check that no equipment treats it in a special way',
  public: ': hosts on the Internet in that range cannot be reached from the cluster, unless it is your own',
}

function violationOf(
  subject: string,
  uses: readonly SpecialUse[],
  rest: Pick<Violation, 'addresses' | 'nodes' | 'evidence' | 'confidence'>,
): Violation {
  const worst = uses[0] as SpecialUse
  const unsure = worst.kind === 'public' ? (worst.cidr.family === 4 ? 'likely' : 'possible') : worst.kind === 'cni-internal' ? 'likely' : undefined
  return {
    ...rest,
    message: `${subject} ${formatCidr(worst.cidr)}, ${worst.use}${ADVICE[worst.kind] ?? ''}`,
    severity: worst.severity,
    confidence: unsure ?? rest.confidence ?? 'certain',
    cause: worst.kind,
    evidence: [
      ...(rest.evidence ?? []),
      ...uses.map((use): Evidence => ({ source: 'special-use table', fact: `${formatCidr(use.cidr)} is ${use.use}` })),
    ],
  }
}

export const reservedOrCniInternalRange = defineRule({
  id: 'OVL-306',
  name: 'reserved-or-cni-internal-range',
  title: 'Range in reserved or CNI-internal space',
  severity: 'critical',
  revision: 1,
  why: 'Hosts treat loopback, link-local and multicast addresses in their own way: link-local pods, for one, never become endpoints. A CNI that uses a network for itself breaks when pods or Services lie in it, and a public range hides a part of the Internet.',
  predicate:
    'A range stated for pods or Services, or a range issued to a node, overlaps special address space. Critical: networks of the CNI itself, loopback, link-local, multicast. High: 240.0.0.0/4, documentation, translation and other assigned space, public space that is not known to be your own. Info: 100.64.0.0/10, 198.18.0.0/15, fc00::/8. One finding for each range with the worst of what it touches; issued ranges outside a reported range are taken together.',
  guards: [
    'CNI-internal networks by detected mode only, and no more than likely: the operator may have been told to use another.',
    'Public space is silent where it is declared as a network that is not reached, where nodes have addresses of the same IPv6 /48, and for the Service range that GKE gives out.',
    '172.16.0.0/12 ends at 172.31.255.255; 10.0.0.0/8, 192.168.0.0/16 and fd00::/8 are ordinary.',
    'T11: podCIDRs of nodes count only where pods really draw from them.',
  ],
  playbook: 'R6',
  links: [
    'https://github.com/ovn-kubernetes/ovn-kubernetes/issues/1802',
    'https://github.com/ovn-kubernetes/ovn-kubernetes/issues/1132',
    'https://github.com/kubernetes/kubernetes/issues/109152',
    'https://github.com/kubernetes/kubernetes/issues/110456',
    'https://github.com/kubernetes/kops/issues/7558',
  ],
  gaps: unknownRanges,
  *check(inventory) {
    const own = ownSpace(inventory)
    const pods = podRanges(inventory)
    for (const [role, title, ranges] of [
      ['pods', 'pod range', pods],
      ['services', 'Service range', serviceRanges(inventory)],
    ] as const)
      for (const { range, text, evidence, confidence } of ranges) {
        const uses = usesOf(range, role, inventory.mode, own)
        if (uses.length > 0) yield violationOf(`${title} ${text} overlaps`, uses, { addresses: [text], evidence, confidence })
      }
    const stray = issuedRanges(inventory)
      .filter(({ range }) => !pods.some((pool) => rangeCovers(pool.range, range)))
      .map((issued) => ({ ...issued, uses: usesOf(issued.range, 'pods', inventory.mode, own) }))
    // A large cluster in 100.64.0.0/10 is one finding, not one for each node.
    for (const group of groupByEach(stray, ({ uses: [worst] }) =>
      worst === undefined ? [] : [worst.kind === 'public' ? 'public' : formatCidr(worst.cidr)],
    ).values()) {
      const texts = group.map(issuedText)
      const nodes = [...new Set(group.flatMap((issued) => issued.nodes))].sort()
      const subject = `${counted(group.length, 'node range')} (${nameList(texts)}) overlap${group.length === 1 ? 's' : ''}`
      const evidence = group.slice(0, 10).map(issuedEvidence)
      yield violationOf(subject, group[0]?.uses ?? [], { addresses: texts, nodes, evidence })
    }
  },
})
