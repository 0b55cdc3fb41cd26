// PLN-011: ranges that somebody who is connected later is likely to have too.
import { cidrsOverlap, formatCidr } from '../../net/index.ts'
import { networksOf } from '../networks.ts'
import { popularRanges } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

export const peeredNetworks = defineCheck({
  id: 'PLN-011',
  name: 'peered-networks',
  title: 'Ranges are not those that everybody uses',
  severity: 'low',
  revision: 1,
  why: 'A company that is bought, a VPN client at home or a peered network with the same range cannot be reached from the cluster, and nothing can be renumbered by then.',
  predicate:
    'A pod or Service range overlaps 192.168.0.0/24, 192.168.1.0/24, 10.0.0.0/16 or 172.31.0.0/16; possible, because nobody has to be there.',
  guards: ['node networks, which are what they are'],
  fix: ['choose a range in a less popular place, and ask who will be connected: acquisitions, VPN clients, peered clouds'],
  links: ['https://github.com/aws/containers-roadmap/issues/216', 'https://github.com/Azure/AKS/issues/1175'],
  *check(plan) {
    for (const { role, label, cidr } of networksOf(plan)) {
      if (role === 'nodes') continue
      const hits = popularRanges.filter((popular) => cidrsOverlap(popular.cidr, cidr))
      if (hits.length === 0) continue
      yield {
        confidence: 'possible',
        message: `${label} ${formatCidr(cidr)} overlaps ${hits.map((hit) => `${formatCidr(hit.cidr)} (${hit.who})`).join(', ')}`,
        addresses: [formatCidr(cidr)],
      }
    }
  },
})
