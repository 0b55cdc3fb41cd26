// IPAddressPool of MetalLB with the plan's ranges for load balancers.
// https://metallb.io/apis/#ipaddresspool
import { UsageError } from '../../../model/errors.ts'
import { asCidr, formatCidr } from '../../../net/index.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { planOf, poolClaims, serviceClaims } from './base/planned.ts'
import { endOf, firstOf, listOf, rangeIn } from './base/read-range.ts'
import { type Claim, defineTarget, type Generation } from './define-target.ts'

const owner = 'the load balancers'

/** The pods' pools and the Services too: addresses for load balancers in one of them are a mistake. */
const others = (input: Generation): readonly Claim[] => [...poolClaims(input), ...serviceClaims(input)]

export const metallb = defineTarget({
  id: 'metallb',
  title: 'MetalLB IPAddressPool with the ranges for load balancers',
  from: 'plan',
  isPlugin: false,
  defaultName: 'load-balancers',
  generate(input) {
    const { loadBalancerRanges } = planOf(input)
    if (loadBalancerRanges.length === 0)
      throw new UsageError('the plan has no ranges for load balancers; give loadBalancerRanges in its request file')
    const addresses = loadBalancerRanges.map((range) => {
      const cidr = asCidr(range)
      return cidr === undefined ? `${firstOf(range)}-${endOf(range)}` : formatCidr(cidr)
    })
    const { name, namespace } = input.settings
    const pool = {
      apiVersion: 'metallb.io/v1beta1',
      kind: 'IPAddressPool',
      metadata: { name: objectName(name), namespace: namespace ?? 'metallb-system' },
      spec: { addresses },
    }
    return [objectFile('ipaddresspool.yaml', [pool])]
  },
  expected: (input) => [...planOf(input).loadBalancerRanges.map((range) => ({ owner, range })), ...others(input)],
  readBack: (files, input) => [
    ...objectsOf(files, 'IPAddressPool').flatMap(({ spec }) => listOf(spec['addresses']).map((text) => ({ owner, range: rangeIn(text) }))),
    ...others(input),
  ],
})
