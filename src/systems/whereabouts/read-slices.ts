// NodeSlicePool: a range cut into one slice for each node (whereabouts "fast IPAM").
import type { Cidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface SliceRecord {
  /** network_name, or the CNI network's name. */
  readonly name: string
  readonly cidr: Cidr
  readonly prefix: number | undefined
  /** Slices that a node holds; those that nobody holds are left out. */
  readonly slices: readonly { readonly node: string; readonly cidr: Cidr }[]
  readonly createdAt: number | undefined
  readonly origin: string
}

export function readSlices(document: ObjectDocument, reader: RecordReader<SliceRecord>): SliceRecord | undefined {
  const { object, origin } = document
  const cidr = reader.cidr(document, 'spec.range', valueAt(object, 'spec', 'range'))
  if (cidr === undefined) return undefined
  const size = Number(/^\/?(\d{1,3})$/.exec(textAt(object, 'spec', 'sliceSize') ?? '')?.[1] ?? Number.NaN)
  const slices = listAt(object, 'status', 'allocations').flatMap((entry) => {
    const node = textAt(entry, 'nodeName') ?? ''
    const slice = node === '' ? undefined : reader.cidr(document, 'status.allocations.sliceRange', valueAt(entry, 'sliceRange'))
    return slice === undefined ? [] : [{ node, cidr: slice }]
  })
  const createdAt = timeAt(object, 'metadata', 'creationTimestamp')
  return { name: textAt(object, 'metadata', 'name') ?? '?', cidr, prefix: Number.isNaN(size) ? undefined : size, slices, createdAt, origin }
}
