// SpiderIPPool: ranges of one family, and its allocations as JSON text in status (spiderpool.spidernet.io/v2beta1).
import type { Allocation, Inconsistency } from '../../model/inventory.ts'
import { formatRange, type Range, rangeCovers, rangeOf, rangeOfAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { counterFault } from '../kubernetes/counters.ts'
import { defined, fieldsOf, idOf, listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import type { RangeReader } from '../kubernetes/range-reader.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface SpiderPool {
  readonly name: string
  /** First network attachment that it is for; undefined: any, the default network among them. */
  readonly attachment: string | undefined
  readonly ranges: readonly Range[]
  readonly excluded: readonly Range[]
  readonly gateway: Range | undefined
  readonly disabled: boolean
  readonly allocations: readonly Allocation[]
  /** uid of the pod that each address was given to. */
  readonly uids: ReadonlyMap<string, string>
  readonly inconsistencies: readonly Inconsistency[]
  readonly unsettled: boolean
  readonly origin: string
}

/** Text of a JSON object inside a status field; null where nothing is recorded. */
export function recordsIn(text: unknown): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text === null || text === '') return {}
  try {
    const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    return parsed === null ? {} : typeof parsed === 'object' && !Array.isArray(parsed) ? fieldsOf(parsed) : undefined
  } catch {
    return undefined
  }
}

export function parsePool(document: ObjectDocument, reader: RecordReader<SpiderPool>, ranges: RangeReader): SpiderPool | undefined {
  const { object, origin, unsettled } = document
  const spec = valueAt(object, 'spec')
  const name = idOf(object)
  const subnet = reader.cidr(document, 'spec.subnet', valueAt(spec, 'subnet'))
  if (subnet === undefined) return undefined
  const read = (field: string) => listAt(spec, field).flatMap((item, i) => ranges.range(document, `spec.${field}[${i}]`, item) ?? [])
  const own = read('ips')
  for (const range of own)
    if (!rangeCovers(rangeOf(subnet), range))
      ranges.wrong(document, `spec.ips ${formatRange(range)} lies outside of spec.subnet`, [formatRange(range)])
  const gatewayText = textAt(spec, 'gateway') || undefined
  const gateway = gatewayText === undefined ? undefined : reader.address(document, 'spec.gateway', gatewayText)
  const records = recordsIn(valueAt(object, 'status', 'allocatedIPs'))
  if (records === undefined) return reader.unreadable(document, 'status.allocatedIPs is not the text of a JSON object')
  const multus = listAt(spec, 'multusName')[0]
  const attachment = typeof multus === 'string' && multus !== '' ? (multus.includes('/') ? multus : `kube-system/${multus}`) : undefined
  const domain = attachment ?? 'default'
  const uids = new Map<string, string>()
  const allocations = Object.entries(records).flatMap(([text, entry]): Allocation[] => {
    const address = reader.address(document, 'status.allocatedIPs', text)
    if (address === undefined) return []
    const id = textAt(entry, 'pod') ?? '?'
    const uid = textAt(entry, 'podUid')
    if (uid !== undefined) uids.set(text, uid)
    return [
      defined({
        system: 'spiderpool',
        pool: name,
        domain,
        address,
        owner: { kind: id === '?' ? 'unknown' : 'pod', id },
        unsettled,
        origin,
      }) as Allocation,
    ]
  })
  const stated = valueAt(object, 'status', 'allocatedIPCount')
  const counter = { system: 'spiderpool', subject: `SpiderIPPool ${name}`, field: 'status.allocatedIPCount', stated, origin }
  return {
    name,
    attachment,
    ranges: own,
    excluded: read('excludeIPs'),
    gateway: gateway === undefined ? undefined : rangeOfAddress(gateway),
    disabled: valueAt(spec, 'disable') === true,
    allocations,
    uids,
    // Count and records are written in one update, so they never differ for a moment.
    inconsistencies: counterFault({ ...counter, what: 'addresses in status.allocatedIPs', counted: BigInt(Object.keys(records).length) }),
    unsettled: unsettled === true,
    origin,
  }
}
