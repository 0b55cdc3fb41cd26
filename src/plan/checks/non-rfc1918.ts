// PLN-016: pods outside of the usual private space, and what is the better choice there.
import { cidrCovers, formatCidr, parseCidr } from '../../net/index.ts'
import { networksOf } from '../networks.ts'
import { homeOf } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

const sharedSpace = parseCidr('100.64.0.0/10')

export const nonRfc1918 = defineCheck({
  id: 'PLN-016',
  name: 'non-rfc1918',
  title: 'IPv4 pods outside of RFC 1918 are in the best remaining place',
  severity: 'info',
  revision: 1,
  why: 'Where RFC 1918 is short, 100.64.0.0/10 is the first choice for pods, as long as no CNI, carrier or overlay VPN uses it; 240.0.0.0/4 is the last.',
  predicate: 'An IPv4 pod range lies, wholly or partly, outside of 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16.',
  guards: ['IPv6'],
  fix: [],
  links: ['https://cloud.google.com/blog/products/containers-kubernetes/best-practices-for-kubernetes-pod-ip-allocation-in-gke'],
  *check(plan) {
    for (const { role, label, cidr } of networksOf(plan)) {
      if (role !== 'pods' || cidr.family === 6) continue
      if (homeOf(cidr) !== undefined) continue
      const shared = cidrCovers(sharedSpace, cidr)
      yield {
        message: shared
          ? `${label} ${formatCidr(cidr)} is in shared space: good where RFC 1918 is short and no CNI, carrier or overlay VPN uses the same`
          : `${label} ${formatCidr(cidr)} is outside of RFC 1918; 100.64.0.0/10 is the better choice where that is short`,
        addresses: [formatCidr(cidr)],
        steps: shared
          ? ['check the join and transit networks of OVN and Kube-OVN, carrier NAT, and overlay VPNs']
          : ['use RFC 1918 space, else 100.64.0.0/10'],
      }
    }
  },
})
