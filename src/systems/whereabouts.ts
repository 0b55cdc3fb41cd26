// whereabouts: IPPools, their twins against overlapping ranges, slices of nodes (whereabouts.cni.cncf.io/v1alpha1), and the definitions that use them.
// Not visible through the API: what the flat file on each node adds to a definition.
import type { Problem } from '../model/inventory.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { textField } from './cni/go-object.ts'
import { defineSystem } from './define-system.ts'
import { textAt, timeAt } from './kubernetes/fields.ts'
import { recordReader } from './kubernetes/record-reader.ts'
import { readAttachment } from './multus/read-attachment.ts'
import { type AttachedConfig, joinRecords, type ReservationRecord } from './whereabouts/join-records.ts'
import { readWhereabouts } from './whereabouts/read-config.ts'
import { type PoolRecord, readPool } from './whereabouts/read-pool.ts'
import { readSlices, type SliceRecord } from './whereabouts/read-slices.ts'

const readReservation = ({ object, origin, unsettled }: ObjectDocument): ReservationRecord => ({
  name: textAt(object, 'metadata', 'name') ?? '?',
  podref: textAt(object, 'spec', 'podref') ?? '',
  interface: textAt(object, 'spec', 'ifname'),
  createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
  unsettled,
  origin,
})

export const whereabouts = defineSystem({
  id: 'whereabouts',
  title: 'whereabouts',
  kinds: [
    'whereabouts.cni.cncf.io/IPPool',
    'whereabouts.cni.cncf.io/OverlappingRangeIPReservation',
    'whereabouts.cni.cncf.io/NodeSlicePool',
    'k8s.cni.cncf.io/NetworkAttachmentDefinition',
  ],
  files: false,
  parser() {
    const pools = recordReader<PoolRecord>('ippools.whereabouts.cni.cncf.io')
    const reservations = recordReader<ReservationRecord>('overlappingrangeipreservations')
    const slices = recordReader<SliceRecord>('nodeslicepools')
    const configs = recordReader<AttachedConfig | null>('network-attachment-definitions')
    const problems: Problem[] = []

    /** What cannot be read at all is reported by the multus system, which reads the same objects. */
    const readConfig = (document: ObjectDocument): AttachedConfig | null => {
      const { config } = readAttachment(document)
      if (config === undefined || textField(config.ipam, 'type') !== 'whereabouts') return null
      const read = readWhereabouts(config.ipam)
      for (const { message, addresses } of read.problems) {
        const subject = `NetworkAttachmentDefinition ${config.id}`
        problems.push({
          kind: 'wrong-range',
          source: 'network-attachment-definitions',
          subject: config.id,
          message: `${subject}: ${message}`,
          origin: document.origin,
          addresses,
        })
      }
      return { ...read, id: config.id, name: config.name, origin: document.origin }
    }

    return {
      object(document) {
        if (document.kind === 'IPPool') pools.take(document, (d) => readPool(d, pools))
        else if (document.kind === 'OverlappingRangeIPReservation') reservations.take(document, readReservation)
        else if (document.kind === 'NodeSlicePool') slices.take(document, (d) => readSlices(d, slices))
        else configs.take(document, readConfig)
      },
      finish() {
        const part = joinRecords({
          pools: pools.records(),
          reservations: reservations.records(),
          slices: slices.records(),
          configs: configs.records().filter((config) => config !== null),
        })
        return {
          ...part,
          problems: [...(part.problems ?? []), ...pools.problems, ...reservations.problems, ...slices.problems, ...problems],
          coverage: [...pools.coverage(false), ...reservations.coverage(false), ...slices.coverage(false)],
        }
      },
    }
  },
})
