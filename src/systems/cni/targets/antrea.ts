// IPPools of Antrea: pods of annotated namespaces draw addresses from them, reservations and the gateway left out.
// https://antrea.io/docs/main/docs/antrea-ipam/
import { formatValue, lastOf, type Range, rangeOf, rangeSet, subtract } from '../../../net/index.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { type FamilyOfPool, familiesOf, poolClaim } from './base/planned.ts'
import { endOf, firstOf, rangeIn } from './base/read-range.ts'
import { type Claim, defineTarget } from './define-target.ts'

/** Not the network address, the gateway that follows it, or IPv4's broadcast address. */
function rangesOf({ cidr, reserved }: FamilyOfPool): readonly Range[] {
  const { family, base } = cidr
  const ends: Range[] = [{ family, first: base, last: base + 1n }]
  if (family === 4) ends.push({ family, first: lastOf(cidr), last: lastOf(cidr) })
  return subtract(rangeSet([rangeOf(cidr)]), rangeSet([...reserved, ...ends])).ranges
}

const nameOf = ({ pool, cidr }: FamilyOfPool): string => objectName(`${pool}-ipv${cidr.family}`)

const poolObject = (family: FamilyOfPool) => ({
  apiVersion: 'crd.antrea.io/v1beta1',
  kind: 'IPPool',
  metadata: { name: nameOf(family) },
  spec: {
    ipRanges: rangesOf(family).map((range) => ({ start: firstOf(range), end: endOf(range) })),
    subnetInfo: { gateway: formatValue(family.cidr.family, family.cidr.base + 1n), prefixLength: family.cidr.prefix },
  },
})

export const antrea = defineTarget({
  id: 'antrea',
  title: 'Antrea IPPool for each pool and family',
  from: 'plan',
  isPlugin: false,
  generate: (input) => [objectFile('ippool.yaml', familiesOf(input).map(poolObject))],
  expected: (input) => familiesOf(input).flatMap((family) => rangesOf(family).map((range): Claim => ({ owner: poolClaim(family.pool), range }))),
  readBack: (files, input) => {
    const owners = new Map(familiesOf(input).map((family) => [nameOf(family), poolClaim(family.pool)]))
    return objectsOf(files, 'IPPool').flatMap(({ metadata, spec }) =>
      (spec['ipRanges'] as readonly { start: string; end: string }[]).map(({ start, end }) => ({
        owner: owners.get(metadata.name) ?? metadata.name,
        range: rangeIn(`${start}-${end}`),
      })),
    )
  },
})
