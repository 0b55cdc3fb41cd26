// nvidia-k8s-ipam: pools for secondary networks, cut into one range (IPPool) or one CIDR (CIDRPool) for each node (nv-ipam.nvidia.com).
// Not visible from outside: single addresses, which a daemon on each node gives out of the node's part.
import type { Block, NodeRecord, Pool, Reservation } from '../model/inventory.ts'
import { type Cidr, cidrsOf, formatRange, networkOf, type Range, rangeCovers, rangeOf, rangeOfAddress } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { idOf, listAt, textAt, valueAt } from './kubernetes/fields.ts'
import { type RangeReader, rangeReader } from './kubernetes/range-reader.ts'
import { type RecordReader, recordReader } from './kubernetes/record-reader.ts'

const SYSTEM = 'nv-ipam'

interface NodePart {
  readonly node: string
  readonly range: Range
}

interface PoolRecord {
  readonly pool: Pool
  readonly parts: readonly NodePart[]
  readonly reserved: readonly { readonly range: Range; readonly gateway: boolean }[]
}

/** Both kinds; they differ in the names of fields and in how a node's part is written. */
function parsePool(document: ObjectDocument, reader: RecordReader<PoolRecord>, ranges: RangeReader): PoolRecord | undefined {
  const { object, origin } = document
  const isCidrPool = document.kind === 'CIDRPool'
  const name = idOf(object)
  const spec = valueAt(object, 'spec')
  const field = isCidrPool ? 'cidr' : 'subnet'
  const cidr = reader.cidr(document, `spec.${field}`, valueAt(spec, field))
  if (cidr === undefined) return undefined
  const size = valueAt(spec, isCidrPool ? 'perNodeNetworkPrefix' : 'perNodeBlockSize')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1 || (isCidrPool && size > (cidr.family === 4 ? 32 : 128)))
    return reader.unreadable(document, `spec.${isCidrPool ? 'perNodeNetworkPrefix' : 'perNodeBlockSize'} is ${JSON.stringify(size) ?? 'missing'}`)
  const parts = listAt(object, 'status', 'allocations').flatMap((entry, i): NodePart[] => {
    const range = partOf(document, `status.allocations[${i}]`, entry, isCidrPool, ranges)
    if (range === undefined) return []
    if (!rangeCovers(rangeOf(cidr), range))
      ranges.wrong(document, `status.allocations[${i}] ${formatRange(range)} lies outside of the pool`, [formatRange(range)])
    return [{ node: textAt(entry, 'nodeName') ?? '', range }]
  })
  const excluded = listAt(spec, 'exclusions').flatMap(
    (entry, i) => ranges.between(document, `spec.exclusions[${i}]`, valueAt(entry, 'startIP'), valueAt(entry, 'endIP')) ?? [],
  )
  const gatewayTexts = isCidrPool ? listAt(object, 'status', 'allocations').map((entry) => valueAt(entry, 'gateway')) : [valueAt(spec, 'gateway')]
  const gateways = gatewayTexts.filter(Boolean).flatMap((text) => reader.address(document, 'gateway', text) ?? [])
  return {
    pool: {
      system: SYSTEM,
      name,
      domain: `nv-ipam ${name}`,
      family: cidr.family,
      ranges: [rangeOf(cidr)],
      ...(isCidrPool ? { blockPrefix: size } : { blockSize: BigInt(size) }),
      use: 'attachments',
      certainty: 'declared',
      origin,
    },
    parts,
    reserved: [
      ...excluded.map((range) => ({ range, gateway: false })),
      ...gateways.map((address) => ({ range: rangeOfAddress(address), gateway: true })),
    ],
  }
}

function partOf(document: ObjectDocument, field: string, entry: unknown, isCidrPool: boolean, ranges: RangeReader): Range | undefined {
  if (isCidrPool) return ranges.range(document, `${field}.prefix`, valueAt(entry, 'prefix'))
  return ranges.between(document, field, valueAt(entry, 'startIP'), valueAt(entry, 'endIP'))
}

/** A part that is no CIDR becomes the fewest that make it up. */
const blocksOf = ({ pool, parts }: PoolRecord): Block[] =>
  parts.flatMap(({ node, range }) =>
    [...cidrsOf(range)].map(
      (cidr: Cidr): Block => ({
        system: SYSTEM,
        pool: pool.name,
        domain: pool.domain,
        cidr: networkOf({ family: cidr.family, value: cidr.base }, cidr.prefix),
        node,
        origin: pool.origin,
      }),
    ),
  )

const nodeRecordsOf = ({ pool, parts }: PoolRecord): NodeRecord[] =>
  parts
    .filter(({ node }) => node !== '')
    .map(({ node, range }) => ({ system: SYSTEM, node, what: `its part of pool ${pool.name}`, ranges: [range], origin: pool.origin }))

const reservationsOf = ({ pool, reserved }: PoolRecord): Reservation[] =>
  reserved.map(({ range, gateway }) => ({
    system: SYSTEM,
    domain: pool.domain,
    range,
    why: `${gateway ? 'gateway' : 'exclusions'} of pool ${pool.name}`,
    ...(gateway ? { gateway: true as const } : {}),
    origin: pool.origin,
  }))

export const nvIpam = defineSystem({
  id: SYSTEM,
  title: 'nvidia-k8s-ipam pools',
  kinds: ['nv-ipam.nvidia.com/IPPool', 'nv-ipam.nvidia.com/CIDRPool'],
  files: false,
  parser() {
    const readers = { IPPool: recordReader<PoolRecord>('ippools.nv-ipam.nvidia.com'), CIDRPool: recordReader<PoolRecord>('cidrpools') }
    const ranges = { IPPool: rangeReader('ippools.nv-ipam.nvidia.com', readers.IPPool), CIDRPool: rangeReader('cidrpools', readers.CIDRPool) }
    return {
      object(document) {
        const kind = document.kind === 'CIDRPool' ? 'CIDRPool' : 'IPPool'
        readers[kind].take(document, (d) => parsePool(d, readers[kind], ranges[kind]))
      },
      finish() {
        const records = Object.values(readers).flatMap((reader) => reader.records())
        return {
          pools: records.map(({ pool }) => pool),
          blocks: records.flatMap(blocksOf),
          nodeRecords: records.flatMap(nodeRecordsOf),
          reservations: records.flatMap(reservationsOf),
          problems: [...Object.values(readers), ...Object.values(ranges)].flatMap(({ problems }) => problems),
          coverage: Object.values(readers).flatMap((reader) => reader.coverage(false)),
        }
      },
    }
  },
})
