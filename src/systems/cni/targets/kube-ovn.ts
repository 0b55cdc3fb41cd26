// Subnets of Kube-OVN, one for each pool.
// https://kubeovn.github.io/docs/stable/en/guide/subnet/
import { formatCidr, formatValue } from '../../../net/index.ts'
import type { PlannedPool } from './base/conf-plan.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { poolClaim, poolClaims, poolsOf } from './base/planned.ts'
import { rangeIn, spanText } from './base/read-range.ts'
import { defineTarget } from './define-target.ts'

const protocolOf = ({ families: [first, second] }: PlannedPool): string => (second === undefined ? `IPv${first?.cidr.family ?? 4}` : 'Dual')

/** Dual stack is one text with a comma, the IPv4 part first. */
function subnet(pool: PlannedPool) {
  const families = [...pool.families].sort((a, b) => a.cidr.family - b.cidr.family)
  return {
    apiVersion: 'kubeovn.io/v1',
    kind: 'Subnet',
    metadata: { name: objectName(pool.name) },
    spec: {
      protocol: protocolOf(pool),
      cidrBlock: families.map(({ cidr }) => formatCidr(cidr)).join(','),
      gateway: families.map(({ cidr }) => formatValue(cidr.family, cidr.base + 1n)).join(','),
      excludeIps: families.flatMap(({ cidr, reserved }) => [
        formatValue(cidr.family, cidr.base + 1n),
        ...reserved.map((range) => spanText(range, '..')),
      ]),
      gatewayType: 'distributed',
      natOutgoing: true,
    },
  }
}

export const kubeOvn = defineTarget({
  id: 'kube-ovn',
  title: 'Kube-OVN Subnet for each pool',
  from: 'plan',
  isPlugin: false,
  generate: (input) => [objectFile('subnet.yaml', poolsOf(input).map(subnet))],
  expected: poolClaims,
  readBack: (files, input) => {
    const owners = new Map(poolsOf(input).map(({ name }) => [objectName(name), poolClaim(name)]))
    return objectsOf(files, 'Subnet').flatMap(({ metadata, spec }) =>
      String(spec['cidrBlock'])
        .split(',')
        .map((text) => ({ owner: owners.get(metadata.name) ?? metadata.name, range: rangeIn(text) })),
    )
  },
})
