// PLN-012: far more addresses than pods.
import { cidrSize, formatCidr } from '../../net/index.ts'
import { demandOf } from '../demand.ts'
import { defineCheck } from './define-check.ts'

/** Twice for reuse, twice for rounding up to powers of two. */
const generous = 4n

export const overAllocation = defineCheck({
  id: 'PLN-012',
  name: 'over-allocation',
  title: 'The pool is not much larger than needed',
  severity: 'info',
  revision: 1,
  why: 'Private IPv4 space is shared with everybody else in the company; what one cluster takes and does not use is missing elsewhere.',
  predicate: 'The pool has more than 4 times as many addresses as maximum nodes (with surge and growth) times maxPods; IPv4 only.',
  guards: ['no node or no maxPods given', 'IPv6'],
  fix: ['use a longer node prefix, or a smaller pool'],
  links: ['https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr', 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2294'],
  *check({ request, pools }) {
    for (const { name, nodePools, families } of pools) {
      const { maximum, surge, atHorizon } = demandOf({ nodePools }, request.horizon)
      const nodes = BigInt(Math.max(maximum + surge, atHorizon))
      const maxPods = Math.max(...nodePools.map((nodePool) => nodePool.maxPods ?? 0))
      for (const { cidr, nodePrefix } of families) {
        const needed = nodes * BigInt(maxPods)
        if (cidr.family === 6 || needed === 0n || cidrSize(cidr) <= generous * needed) continue
        const better = request.profile.prefixFor(cidr.family, maxPods, undefined)
        yield {
          message: `${formatCidr(cidr)} has ${cidrSize(cidr) / needed} times the ${needed} addresses that ${nodes} nodes with ${maxPods} pods each use`,
          addresses: [formatCidr(cidr)],
          subject: [name],
          steps: better > nodePrefix ? [`a node prefix of /${better} is enough for ${maxPods} pods`] : ['a smaller pool is enough'],
        }
      }
    }
  },
})
