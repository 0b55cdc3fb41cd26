// PLN-009: the Service range is too small, or larger than API servers take.
import type { Violation } from '../../model/finding.ts'
import { type Cidr, formatCidr } from '../../net/index.ts'
import { bitsFor, serviceCapacity, staticBand } from '../capacity.ts'
import { grown } from '../demand.ts'
import type { PlanRequest } from '../plan-request.ts'
import { defineCheck } from './define-check.ts'

/** From here on the band for addresses chosen by hand has its full 256. */
const roomy = 20

function* tooFew({ nodePools, serviceCount = 0, horizon }: PlanRequest, cidr: Cidr): Generator<Violation> {
  const capacity = serviceCapacity(cidr)
  const growth = Math.max(...nodePools.map((nodePool) => nodePool.growth))
  const later = grown(serviceCount, growth, horizon)
  const about = { addresses: [formatCidr(cidr)], cause: 'too-small' }
  const lost = cidr.family === 4 ? 2n : 1n
  const steps = [`take a Service range of /${(cidr.family === 4 ? 32 : 128) - bitsFor(BigInt(later) + lost)} or shorter`]
  if (BigInt(serviceCount) > capacity) {
    yield {
      ...about,
      severity: 'high',
      message: `${serviceCount} Services do not fit into ${formatCidr(cidr)}, which has ${capacity} addresses`,
      steps,
    }
  } else if (BigInt(later) > capacity) {
    yield {
      ...about,
      message: `${serviceCount} Services become ${later} in ${horizon} years, and ${formatCidr(cidr)} has ${capacity} addresses`,
      steps,
    }
  } else if (cidr.family === 4 && cidr.prefix > roomy) {
    yield {
      ...about,
      severity: 'info',
      message: `${formatCidr(cidr)} keeps ${staticBand(cidr)} addresses apart for ClusterIPs chosen by hand, such as the cluster's DNS; from /${roomy} on it would be 256`,
      cause: 'small-static-band',
    }
  }
}

function* tooLarge(cidr: Cidr): Generator<Violation> {
  const about = { addresses: [formatCidr(cidr)], cause: 'too-large' }
  if (cidr.family === 6 && cidr.prefix < 64) {
    yield {
      ...about,
      severity: 'high',
      message: `no API server takes an IPv6 Service range shorter than /64, and ${formatCidr(cidr)} is`,
      steps: ['use a /108'],
    }
  } else if (cidr.prefix < (cidr.family === 4 ? 12 : 108)) {
    const steps = [`use a /${cidr.family === 4 ? 12 : 108} or longer`]
    yield { ...about, message: `older API servers take at most 20 host bits for Services, and ${formatCidr(cidr)} has more`, steps }
  }
}

export const serviceRangeSize = defineCheck({
  id: 'PLN-009',
  name: 'service-range-size',
  title: 'The Service range has the right size',
  severity: 'low',
  revision: 1,
  why: 'When the range is full no Service can be made, and before that Services without a chosen address move into the band where the cluster DNS address is chosen.',
  predicate:
    'The Services expected now do not fit: high; at the horizon: low. An IPv4 range longer than /20: info. More than 20 host bits: low, because older API servers refuse it; IPv6 shorter than /64: high.',
  guards: ['no Service range given'],
  fix: ['choose a /20 to /12 for IPv4, a /108 for IPv6'],
  links: [
    'https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation',
    'https://github.com/Azure/AKS/issues/1843',
    'https://github.com/k3s-io/k3s/issues/10611',
  ],
  *check({ request }) {
    for (const cidr of request.serviceCidrs) {
      yield* tooFew(request, cidr)
      yield* tooLarge(cidr)
    }
  },
})
