// SpiderIPPools: one for each node and family where the plan says which block is whose, else one for each pool and family.
// https://spidernet-io.github.io/spiderpool/v1.0/reference/crd-spiderippool/
import { type Cidr, type Family, formatCidr, lastOf, type Range, rangeOf, rangeSet, subtract } from '../../../net/index.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { familiesOf, planOf, poolClaim } from './base/planned.ts'
import { listOf, rangeIn, spanText } from './base/read-range.ts'
import { defineTarget, type Generation } from './define-target.ts'

interface PlannedSpider {
  readonly name: string
  readonly owner: string
  readonly family: Family
  /** The network that the gateway is in. */
  readonly subnet: Cidr
  readonly ranges: readonly Range[]
  readonly node: string | undefined
}

/** Network and broadcast address of the subnet are no host's. */
function edges(subnet: Cidr): readonly Range[] {
  const { family, base } = subnet
  const last = lastOf(subnet)
  return family === 4
    ? [
        { family, first: base, last: base },
        { family, first: last, last },
      ]
    : [{ family, first: base, last: base }]
}

const without = (cidr: Cidr, taken: readonly Range[]): readonly Range[] => subtract(rangeSet([rangeOf(cidr)]), rangeSet(taken)).ranges

function perNode(input: Generation): readonly PlannedSpider[] {
  const families = familiesOf(input)
  return planOf(input).nodes.flatMap(({ name, subnets }) =>
    subnets.map((subnet): PlannedSpider => {
      const home = families.find(({ cidr }) => cidr.family === subnet.family && rangeOf(cidr).first <= subnet.base && lastOf(cidr) >= lastOf(subnet))
      const whole = home?.cidr ?? subnet
      const ranges = without(subnet, edges(whole))
      return { name: objectName(`${name}-ipv${subnet.family}`), owner: `node ${name}`, family: subnet.family, subnet: whole, ranges, node: name }
    }),
  )
}

function perPool(input: Generation): readonly PlannedSpider[] {
  return familiesOf(input).map(({ pool, cidr, reserved }) => ({
    name: objectName(`${pool}-ipv${cidr.family}`),
    owner: poolClaim(pool),
    family: cidr.family,
    subnet: cidr,
    ranges: without(cidr, [...reserved, ...edges(cidr)]),
    node: undefined,
  }))
}

const planned = (input: Generation): readonly PlannedSpider[] =>
  planOf(input).nodes.some(({ subnets }) => subnets.length > 0) ? perNode(input) : perPool(input)

const poolObject = ({ name, family, subnet, ranges, node }: PlannedSpider) => ({
  apiVersion: 'spiderpool.spidernet.io/v2beta1',
  kind: 'SpiderIPPool',
  metadata: { name },
  spec: {
    ipVersion: family,
    subnet: formatCidr(subnet),
    ips: ranges.map((range) => spanText(range)),
    ...(node === undefined ? {} : { nodeName: [node] }),
  },
})

export const spiderpool = defineTarget({
  id: 'spiderpool',
  title: 'SpiderIPPool for each node, or for each pool where the plan leaves blocks open',
  from: 'plan',
  isPlugin: false,
  generate: (input) => [objectFile('spiderippool.yaml', planned(input).map(poolObject))],
  expected: (input) => planned(input).flatMap(({ owner, ranges }) => ranges.map((range) => ({ owner, range }))),
  readBack: (files, input) => {
    const owners = new Map(planned(input).map(({ name, owner }) => [name, owner]))
    return objectsOf(files, 'SpiderIPPool').flatMap(({ metadata, spec }) =>
      listOf(spec['ips']).map((text) => ({ owner: owners.get(metadata.name) ?? metadata.name, range: rangeIn(text) })),
    )
  },
})
