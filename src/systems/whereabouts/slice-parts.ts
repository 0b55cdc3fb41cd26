// Slices of nodes as pools, blocks and records of nodes.
import type { Block, NodeRecord, Pool } from '../../model/inventory.ts'
import { rangeOf } from '../../net/index.ts'
import { defined } from '../kubernetes/fields.ts'
import type { Records } from './join-records.ts'
import { domainOfNetwork } from './read-config.ts'
import type { SliceRecord } from './read-slices.ts'

const SYSTEM = 'whereabouts'

/** Named like the network_name, or like the CNI network where there is none. */
const networkOfSlices = ({ name }: SliceRecord, { configs, pools }: Records): string =>
  configs.some(({ networkName }) => networkName === name) || pools.some((pool) => pool.name.startsWith(`${name}-`)) ? name : ''

const slicePool = (record: SliceRecord, records: Records): Pool =>
  defined({
    system: SYSTEM,
    name: record.name,
    domain: domainOfNetwork(networkOfSlices(record, records)),
    family: record.cidr.family,
    ranges: [rangeOf(record.cidr)],
    blockPrefix: record.prefix ?? record.slices[0]?.cidr.prefix ?? record.cidr.prefix,
    use: 'attachments' as const,
    certainty: 'declared' as const,
    origin: record.origin,
  }) as Pool

const sliceBlocks = (record: SliceRecord, records: Records): Block[] =>
  record.slices.map(({ node, cidr }) => ({
    system: SYSTEM,
    pool: record.name,
    domain: domainOfNetwork(networkOfSlices(record, records)),
    cidr,
    node,
    origin: record.origin,
  }))

const sliceRecords = (record: SliceRecord): NodeRecord[] =>
  [...new Set(record.slices.map(({ node }) => node))].map(
    (node) =>
      defined({
        system: SYSTEM,
        node,
        what: `slice of NodeSlicePool ${record.name}`,
        ranges: record.slices.filter((slice) => slice.node === node).map(({ cidr }) => rangeOf(cidr)),
        recordedAt: record.createdAt,
        origin: record.origin,
      }) as NodeRecord,
  )

export const sliceParts = (records: Records): { pools: Pool[]; blocks: Block[]; nodeRecords: NodeRecord[] } => ({
  pools: records.slices.map((record) => slicePool(record, records)),
  blocks: records.slices.flatMap((record) => sliceBlocks(record, records)),
  nodeRecords: records.slices.flatMap(sliceRecords),
})
