// BlockAffinity (which node says that a block is its own) and IPAMHandle (which blocks hold addresses of one owner).
import type { Time } from '../../model/inventory.ts'
import { type Cidr, formatCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, idOf, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface AffinityRecord {
  readonly cidr: Cidr
  readonly host: string
  /** `virtual`: of load balancers, not of a node. */
  readonly virtual: boolean
  readonly state: string
  readonly createdAt: Time | undefined
  readonly unsettled: boolean
  readonly origin: string
}

export interface HandleRecord {
  /** The object's name: the handle in lower case. */
  readonly name: string
  /** Addresses by block, in canonical text. */
  readonly counts: ReadonlyMap<string, number>
  readonly createdAt: Time | undefined
  readonly unsettled: boolean
  readonly origin: string
}

/** A text in crd.projectcalico.org, a boolean in projectcalico.org. */
const isDeleted = (object: unknown): boolean => ['true', true].includes(valueAt(object, 'spec', 'deleted') as never)

/** null: deleted or still pending, which Calico treats as absent. Names are shortened and hashed, so nothing is read from them. */
export function readAffinity(document: ObjectDocument, reader: RecordReader<AffinityRecord | null>): AffinityRecord | null | undefined {
  const { object, origin } = document
  if (isDeleted(object)) return null
  const cidr = reader.cidr(document, 'spec.cidr', valueAt(object, 'spec', 'cidr'))
  if (cidr === undefined) return undefined
  const host = textAt(object, 'spec', 'node')
  if (host === undefined || host === '') return reader.unreadable(document, 'has no spec.node')
  const state = textAt(object, 'spec', 'state') ?? 'confirmed'
  if (state === 'pending') return null
  const virtual = textAt(object, 'spec', 'type') === 'virtual'
  const createdAt = timeAt(object, 'metadata', 'creationTimestamp')
  return { cidr, host, virtual, state, createdAt, unsettled: document.unsettled === true, origin }
}

export function readHandle(document: ObjectDocument, reader: RecordReader<HandleRecord | null>): HandleRecord | null | undefined {
  const { object, origin } = document
  if (isDeleted(object)) return null
  const counts = new Map<string, number>()
  for (const [text, count] of Object.entries(fieldsOf(valueAt(object, 'spec', 'block')))) {
    const cidr = reader.cidr(document, 'a key of spec.block', text)
    if (cidr === undefined) return undefined
    if (typeof count !== 'number') return reader.unreadable(document, `spec.block ${text} is ${JSON.stringify(count)}, not a number`)
    counts.set(formatCidr(cidr), count)
  }
  const createdAt = timeAt(object, 'metadata', 'creationTimestamp')
  return { name: idOf(object), counts, createdAt, unsettled: document.unsettled === true, origin }
}
