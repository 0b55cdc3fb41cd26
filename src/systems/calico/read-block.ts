// IPAMBlock: one entry for each of its addresses, by ordinal, that points into a list of owners.
import type { Time } from '../../model/inventory.ts'
import type { Cidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { type Fields, fieldsOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface Attribute {
  readonly handle: string | undefined
  readonly secondary: Fields
  /** Set: given back, and not handed out again before ipCooldownSeconds have passed. No allocation. */
  readonly releasedAt: Time | undefined
}

export interface BlockRecord {
  readonly name: string
  readonly cidr: Cidr
  /** The node that it belongs to. */
  readonly host: string | undefined
  /** What it belongs to instead of a node: `load-balancer`. */
  readonly virtual: string | undefined
  /** By ordinal: an index into `attributes`, or null for a free address. */
  readonly slots: readonly (number | null)[]
  /** Free ordinals in the order in which they will be handed out. */
  readonly free: readonly number[]
  readonly attributes: readonly Attribute[]
  readonly claimedAt: Time | undefined
  readonly createdAt: Time | undefined
  readonly unsettled: boolean
  readonly origin: string
}

/** Ordinals and indexes are small; the sequence numbers beside them exceed 2^53 and are neither shown nor compared. */
const isOrdinal = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value)

const attributeOf = (entry: unknown): Attribute => ({
  handle: textAt(entry, 'handle_id') || undefined,
  secondary: fieldsOf(valueAt(entry, 'secondary')),
  releasedAt: timeAt(entry, 'releasedAt'),
})

/** null: soft-deleted, which Calico treats as absent. */
export function readBlock(document: ObjectDocument, reader: RecordReader<BlockRecord | null>): BlockRecord | null | undefined {
  const { object, origin } = document
  if (valueAt(object, 'spec', 'deleted') === true || valueAt(object, 'spec', 'deleted') === 'true') return null
  const cidr = reader.cidr(document, 'spec.cidr', valueAt(object, 'spec', 'cidr'))
  if (cidr === undefined) return undefined
  const slots = valueAt(object, 'spec', 'allocations')
  if (!Array.isArray(slots)) return reader.unreadable(document, `spec.allocations is ${JSON.stringify(slots) ?? 'missing'}, not a list`)
  const wrong = slots.findIndex((slot) => slot !== null && !isOrdinal(slot))
  if (wrong >= 0) return reader.unreadable(document, `spec.allocations[${wrong}] is ${JSON.stringify(slots[wrong])}, neither null nor a number`)
  const free = listAt(object, 'spec', 'unallocated')
  const wrongFree = free.findIndex((ordinal) => !isOrdinal(ordinal))
  if (wrongFree >= 0) return reader.unreadable(document, `spec.unallocated[${wrongFree}] is ${JSON.stringify(free[wrongFree])}, not a number`)
  const affinity = textAt(object, 'spec', 'affinity')
  const colon = affinity?.indexOf(':') ?? -1
  const holder = affinity?.slice(colon + 1)
  return {
    name: textAt(object, 'metadata', 'name') ?? '?',
    cidr,
    host: affinity?.startsWith('host:') === true ? holder : undefined,
    virtual: affinity === undefined || affinity.startsWith('host:') ? undefined : holder,
    slots,
    free: free as readonly number[],
    attributes: listAt(object, 'spec', 'attributes').map(attributeOf),
    claimedAt: timeAt(object, 'spec', 'affinityClaimTime'),
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    unsettled: document.unsettled === true,
    origin,
  }
}
