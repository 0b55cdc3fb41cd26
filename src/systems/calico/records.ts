// The two API groups that serve Calico's objects: which one is in force, and one reader for each kind of it.
// With the aggregated API server both show the same objects, so adding them up would count everything twice.
import type { Coverage, Problem, Reservation } from '../../model/inventory.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import { type RecordReader, recordReader } from '../kubernetes/record-reader.ts'
import { type BlockRecord, readBlock } from './read-block.ts'
import { type AffinityRecord, type HandleRecord, readAffinity, readHandle } from './read-claim.ts'
import { type PoolRecord, readPool, readReservations } from './read-pool.ts'

export interface Settings {
  readonly strict: boolean
  /** Blocks of one family that a node may have; 0 is no limit. */
  readonly maxBlocksPerHost: number
}

export interface HostRecord {
  readonly name: string
  /** Name of the Kubernetes node that it stands for; undefined for a host outside Kubernetes. */
  readonly node: string | undefined
}

interface Kinds {
  readonly IPPool: PoolRecord
  readonly IPReservation: Reservation[]
  readonly IPAMBlock: BlockRecord | null
  readonly BlockAffinity: AffinityRecord | null
  readonly IPAMHandle: HandleRecord | null
  /** IPAMConfig in one group, IPAMConfiguration in the other. */
  readonly IPAMConfig: Settings
  /** datastoreReady: false while a migration has it locked. */
  readonly ClusterInformation: boolean
  /** Milliseconds of leakGracePeriod; 0 is off. */
  readonly KubeControllersConfiguration: { readonly grace: number; readonly origin: string }
  readonly Node: HostRecord
}
type Kind = keyof Kinds
type Readers = { readonly [K in Kind]: RecordReader<Kinds[K]> }

/** Go durations as Calico writes them: 15m0s, 1h30m, 0s. */
function duration(text: string): number | undefined {
  if (text === '0') return 0
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
}

/** Calico's default where the field is not set. */
const LEAK_GRACE = 15 * 60_000

const readGrace = ({ object, origin }: ObjectDocument) => {
  const text = textAt(object, 'spec', 'controllers', 'node', 'leakGracePeriod')
  return { grace: (text === undefined ? undefined : duration(text)) ?? LEAK_GRACE, origin }
}

const readSettings = ({ object }: ObjectDocument): Settings => {
  const most = valueAt(object, 'spec', 'maxBlocksPerHost')
  return { strict: valueAt(object, 'spec', 'strictAffinity') === true, maxBlocksPerHost: typeof most === 'number' && most > 0 ? most : 0 }
}

function readHost({ object }: ObjectDocument): HostRecord {
  const kubernetes = listAt(object, 'spec', 'orchRefs').find((ref) => textAt(ref, 'orchestrator') === 'k8s')
  return { name: textAt(object, 'metadata', 'name') ?? '?', node: textAt(kubernetes, 'nodeName') }
}

const readers = (group: string): Readers => ({
  IPPool: recordReader(`ippools.${group}`),
  IPReservation: recordReader('ipreservations'),
  IPAMBlock: recordReader('ipamblocks'),
  BlockAffinity: recordReader('blockaffinities'),
  IPAMHandle: recordReader('ipamhandles'),
  IPAMConfig: recordReader(group === 'projectcalico.org' ? 'ipamconfigurations' : 'ipamconfigs'),
  ClusterInformation: recordReader('clusterinformations'),
  KubeControllersConfiguration: recordReader('kubecontrollersconfigurations'),
  Node: recordReader(`nodes.${group}`),
})

type Take = (own: Readers, document: ObjectDocument) => void

const takeSettings: Take = (own, document) => own.IPAMConfig.take(document, readSettings)

const TAKE: Readonly<Record<string, Take>> = {
  IPPool: (own, document) => own.IPPool.take(document, (d) => readPool(d, own.IPPool)),
  IPReservation: (own, document) => own.IPReservation.take(document, (d) => readReservations(d, own.IPReservation)),
  IPAMBlock: (own, document) => own.IPAMBlock.take(document, (d) => readBlock(d, own.IPAMBlock)),
  BlockAffinity: (own, document) => own.BlockAffinity.take(document, (d) => readAffinity(d, own.BlockAffinity)),
  IPAMHandle: (own, document) => own.IPAMHandle.take(document, (d) => readHandle(d, own.IPAMHandle)),
  IPAMConfig: takeSettings,
  IPAMConfiguration: takeSettings,
  ClusterInformation: (own, document) => own.ClusterInformation.take(document, (d) => valueAt(d.object, 'spec', 'datastoreReady') !== false),
  KubeControllersConfiguration: (own, document) => own.KubeControllersConfiguration.take(document, readGrace),
  Node: (own, document) => own.Node.take(document, readHost),
}

export const CRD_GROUP = 'crd.projectcalico.org'
export const NATIVE_GROUP = 'projectcalico.org'
export const isCalico = ({ apiVersion }: ObjectDocument): boolean => /^(crd\.)?projectcalico\.org\//.test(apiVersion)

export interface CalicoRecords {
  take(document: ObjectDocument): void
  /** What is in force, by kind. */
  finish(): { readonly [K in Kind]: readonly Kinds[K][] } & { readonly problems: readonly Problem[]; readonly coverage: readonly Coverage[] }
}

export function calicoRecords(): CalicoRecords {
  const classic = readers(CRD_GROUP)
  const native = readers(NATIVE_GROUP)
  const isEmpty = (reader: RecordReader<unknown>): boolean => reader.coverage(false).length === 0

  return {
    take: (document) => TAKE[document.kind]?.(document.apiVersion.startsWith(`${CRD_GROUP}/`) ? classic : native, document),
    finish() {
      // The aggregated API server knows no blocks: where they are there, the objects of the older group are left over from a migration.
      const isNative = !isEmpty(native.IPAMBlock)
      const chosen = <K extends Kind>(kind: K): RecordReader<Kinds[K]> =>
        (isNative || isEmpty(classic[kind]) ? native[kind] : classic[kind]) as RecordReader<Kinds[K]>
      const all = (Object.keys(classic) as Kind[]).map(chosen)
      return {
        IPPool: chosen('IPPool').records(),
        IPReservation: chosen('IPReservation').records(),
        IPAMBlock: chosen('IPAMBlock').records(),
        BlockAffinity: chosen('BlockAffinity').records(),
        IPAMHandle: chosen('IPAMHandle').records(),
        IPAMConfig: chosen('IPAMConfig').records(),
        ClusterInformation: chosen('ClusterInformation').records(),
        KubeControllersConfiguration: chosen('KubeControllersConfiguration').records(),
        Node: chosen('Node').records(),
        problems: all.flatMap((reader) => reader.problems),
        coverage: all.flatMap((reader) => reader.coverage(false)),
      }
    },
  }
}
