// IPPool and IPReservation: what Calico may hand out, and what it must not.
import type { Reservation, Time } from '../../model/inventory.ts'
import { type Cidr, rangeOf } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { idOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface PoolRecord {
  readonly name: string
  readonly cidr: Cidr
  /** Prefix length of the blocks that nodes claim from it; undefined where the field holds what Calico would refuse. */
  readonly blockPrefix: number | undefined
  readonly disabled: boolean
  /** Addresses are given out on explicit request only. */
  readonly manual: boolean
  readonly loadBalancersOnly: boolean
  readonly nodeSelector: string
  readonly origin: string
}

/** Defaults and limits of blockSize (libcalico-go ippool validation). */
const SIZES = { 4: { usual: 26, least: 20, most: 32 }, 6: { usual: 122, least: 116, most: 128 } } as const

function blockPrefix(document: ObjectDocument, cidr: Cidr): number | undefined {
  const value = valueAt(document.object, 'spec', 'blockSize') ?? SIZES[cidr.family].usual
  const { least, most } = SIZES[cidr.family]
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most && value >= cidr.prefix ? value : undefined
}

export function readPool(document: ObjectDocument, reader: RecordReader<PoolRecord>): PoolRecord | undefined {
  const { object, origin } = document
  const cidr = reader.cidr(document, 'spec.cidr', valueAt(object, 'spec', 'cidr'))
  if (cidr === undefined) return undefined
  const uses = listAt(object, 'spec', 'allowedUses')
  return {
    name: idOf(object),
    cidr,
    blockPrefix: blockPrefix(document, cidr),
    // A pool that is being deleted gives out nothing new, as a disabled one.
    disabled: valueAt(object, 'spec', 'disabled') === true || timeAt(object, 'metadata', 'deletionTimestamp') !== undefined,
    manual: textAt(object, 'spec', 'assignmentMode') === 'Manual',
    loadBalancersOnly: uses.length > 0 && uses.every((use) => use === 'LoadBalancer'),
    nodeSelector: textAt(object, 'spec', 'nodeSelector') ?? '',
    origin,
  }
}

export function readReservations(document: ObjectDocument, reader: RecordReader<Reservation[]>): Reservation[] {
  const since: Time | undefined = timeAt(document.object, 'metadata', 'creationTimestamp')
  const why = `reserved by IPReservation ${idOf(document.object)}`
  return listAt(document.object, 'spec', 'reservedCIDRs').flatMap((text, i): Reservation[] => {
    // A bare address stands for itself.
    const withPrefix = typeof text === 'string' && !text.includes('/') ? `${text}/${text.includes(':') ? 128 : 32}` : text
    const cidr = reader.cidr(document, `spec.reservedCIDRs[${i}]`, withPrefix)
    if (cidr === undefined) return []
    const facts = { system: 'calico', domain: 'default', range: rangeOf(cidr), why, origin: document.origin }
    return [since === undefined ? facts : { ...facts, since }]
  })
}
