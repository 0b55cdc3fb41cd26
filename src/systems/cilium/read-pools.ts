// CiliumPodIPPool and CiliumLoadBalancerIPPool objects to pools.
import type { Pool, Reservation } from '../../model/inventory.ts'
import { asCidr, type Family, lastOf, type Range, rangeBetween, rangeOf, readAddress, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { defined, listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface PoolReading {
  readonly pools: readonly Pool[]
  readonly reservations: readonly Reservation[]
}

const nameOf = (object: unknown): string => textAt(object, 'metadata', 'name') ?? '?'

/** A network, an address, or `first-last`. */
function readRange(text: string): Range | undefined {
  const [first = '', last] = text.split('-', 2)
  const cidr = text.includes('/') ? readCidr(text)?.value : undefined
  if (cidr !== undefined) return rangeOf(cidr)
  const [start, end] = [readAddress(first)?.value, readAddress(last ?? first)?.value]
  return start === undefined || end === undefined || start.family !== end.family || start.value > end.value ? undefined : rangeBetween(start, end)
}

/** v2alpha1 lists CIDRs as text, v2 as objects with a part that is kept back. */
export function readPodPool(document: ObjectDocument, reader: RecordReader<PoolReading>): PoolReading {
  const { object, origin } = document
  const name = nameOf(object)
  const reservations: Reservation[] = []
  const pools = ([4, 6] as const).flatMap((family): Pool[] => {
    const path = `ipv${family}`
    const ranges = listAt(object, 'spec', path, 'cidrs').flatMap((entry): Range[] => {
      const cidr = reader.cidr(document, `spec.${path}.cidrs`, typeof entry === 'string' ? entry : valueAt(entry, 'cidr'))
      const kept = readRange(textAt(entry, 'reservedRange') ?? '')
      if (kept !== undefined)
        reservations.push({ system: 'cilium', domain: 'default', range: kept, why: `reservedRange of CiliumPodIPPool ${name}`, origin })
      return cidr === undefined ? [] : [rangeOf(cidr)]
    })
    const mask = valueAt(object, 'spec', path, 'maskSize')
    if (ranges.length === 0) return []
    const blockPrefix = typeof mask === 'number' && Number.isSafeInteger(mask) ? mask : (asCidr(ranges[0] as Range)?.prefix ?? 0)
    return [{ system: 'cilium', name, domain: 'default', family, ranges, blockPrefix, certainty: 'declared', origin }]
  })
  return { pools, reservations }
}

/** `allowFirstLastIPs: "No"` keeps the first and last address of CIDRs back; start-stop blocks are taken as they are. */
export function readLoadBalancerPool(document: ObjectDocument, reader: RecordReader<PoolReading>): PoolReading {
  const { object, origin } = document
  const name = nameOf(object)
  const closed = textAt(object, 'spec', 'allowFirstLastIPs') === 'No'
  const ranges = listAt(object, 'spec', 'blocks').flatMap((block): Range[] => {
    const text = textAt(block, 'cidr')
    if (text !== undefined) {
      const cidr = reader.cidr(document, 'spec.blocks.cidr', text)
      if (cidr === undefined) return []
      const whole = rangeOf(cidr)
      return [closed && whole.last - whole.first >= 2n ? { family: cidr.family, first: cidr.base + 1n, last: lastOf(cidr) - 1n } : whole]
    }
    const start = reader.address(document, 'spec.blocks.start', valueAt(block, 'start'))
    const stop = valueAt(block, 'stop') === undefined ? start : reader.address(document, 'spec.blocks.stop', valueAt(block, 'stop'))
    if (start === undefined || stop === undefined) return []
    if (start.family === stop.family && start.value <= stop.value) return [rangeBetween(start, stop)]
    reader.unreadable(document, `spec.blocks: ${textAt(block, 'start')} to ${textAt(block, 'stop')} ends before it starts`)
    return []
  })
  const families = [...new Set(ranges.map(({ family }) => family))].sort() as Family[]
  const pools = families.map(
    (family) =>
      defined({
        system: 'cilium',
        name,
        domain: 'load-balancers',
        family,
        ranges: ranges.filter((range) => range.family === family),
        disabled: valueAt(object, 'spec', 'disabled') === true ? true : undefined,
        use: 'load-balancers' as const,
        certainty: 'declared' as const,
        origin,
      }) as Pool,
  )
  return { pools, reservations: [] }
}
