// Antrea's pools: IPPool with its allocations in status, ExternalIPPool with the Egresses that hold its addresses (crd.antrea.io).
// Not visible from outside: addresses of ordinary pods, which host-local keeps on each node.
import type { Allocation, Inconsistency, Pool, Problem, Reservation } from '../model/inventory.ts'
import { formatAddress, type Range, rangeOfAddress } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { holderOf } from './antrea/owner.ts'
import { defineSystem } from './define-system.ts'
import { counterFault } from './kubernetes/counters.ts'
import { familyPools } from './kubernetes/family-pools.ts'
import { defined, idOf, listAt, textAt, timeAt, valueAt } from './kubernetes/fields.ts'
import { outsideTheirPools } from './kubernetes/outside-pool.ts'
import { type RangeReader, rangeReader } from './kubernetes/range-reader.ts'
import { type RecordReader, recordReader } from './kubernetes/record-reader.ts'

const SYSTEM = 'antrea'

interface PoolRecord {
  readonly name: string
  readonly ranges: readonly Range[]
  readonly gateways: readonly Range[]
  readonly allocations: readonly Allocation[]
  readonly used: unknown
  readonly entries: number
  readonly unsettled: boolean
  readonly origin: string
}

function parsePool(document: ObjectDocument, reader: RecordReader<PoolRecord>, ranges: RangeReader): PoolRecord | undefined {
  const { object, origin } = document
  const entries = listAt(object, 'spec', 'ipRanges')
  if (entries.length === 0) return reader.unreadable(document, 'has no spec.ipRanges')
  const own = entries.flatMap((entry, i): Range[] => {
    const field = `spec.ipRanges[${i}]`
    const cidr = valueAt(entry, 'cidr')
    const found =
      cidr === undefined ? ranges.between(document, field, valueAt(entry, 'start'), valueAt(entry, 'end')) : ranges.range(document, field, cidr)
    return found === undefined ? [] : [found]
  })
  // v1alpha2 states the gateway with each range, v1beta1 once.
  const stated = [valueAt(object, 'spec', 'subnetInfo', 'gateway'), ...entries.map((entry) => valueAt(entry, 'gateway'))].filter(Boolean)
  const gateways = stated.flatMap((text) => {
    const address = reader.address(document, 'gateway', text)
    return address === undefined ? [] : [rangeOfAddress(address)]
  })
  const name = idOf(object)
  const recorded = listAt(object, 'status', 'ipAddresses')
  const allocations = recorded.flatMap((entry, i): Allocation[] => {
    const address = reader.address(document, `status.ipAddresses[${i}].ipAddress`, valueAt(entry, 'ipAddress'))
    if (address === undefined) return []
    return [
      defined({ system: SYSTEM, pool: name, domain: 'default', address, ...holderOf(entry), unsettled: document.unsettled, origin }) as Allocation,
    ]
  })
  const used = valueAt(object, 'status', 'usage', 'used')
  return { name, ranges: own, gateways, allocations, used, entries: recorded.length, unsettled: document.unsettled === true, origin }
}

function parseEgress(document: ObjectDocument, reader: RecordReader<Allocation | null>): Allocation | null | undefined {
  const { object, origin } = document
  const text = valueAt(object, 'spec', 'egressIP')
  const pool = textAt(object, 'spec', 'externalIPPool')
  // Without a pool the address was chosen by a person; without an address none has been given yet.
  if (text === undefined || text === '' || pool === undefined || pool === '') return null
  const address = reader.address(document, 'spec.egressIP', text)
  if (address === undefined) return undefined
  return defined({
    system: SYSTEM,
    pool,
    domain: 'load-balancers',
    address,
    owner: { kind: 'unknown', id: idOf(object) },
    node: textAt(object, 'status', 'egressNode') || undefined,
    purpose: 'egress',
    recordedAt: timeAt(object, 'metadata', 'creationTimestamp'),
    unsettled: document.unsettled,
    origin,
  }) as Allocation
}

/** Only secondary interfaces take addresses from it. */
const isSecondary = ({ allocations }: PoolRecord): boolean => {
  const named = allocations.flatMap((allocation) => allocation.attachment?.interface ?? [])
  return named.length > 0 && named.every((name) => name !== 'eth0')
}

function faultsOf(pool: PoolRecord): Inconsistency[] {
  if (pool.unsettled) return []
  const subject = `IPPool ${pool.name}`
  const seen = new Set<string>()
  const twice = pool.allocations.map(({ address }) => formatAddress(address)).filter((text) => seen.size === seen.add(text).size)
  return [
    // The controller counts a moment after the agents have written.
    ...counterFault({
      system: SYSTEM,
      subject,
      field: 'status.usage.used',
      stated: pool.used,
      what: 'entries in status.ipAddresses',
      counted: BigInt(pool.entries),
      slack: 1n,
      origin: pool.origin,
    }),
    ...twice.map((address): Inconsistency => {
      const owners = pool.allocations.filter((allocation) => formatAddress(allocation.address) === address).map(({ owner }) => owner.id)
      const message = `${subject} records ${address} ${owners.length} times, for ${owners.join(' and ')}`
      return { system: SYSTEM, subject: `${subject} ${address}`, cause: 'address-twice', message, addresses: [address], owners, origin: pool.origin }
    }),
    ...pool.allocations
      .filter(({ owner }) => owner.id === '?')
      .map((allocation): Inconsistency => {
        const address = formatAddress(allocation.address)
        const message = `${subject} records ${address} for nobody: the controller should have removed the entry`
        return { system: SYSTEM, subject: `${subject} ${address}`, cause: 'no-owner', message, addresses: [address], origin: pool.origin }
      }),
  ]
}

export const antrea = defineSystem({
  id: SYSTEM,
  title: 'Antrea pools',
  kinds: ['crd.antrea.io/IPPool', 'crd.antrea.io/ExternalIPPool', 'crd.antrea.io/Egress'],
  files: false,
  parser() {
    const pools = recordReader<PoolRecord>('ippools.crd.antrea.io')
    const external = recordReader<PoolRecord>('externalippools')
    const egresses = recordReader<Allocation | null>('egresses')
    const ranges = { pools: rangeReader('ippools.crd.antrea.io', pools), external: rangeReader('externalippools', external) }
    return {
      object(document) {
        if (document.kind === 'IPPool') pools.take(document, (d) => parsePool(d, pools, ranges.pools))
        else if (document.kind === 'ExternalIPPool') external.take(document, (d) => parsePool(d, external, ranges.external))
        else egresses.take(document, (d) => parseEgress(d, egresses))
      },
      finish() {
        const asPools = (record: PoolRecord, rest: Pick<Pool, 'domain' | 'use'>) =>
          familyPools({ system: SYSTEM, name: record.name, ...rest, certainty: 'declared', origin: record.origin }, record.ranges, record.gateways)
        const asGateways = (record: PoolRecord, domain: string) =>
          record.gateways.map(
            (range): Reservation => ({ system: SYSTEM, domain, range, why: `gateway of ${record.name}`, gateway: true, origin: record.origin }),
          )
        const found = pools
          .records()
          .flatMap((record) => asPools(record, { domain: 'default', ...(isSecondary(record) ? { use: 'attachments' } : {}) }))
        const outward = external.records().flatMap((record) => asPools(record, { domain: 'load-balancers', use: 'load-balancers' }))
        const allocations = [...pools.records().flatMap((record) => record.allocations), ...egresses.records().filter((egress) => egress !== null)]
        const problems: Problem[] = [
          ...pools.problems,
          ...external.problems,
          ...egresses.problems,
          ...ranges.pools.problems,
          ...ranges.external.problems,
        ]
        return {
          pools: [...found, ...outward],
          allocations,
          reservations: [
            ...pools.records().flatMap((record) => asGateways(record, 'default')),
            ...external.records().flatMap((record) => asGateways(record, 'load-balancers')),
          ],
          inconsistencies: [...pools.records().flatMap(faultsOf), ...outsideTheirPools([...found, ...outward], allocations)],
          problems,
          coverage: [...pools.coverage(false), ...external.coverage(false), ...egresses.coverage(false)],
        }
      },
    }
  },
})
