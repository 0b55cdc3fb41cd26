// One IPPool: allocations by offset from the address in spec.range, as it is written there, host bits and all.
import type { Inconsistency } from '../../model/inventory.ts'
import { type Address, bitsOf, type Cidr, readAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, idOf, textAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface PoolEntry {
  readonly address: Address
  /** namespace/name, or empty in entries of old versions. */
  readonly podref: string
  readonly containerId: string
  readonly interface: string | undefined
}

export interface PoolRecord {
  readonly name: string
  readonly id: string
  /** spec.range as written. */
  readonly text: string
  readonly cidr: Cidr
  readonly entries: readonly PoolEntry[]
  readonly faults: readonly Inconsistency[]
  readonly unsettled: true | undefined
  readonly origin: string
}

/** Offsets are written as uint64 and read back as int64: from here on whereabouts itself does not see its own entry. */
const LOST = 1n << 63n

export function readPool(document: ObjectDocument, reader: RecordReader<PoolRecord>): PoolRecord | undefined {
  const { object, origin } = document
  const id = idOf(object)
  const text = textAt(object, 'spec', 'range') ?? ''
  const cidr = reader.cidr(document, 'spec.range', valueAt(object, 'spec', 'range'))
  const base = readAddress(text.split('/')[0] ?? '')?.value
  if (cidr === undefined || base === undefined) return undefined
  const entries: PoolEntry[] = []
  const faults: Inconsistency[] = []
  const fault = (key: string, cause: string, message: string) =>
    void faults.push({ system: 'whereabouts', subject: `${id} ${key}`, cause, message: `IPPool ${id}: allocation "${key}" ${message}`, origin })
  for (const [key, entry] of Object.entries(fieldsOf(valueAt(object, 'spec', 'allocations')))) {
    if (!/^\d{1,39}$/.test(key)) {
      fault(key, 'key-not-a-number', 'is no number, so whereabouts ignores it')
      continue
    }
    const offset = BigInt(key)
    const value = base.value + offset
    if (value >= 1n << BigInt(bitsOf(base.family))) {
      fault(key, 'offset-out-of-range', 'lies beyond the last address that there is')
      continue
    }
    if (value > cidr.base + ((1n << BigInt(bitsOf(cidr.family) - cidr.prefix)) - 1n)) fault(key, 'offset-out-of-range', `lies outside of ${text}`)
    if (offset >= LOST)
      fault(key, 'offset-too-large', 'is above 2^63: whereabouts loses it when it reads the pool again, and can give the address twice')
    entries.push({
      address: { family: base.family, value },
      podref: textAt(entry, 'podref') ?? '',
      containerId: textAt(entry, 'id') ?? '',
      interface: textAt(entry, 'ifname'),
    })
  }
  return { name: textAt(object, 'metadata', 'name') ?? '?', id, text, cidr, entries, faults, unsettled: document.unsettled, origin }
}
