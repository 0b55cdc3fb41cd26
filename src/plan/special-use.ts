// Which parts of the address space may be used for pods and Services (IANA special-purpose registries), and who else is likely to be there.
import type { Severity } from '../model/finding.ts'
import { type Cidr, cidrCovers, parseCidr } from '../net/index.ts'

export interface SpecialRange {
  readonly cidr: Cidr
  /** undefined: made for this. */
  readonly severity: Severity | undefined
  readonly what: string
}

const row = (text: string, severity: Severity | undefined, what: string): SpecialRange => ({ cidr: parseCidr(text), severity, what })

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry */
export const specialRanges: readonly SpecialRange[] = [
  row('10.0.0.0/8', undefined, 'private (RFC 1918)'),
  row('172.16.0.0/12', undefined, 'private (RFC 1918)'),
  row('192.168.0.0/16', undefined, 'private (RFC 1918)'),
  row('fd00::/8', undefined, 'unique local (RFC 4193)'),
  row('0.0.0.0/8', 'high', '"this network" (RFC 791), no host may have it'),
  row('127.0.0.0/8', 'high', 'loopback'),
  row('169.254.0.0/16', 'high', 'link-local; Kubernetes makes no endpoints for it, and cloud metadata lives there'),
  row('192.0.0.0/24', 'high', 'IETF protocol assignments'),
  row('192.0.2.0/24', 'high', 'documentation (TEST-NET-1)'),
  row('192.88.99.0/24', 'high', 'the old 6to4 relay anycast'),
  row('198.51.100.0/24', 'high', 'documentation (TEST-NET-2)'),
  row('203.0.113.0/24', 'high', 'documentation (TEST-NET-3)'),
  row('224.0.0.0/4', 'high', 'multicast'),
  row('255.255.255.255/32', 'high', 'the broadcast address'),
  row('240.0.0.0/4', 'high', 'reserved (class E): Kubernetes takes it, many switches, firewalls and Windows do not'),
  row('100.64.0.0/10', 'info', 'shared address space (RFC 6598): carriers, overlay VPNs and some CNIs (OVN, Kube-OVN join networks) use it'),
  row('198.18.0.0/15', 'info', 'for benchmarks (RFC 2544): test gear may use it'),
  row('::/128', 'high', 'the unspecified address'),
  row('::1/128', 'high', 'loopback'),
  // Not parseCidr: it refuses this text, because people write it when they mean an IPv4 network.
  { cidr: { family: 6, base: 0xffffn << 32n, prefix: 96 }, severity: 'high', what: 'IPv4-mapped' },
  row('64:ff9b::/96', 'high', 'NAT64'),
  row('100::/64', 'high', 'discard-only'),
  row('2001:db8::/32', 'high', 'documentation'),
  row('2002::/16', 'high', '6to4'),
  row('fe80::/10', 'high', 'link-local'),
  row('ff00::/8', 'high', 'multicast'),
  row('fc00::/8', 'info', 'the half of the unique local space that nobody has defined yet; fd00::/8 is the usual half'),
]

/** The private space that a range lies in, if it does. */
export const homeOf = (cidr: Cidr): Cidr | undefined =>
  specialRanges.find((special) => special.severity === undefined && cidrCovers(special.cidr, cidr))?.cidr

/** Prefix length of the largest private space, in both families: 10.0.0.0/8 and fd00::/8. */
export const largestPrivate = 8

/** Networks that many others use, so that an overlap shows up when somebody is connected later. */
export const popularRanges: readonly { readonly cidr: Cidr; readonly who: string }[] = [
  { cidr: parseCidr('192.168.0.0/24'), who: 'home routers, and so VPN clients at home' },
  { cidr: parseCidr('192.168.1.0/24'), who: 'home routers, and so VPN clients at home' },
  { cidr: parseCidr('10.0.0.0/16'), who: 'the first network of many clouds and companies' },
  { cidr: parseCidr('172.31.0.0/16'), who: 'the default VPC of AWS' },
]

/** Bridges that container engines make on a host unless they are told otherwise. */
export const hostBridges: readonly { readonly cidr: Cidr; readonly who: string }[] = [
  { cidr: parseCidr('172.17.0.0/16'), who: "docker's default bridge" },
  { cidr: parseCidr('10.88.0.0/16'), who: "podman's default bridge" },
  { cidr: parseCidr('10.85.0.0/16'), who: "CRI-O's sample configuration" },
]
