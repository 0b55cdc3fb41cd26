// PLN-008: pods and Services share addresses.
import { cidrsOverlap, formatCidr, rangeOf } from '../../net/index.ts'
import { blocksIn, blocksTouched } from '../block-space.ts'
import { count } from '../wording.ts'
import { defineCheck } from './define-check.ts'

export const serviceRangeInsidePodRange = defineCheck({
  id: 'PLN-008',
  name: 'service-range-inside-pod-range',
  title: 'Services have a range of their own',
  severity: 'high',
  revision: 1,
  why: 'kube-controller-manager leaves out blocks that overlap the Service range only where it is told of it; anything else may give a pod the address of a Service.',
  predicate:
    'A Service range overlaps a pod pool: high; medium where the profile leaves the blocks out and some are left (they are not used in this plan either); low where the vendor cuts the Service range out of the pod range by design.',
  guards: [],
  fix: ['move the Service range outside of the pod range; it cannot be moved later'],
  links: ['https://github.com/kubernetes/dns/issues/273', 'https://github.com/coredns/coredns/issues/3704'],
  *check({ request, pools }) {
    for (const { families } of pools) {
      for (const { cidr, nodePrefix, slots } of families) {
        for (const service of request.serviceCidrs.filter((candidate) => cidrsOverlap(candidate, cidr))) {
          const lost = blocksIn(blocksTouched(cidr, nodePrefix, [rangeOf(service)]), cidr, nodePrefix)
          yield {
            severity: lost === slots ? 'high' : request.profile.serviceRange,
            message: `the Service range ${formatCidr(service)} overlaps the pod range ${formatCidr(cidr)}: ${count(lost, 'block')} of ${slots} cannot be given to nodes`,
            addresses: [formatCidr(service), formatCidr(cidr)],
          }
        }
      }
    }
  },
})
