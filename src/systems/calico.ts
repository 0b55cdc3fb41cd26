// Calico: pools, blocks that nodes claim from them, and the owner of every address, from the Kubernetes datastore (either API group).
// Not visible: an etcd datastore, virtual machines (KubeVirt objects are not read), and what Felix has programmed on nodes.
import type { ModeSignal } from '../model/inventory.ts'
import { type Address, addressKey, readAddress } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { checkBlock } from './calico/check-block.ts'
import { checkAffinities, checkHandles } from './calico/check-claims.ts'
import { CRD_GROUP, calicoRecords, isCalico, NATIVE_GROUP } from './calico/records.ts'
import type { Labels } from './calico/selector.ts'
import { allocationsFrom, blocksFrom, nodeRecordsFrom, poolsFrom } from './calico/stores.ts'
import { defineSystem } from './define-system.ts'
import { fieldsOf, textAt, valueAt } from './kubernetes/fields.ts'

/** Live pods that are compared with allocations: enough to tell a store in use from one that a removed Calico left behind. */
const SAMPLE = 2000

function liveAddress({ object }: ObjectDocument): Address | undefined {
  const phase = textAt(object, 'status', 'phase')
  const text = textAt(object, 'status', 'podIP')
  if (valueAt(object, 'spec', 'hostNetwork') === true || phase === 'Succeeded' || phase === 'Failed' || text === undefined) return undefined
  return readAddress(text)?.value
}

/** Objects of a removed CNI often stay: being there is a weak sign, holding the addresses of live pods the strongest. */
function signalOf(live: readonly Address[], held: ReadonlySet<number | bigint>, origin: string): ModeSignal | undefined {
  const inUse = live.filter((address) => held.has(addressKey(address))).length
  if (live.length > 0 && inUse * 10 >= live.length * 9)
    return { mode: 'calico', weight: 3, fact: `${inUse} of ${live.length} live pod addresses are allocated in Calico's blocks`, origin }
  if (live.length > 0 && inUse * 2 < live.length) return undefined
  return {
    mode: 'calico',
    weight: live.length === 0 ? 2 : 1,
    fact: `Calico's blocks hold ${held.size === 1 ? '1 address' : `${held.size} addresses`}`,
    origin,
  }
}

export const calico = defineSystem({
  id: 'calico',
  title: 'Calico',
  kinds: [
    '/Pod',
    '/Node',
    ...['IPPool', 'IPReservation', 'IPAMBlock', 'BlockAffinity', 'IPAMHandle', 'ClusterInformation', 'KubeControllersConfiguration'].flatMap(
      (kind) => [`${CRD_GROUP}/${kind}`, `${NATIVE_GROUP}/${kind}`],
    ),
    `${CRD_GROUP}/IPAMConfig`,
    `${NATIVE_GROUP}/IPAMConfiguration`,
    `${NATIVE_GROUP}/Node`,
  ],
  fields: { '/Pod': { fields: { spec: { hostNetwork: true }, status: { phase: true, podIP: true } } } },
  files: false,
  parser() {
    const records = calicoRecords()
    const labels = new Map<string, Labels>()
    const live: Address[] = []
    return {
      object(document) {
        if (isCalico(document)) records.take(document)
        else if (document.kind === 'Node')
          labels.set(textAt(document.object, 'metadata', 'name') ?? '?', fieldsOf(valueAt(document.object, 'metadata', 'labels')))
        else if (live.length < SAMPLE) {
          const address = liveAddress(document)
          if (address !== undefined) live.push(address)
        }
      },
      finish() {
        const found = records.finish()
        const blocks = found.IPAMBlock.filter((block) => block !== null)
        const affinities = found.BlockAffinity.filter((affinity) => affinity !== null)
        const handles = found.IPAMHandle.filter((handle) => handle !== null)
        const reservations = found.IPReservation.flat()
        const allocations = [...allocationsFrom(found.IPPool, blocks)]
        const held = new Set(allocations.map(({ address }) => addressKey(address)))
        const signal = allocations.length === 0 ? undefined : signalOf(live, held, blocks[0]?.origin ?? 'ipamblocks')
        // Without any handle in the input they were not saved; what is missing then proves nothing.
        const handlesKnown = found.coverage.some(({ source }) => source === 'ipamhandles')
        const locked = found.ClusterInformation.includes(false)
        return {
          pools: poolsFrom(found.IPPool, blocks, reservations, found.IPAMConfig[0], labels),
          blocks: blocksFrom(found.IPPool, blocks, affinities),
          allocations,
          reservations,
          nodeRecords: nodeRecordsFrom(blocks, affinities, found.Node),
          inconsistencies: [
            ...blocks.flatMap((block) => [...checkBlock(block)]),
            ...(handlesKnown ? checkHandles(handles, blocks) : []),
            ...checkAffinities(affinities, blocks),
          ],
          collectors: found.KubeControllersConfiguration.map((config) => ({ system: 'calico', ...config })),
          signals: signal === undefined ? [] : [signal],
          problems: found.problems,
          coverage: [
            ...found.coverage,
            ...(locked
              ? [
                  {
                    source: 'clusterinformations',
                    status: 'partial' as const,
                    read: found.ClusterInformation.length,
                    error:
                      'the datastore is locked (ClusterInformation datastoreReady is false): a migration or a clean-up is under way, and records may be half moved',
                  },
                ]
              : []),
          ],
        }
      },
    }
  },
})
