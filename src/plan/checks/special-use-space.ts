// PLN-010: ranges that are not made for pods and Services.
import type { Violation } from '../../model/finding.ts'
import { type Cidr, cidrsOverlap, formatCidr, intersect, rangeOf, rangeSet, subtract } from '../../net/index.ts'
import { networksOf } from '../networks.ts'
import { specialRanges } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

const privateBlock = { family: 4, base: 0xac10_0000n, prefix: 12 } as const // 172.16.0.0/12
const its8 = { family: 4, base: 0xac00_0000n, prefix: 8 } as const

function* judge(label: string, cidr: Cidr, owned: readonly Cidr[]): Generator<Violation> {
  const unclaimed = subtract(rangeSet([rangeOf(cidr)]), rangeSet(owned.map(rangeOf)))
  for (const special of specialRanges) {
    if (special.severity === undefined || intersect(unclaimed, rangeSet([rangeOf(special.cidr)])).ranges.length === 0) continue
    yield {
      severity: special.severity,
      message: `${label} ${formatCidr(cidr)} touches ${formatCidr(special.cidr)}: ${special.what}`,
      addresses: [formatCidr(cidr), formatCidr(special.cidr)],
      cause: 'special-use',
    }
  }
  const open = subtract(unclaimed, rangeSet(specialRanges.map((special) => rangeOf(special.cidr))))
  if (open.ranges.length === 0) return
  const slip = cidrsOverlap(cidr, its8) && !cidrsOverlap(cidr, privateBlock) ? '; 172.16.0.0/12 is private, and it ends at 172.31.255.255' : ''
  yield {
    message: `${label} ${formatCidr(cidr)} is public address space: hosts on the Internet that have these addresses cannot be reached${slip}`,
    addresses: [formatCidr(cidr)],
    cause: 'public',
    steps: ['use private space (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fd00::/8), or say with --owned that these addresses are yours'],
  }
}

export const specialUseSpace = defineCheck({
  id: 'PLN-010',
  name: 'special-use-space',
  title: 'Ranges lie in space that is free to use',
  severity: 'high',
  revision: 1,
  why: 'Some address space has a meaning of its own: hosts, switches or Kubernetes itself treat it differently, or it belongs to somebody else.',
  predicate:
    'A pod or Service range touches special-purpose space: high, or info for 100.64.0.0/10, 198.18.0.0/15 and the undefined half of fc00::/7; or public space that is not declared as owned: high.',
  guards: ['space declared with --owned'],
  fix: ['use private space: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fd00::/8'],
  links: [
    'https://www.iana.org/assignments/iana-ipv4-special-registry',
    'https://www.iana.org/assignments/iana-ipv6-special-registry',
    'https://github.com/kubernetes/kubernetes/issues/109152',
    'https://github.com/kubernetes/kubernetes/issues/110456',
  ],
  *check(plan) {
    for (const { role, label, cidr } of networksOf(plan)) {
      if (role !== 'nodes') yield* judge(label, cidr, plan.request.owned)
    }
  },
})
