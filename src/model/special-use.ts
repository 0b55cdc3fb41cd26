// Address space with a meaning of its own, and what it means for pods and Services: the IANA special-purpose registries and networks that CNIs keep for themselves.
import {
  aggregate,
  asCidr,
  type Cidr,
  cidrCovers,
  compareCidrs,
  networkOf,
  parseCidr,
  type Range,
  rangeOf,
  rangeSet,
  rangesOverlap,
  subtract,
} from '../net/index.ts'
import { type Severity, severityRank } from './finding.ts'
import type { Mode } from './inventory.ts'

export interface SpecialUse {
  readonly cidr: Cidr
  /** Stable word for the kind of space. */
  readonly kind: string
  /** What it is, in words for a person. */
  readonly use: string
  readonly severity: Severity
}

const row = (cidr: Cidr | string, kind: string, use: string, severity: Severity): SpecialUse => ({
  cidr: typeof cidr === 'string' ? parseCidr(cidr) : cidr,
  kind,
  use,
  severity,
})

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry; the RFC beside each row is the one that they name. */
const table: readonly SpecialUse[] = [
  row('0.0.0.0/8', 'this-network', '"this network"', 'high'), // RFC 791 section 3.2
  row('100.64.0.0/10', 'shared', 'shared address space, also used by carriers, overlay VPNs and some CNIs', 'info'), // RFC 6598
  row('127.0.0.0/8', 'loopback', 'loopback', 'critical'), // RFC 1122 section 3.2.1.3
  // Holds the metadata address 169.254.169.254 and node-local DNS 169.254.20.10; endpoints are not generated for it (kubernetes #109152).
  row('169.254.0.0/16', 'link-local', 'link-local', 'critical'), // RFC 3927
  row('192.0.0.0/24', 'protocol', 'IETF protocol assignments', 'high'), // RFC 6890
  row('192.0.2.0/24', 'documentation', 'documentation', 'high'), // RFC 5737
  row('192.88.99.0/24', 'relay', 'the former 6to4 relay anycast', 'high'), // RFC 7526
  row('198.18.0.0/15', 'benchmark', 'benchmarking', 'info'), // RFC 2544
  row('198.51.100.0/24', 'documentation', 'documentation', 'high'), // RFC 5737
  row('203.0.113.0/24', 'documentation', 'documentation', 'high'), // RFC 5737
  row('224.0.0.0/4', 'multicast', 'multicast', 'critical'), // RFC 5771
  row('240.0.0.0/4', 'future', 'reserved for future use; hosts, switches and Windows may refuse it', 'high'), // RFC 1112 section 4, kubernetes #110456
  row('255.255.255.255/32', 'broadcast', 'limited broadcast', 'high'), // RFC 919
  row('::/128', 'this-network', 'the unspecified address', 'high'), // RFC 4291 section 2.5.2
  row('::1/128', 'loopback', 'loopback', 'critical'), // RFC 4291 section 2.5.3
  // Built by hand: as text it is an IPv4-mapped network, which the parser refuses.
  row(networkOf({ family: 6, value: 0xffffn << 32n }, 96), 'mapped', 'IPv4-mapped addresses', 'high'), // RFC 4291 section 2.5.5.2
  row('64:ff9b::/96', 'translation', 'IPv4/IPv6 translation (NAT64)', 'high'), // RFC 6052
  row('100::/64', 'discard', 'discard-only', 'high'), // RFC 6666
  row('2001:db8::/32', 'documentation', 'documentation', 'high'), // RFC 3849
  row('2002::/16', 'relay', '6to4', 'high'), // RFC 3056
  row('fc00::/8', 'undefined-ula', 'the undefined half of unique local space; fd00::/8 is the half in use', 'info'), // RFC 4193 section 3.2
  row('fe80::/10', 'link-local', 'link-local', 'critical'), // RFC 4291 section 2.5.6
  row('ff00::/8', 'multicast', 'multicast', 'critical'), // RFC 4291 section 2.7
]

/** RFC 1918 and RFC 4193. 172.16.0.0/12 ends at 172.31.255.255: 172.15 and 172.32 are public (kops #7558). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'].map(parseCidr)

/** Google's own space that GKE gives to Services of clusters with a managed Service range (https://wdenniss.com/gke-network-planning). */
const GKE_SERVICES = parseCidr('34.118.224.0/20')

const known = rangeSet([...table.map((special) => special.cidr), ...PRIVATE].map(rangeOf))

/** Networks that a CNI keeps for itself unless its operator is told otherwise. */
const internal: Partial<Record<Mode, readonly SpecialUse[]>> = {
  'ovn-k': [
    row('100.64.0.0/16', 'cni-internal', 'the join network of OVN-Kubernetes', 'critical'),
    row('100.88.0.0/16', 'cni-internal', 'the transit network of OVN-Kubernetes', 'critical'),
    row('169.254.0.0/17', 'cni-internal', 'the masquerade network of OVN-Kubernetes', 'critical'), // 169.254.169.0/29 before OpenShift 4.17
    row('172.20.0.1/32', 'cni-internal', 'the API address of hosted control planes', 'info'),
    row('fd69::/112', 'cni-internal', 'the masquerade network of OVN-Kubernetes', 'critical'),
    row('fd97::/64', 'cni-internal', 'the transit network of OVN-Kubernetes', 'critical'),
    row('fd98::/64', 'cni-internal', 'the join network of OVN-Kubernetes', 'critical'),
  ],
  'kube-ovn': [row('100.64.0.0/16', 'cni-internal', 'the join network of Kube-OVN', 'critical')],
}

const worstFirst = (a: SpecialUse, b: SpecialUse): number => severityRank(a.severity) - severityRank(b.severity) || compareCidrs(a.cidr, b.cidr)

const touching = (rows: readonly SpecialUse[], range: Range): SpecialUse[] => rows.filter((special) => rangesOverlap(rangeOf(special.cidr), range))

/** Every special space that a range for pods or Services touches, worst first; empty for private space. */
export function specialUses(range: Range, role: 'pods' | 'services'): readonly SpecialUse[] {
  const found = touching(table, range)
  const cidr = asCidr(range)
  const managed = role === 'services' && cidr !== undefined && cidrCovers(GKE_SERVICES, cidr)
  const rest = managed ? undefined : aggregate(subtract(rangeSet([range]), known)).next().value
  if (rest !== undefined) found.push(row(rest, 'public', 'public address space', 'high'))
  return found.sort(worstFirst)
}

/** Networks of the CNI in force that a range touches, worst first. */
export const cniInternalUses = (range: Range, mode: Mode): readonly SpecialUse[] => touching(internal[mode] ?? [], range).sort(worstFirst)
