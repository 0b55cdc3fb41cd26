// PLN-006: pods, Services and nodes do not speak the same address families.
import type { Cidr } from '../../net/index.ts'
import { formatCidr } from '../../net/index.ts'
import { defineCheck } from './define-check.ts'

const spoken = (cidrs: readonly Cidr[]): string => [...new Set(cidrs.map(({ family }) => `IPv${family}`))].join(' and ')

export const familiesMatch = defineCheck({
  id: 'PLN-006',
  name: 'families-match',
  title: 'Pods, Services and nodes have the same families in the same order',
  severity: 'high',
  revision: 1,
  why: 'The first family is the primary one everywhere. A family that is missing, or another order, shows up as Services without endpoints or as components that do not start.',
  predicate:
    'The families of the Service ranges differ from those of the pod ranges, or stand in another order: high. A pod family for which no node network is given: high and possible, because the list may be short.',
  guards: ['no Service range or node network given', 'the order of node networks'],
  fix: ['give one range of each family, in the same order everywhere'],
  links: ['https://github.com/kubernetes/kubernetes/issues/93446', 'https://github.com/k0sproject/k0s/issues/7186'],
  *check({ request }) {
    const { serviceCidrs, nodeNetworks, clusterCidrs } = request
    const pods = spoken(clusterCidrs)
    if (serviceCidrs.length > 0 && pods !== '' && spoken(serviceCidrs) !== pods) {
      yield {
        message: `pods get ${pods}, Services get ${spoken(serviceCidrs)}; both need the same families in the same order`,
        addresses: [...clusterCidrs, ...serviceCidrs].map(formatCidr),
        cause: 'services',
      }
    }
    const missing = nodeNetworks.length === 0 ? [] : clusterCidrs.filter(({ family }) => nodeNetworks.every((network) => network.family !== family))
    for (const cidr of missing) {
      yield {
        confidence: 'possible',
        message: `pods get IPv${cidr.family}, and no IPv${cidr.family} node network is given`,
        addresses: [formatCidr(cidr)],
        cause: 'nodes',
      }
    }
  },
})
