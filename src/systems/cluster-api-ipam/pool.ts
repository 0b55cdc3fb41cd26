// Pools that machines get addresses from: the in-cluster provider's (ipam.cluster.x-k8s.io) and metal3's (ipam.metal3.io).
import type { Allocation, Pool, Reservation } from '../../model/inventory.ts'
import { type Address, formatRange, networkOf, type Range, rangeCovers, rangeOfAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { edges } from '../kubernetes/edges.ts'
import { familyPools } from '../kubernetes/family-pools.ts'
import { defined, fieldsOf, idOf, listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import type { RangeReader } from '../kubernetes/range-reader.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export const SYSTEM = 'cluster-api-ipam'

export interface MachinePool {
  /** namespace/name, name alone for global pools. */
  readonly name: string
  readonly pools: readonly Pool[]
  readonly reservations: readonly Reservation[]
  /** What the pool itself records (metal3). */
  readonly allocations: readonly Allocation[]
  readonly used: unknown
  readonly unsettled: boolean
  readonly origin: string
}

/** Uniqueness is per pool: a management cluster may serve two sites with equal networks. */
export const domainOf = (pool: string): string => `machines ${pool}`

interface Parts {
  readonly ranges: readonly Range[]
  readonly excluded: readonly Range[]
  /** Never handed out, and no fault when it is used: network and broadcast address. */
  readonly withheld: readonly Range[]
  readonly gateways: readonly Address[]
}

function assemble(document: ObjectDocument, { ranges, excluded, withheld, gateways }: Parts): Pick<MachinePool, 'name' | 'pools' | 'reservations'> {
  const name = idOf(document.object)
  const common = { system: SYSTEM, domain: domainOf(name), origin: document.origin }
  const gatewayRanges = [...new Map(gateways.map((gateway) => [`${gateway.family} ${gateway.value}`, rangeOfAddress(gateway)])).values()]
  return {
    name,
    pools: familyPools({ ...common, name, use: 'nodes', certainty: 'declared' }, ranges, [...excluded, ...withheld, ...gatewayRanges]),
    reservations: [
      ...excluded.map((range) => ({ ...common, range, why: `excludedAddresses of ${name}` })),
      ...gatewayRanges.map((range): Reservation => ({ ...common, range, why: `gateway of ${name}`, gateway: true })),
    ],
  }
}

export function parseInClusterPool(document: ObjectDocument, reader: RecordReader<MachinePool>, ranges: RangeReader): MachinePool | undefined {
  const { object, origin } = document
  const spec = valueAt(object, 'spec')
  const listed = listAt(spec, 'addresses')
  if (listed.length === 0) return reader.unreadable(document, 'has no spec.addresses')
  const own = listed.flatMap((item, i) => ranges.range(document, `spec.addresses[${i}]`, item) ?? [])
  const excluded = listAt(spec, 'excludedAddresses').flatMap((item, i) => ranges.range(document, `spec.excludedAddresses[${i}]`, item) ?? [])
  const text = textAt(spec, 'gateway') || undefined
  const gateway = text === undefined ? undefined : reader.address(document, 'spec.gateway', text)
  const prefix = valueAt(spec, 'prefix')
  const [first] = own
  const fits =
    typeof prefix === 'number' && Number.isInteger(prefix) && prefix >= 0 && first !== undefined && prefix <= (first.family === 4 ? 32 : 128)
  const network = fits ? networkOf({ family: first.family, value: first.first }, prefix) : undefined
  const parts = {
    ranges: own,
    excluded,
    withheld: network === undefined || valueAt(spec, 'allocateReservedIPAddresses') === true ? [] : edges([network]),
    gateways: gateway === undefined ? [] : [gateway],
  }
  const used = valueAt(object, 'status', 'ipAddresses', 'used')
  return { ...assemble(document, parts), allocations: [], used, unsettled: document.unsettled === true, origin }
}

/** One entry of metal3's spec.pools: start and end, or all of a subnet but its first address. */
function metal3Range(document: ObjectDocument, field: string, entry: unknown, ranges: RangeReader): Range | undefined {
  const [start, end, subnet] = ['start', 'end', 'subnet'].map((key) => textAt(entry, key) || undefined)
  const whole = subnet === undefined ? undefined : ranges.range(document, `${field}.subnet`, subnet)
  if (start !== undefined && end !== undefined) {
    const range = ranges.between(document, field, start, end)
    if (range !== undefined && whole !== undefined && !rangeCovers(whole, range))
      ranges.wrong(document, `${field} ${formatRange(range)} lies outside of its subnet ${subnet}`, [formatRange(range)])
    return range
  }
  if (whole === undefined) return undefined
  const from = start === undefined ? undefined : ranges.range(document, `${field}.start`, start)
  const to = end === undefined ? undefined : ranges.range(document, `${field}.end`, end)
  return { family: whole.family, first: from?.first ?? whole.first + 1n, last: to?.last ?? whole.last }
}

export function parseMetal3Pool(document: ObjectDocument, reader: RecordReader<MachinePool>, ranges: RangeReader): MachinePool | undefined {
  const { object, origin, unsettled } = document
  const entries = listAt(object, 'spec', 'pools')
  if (entries.length === 0) return reader.unreadable(document, 'has no spec.pools')
  const own = entries.flatMap((entry, i) => metal3Range(document, `spec.pools[${i}]`, entry, ranges) ?? [])
  const texts = [valueAt(object, 'spec', 'gateway'), ...entries.map((entry) => valueAt(entry, 'gateway'))].filter(Boolean)
  const gateways = texts.flatMap((text) => reader.address(document, 'gateway', text) ?? [])
  const name = idOf(object)
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default'
  const allocations = Object.entries(fieldsOf(valueAt(object, 'status', 'indexes'))).flatMap(([claim, text]): Allocation[] => {
    const address = reader.address(document, `status.indexes ${claim}`, text)
    if (address === undefined) return []
    const owner = { kind: 'machine', id: `${namespace}/${claim}` } as const
    return [defined({ system: SYSTEM, pool: name, domain: domainOf(name), address, owner, unsettled, origin }) as Allocation]
  })
  return {
    ...assemble(document, { ranges: own, excluded: [], withheld: [], gateways }),
    allocations,
    used: undefined,
    unsettled: unsettled === true,
    origin,
  }
}
