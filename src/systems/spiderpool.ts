// Spiderpool: SpiderIPPools with their allocations, endpoints as the second record, reserved addresses, and the subnets that pools are cut from.
// Not visible from outside: which interface of a pod a pool without a network attachment is for.
import type { Allocation, Inconsistency, Reservation } from '../model/inventory.ts'
import { type Range, rangeOf } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { familyPools } from './kubernetes/family-pools.ts'
import { defined, idOf, listAt, valueAt } from './kubernetes/fields.ts'
import { outsideTheirPools } from './kubernetes/outside-pool.ts'
import { type RangeReader, rangeReader } from './kubernetes/range-reader.ts'
import { type RecordReader, recordReader } from './kubernetes/record-reader.ts'
import { disagreements, parseEndpoint, type SpiderEndpoint } from './spiderpool/endpoint.ts'
import { parsePool, recordsIn, type SpiderPool } from './spiderpool/pool.ts'

const SYSTEM = 'spiderpool'

interface Reserved {
  readonly name: string
  readonly ranges: readonly Range[]
  readonly origin: string
}

interface Subnet {
  readonly name: string
  readonly pools: readonly string[]
  readonly unsettled: boolean
  readonly origin: string
}

function parseSubnet(document: ObjectDocument, reader: RecordReader<Subnet>, ranges: RangeReader): Subnet | undefined {
  const { object, origin } = document
  const cidr = reader.cidr(document, 'spec.subnet', valueAt(object, 'spec', 'subnet'))
  const controlled = recordsIn(valueAt(object, 'status', 'controlledIPPools'))
  if (cidr === undefined) return undefined
  if (controlled === undefined) return reader.unreadable(document, 'status.controlledIPPools is not the text of a JSON object')
  listAt(object, 'spec', 'ips').forEach((item, i) => {
    const range = ranges.range(document, `spec.ips[${i}]`, item)
    const whole = rangeOf(cidr)
    if (range !== undefined && (range.family !== whole.family || range.first < whole.first || range.last > whole.last))
      ranges.wrong(document, `spec.ips[${i}] ${String(item)} lies outside of spec.subnet`, [String(item)])
  })
  return { name: idOf(object), pools: Object.keys(controlled), unsettled: document.unsettled === true, origin }
}

const parseReserved = (document: ObjectDocument, ranges: RangeReader): Reserved => ({
  name: idOf(document.object),
  ranges: listAt(document.object, 'spec', 'ips').flatMap((item, i) => ranges.range(document, `spec.ips[${i}]`, item) ?? []),
  origin: document.origin,
})

const domainOf = (pool: SpiderPool): string => pool.attachment ?? 'default'

/** What the endpoint knows more than the pool: the node, and that the address is kept for a set or a machine. */
function withEndpoint(allocation: Allocation, endpoints: ReadonlyMap<string, SpiderEndpoint>): Allocation {
  const endpoint = endpoints.get(allocation.owner.id)
  if (endpoint === undefined) return allocation
  const { node, keptFor } = endpoint
  const owner = keptFor === undefined ? allocation.owner : ({ kind: 'unknown', id: allocation.owner.id } as const)
  return defined({ ...allocation, owner, node, purpose: keptFor === undefined ? undefined : `kept for ${keptFor}` }) as Allocation
}

function lostPools(subnets: readonly Subnet[], pools: readonly SpiderPool[]): Inconsistency[] {
  const known = new Set(pools.map(({ name }) => name))
  return subnets.flatMap(({ name, pools: controlled, unsettled, origin }) =>
    unsettled || known.size === 0
      ? []
      : controlled
          .filter((pool) => !known.has(pool))
          .map((pool) => ({
            system: SYSTEM,
            subject: `SpiderSubnet ${name} ${pool}`,
            cause: 'pool-is-gone',
            message: `SpiderSubnet ${name} keeps addresses for SpiderIPPool ${pool}, which does not exist`,
            origin,
          })),
  )
}

export const spiderpool = defineSystem({
  id: SYSTEM,
  title: 'Spiderpool pools',
  kinds: ['SpiderIPPool', 'SpiderEndpoint', 'SpiderSubnet', 'SpiderReservedIP'].map((kind) => `spiderpool.spidernet.io/${kind}`),
  files: false,
  parser() {
    const pools = recordReader<SpiderPool>('spiderippools')
    const endpoints = recordReader<SpiderEndpoint>('spiderendpoints')
    const subnets = recordReader<Subnet>('spidersubnets')
    const reserved = recordReader<Reserved>('spiderreservedips')
    const ranges = {
      pools: rangeReader('spiderippools', pools),
      subnets: rangeReader('spidersubnets', subnets),
      reserved: rangeReader('spiderreservedips', reserved),
    }
    return {
      object(document) {
        if (document.kind === 'SpiderIPPool') pools.take(document, (d) => parsePool(d, pools, ranges.pools))
        else if (document.kind === 'SpiderEndpoint') endpoints.take(document, (d) => parseEndpoint(d, endpoints))
        else if (document.kind === 'SpiderSubnet') subnets.take(document, (d) => parseSubnet(d, subnets, ranges.subnets))
        else reserved.take(document, (d) => parseReserved(d, ranges.reserved))
      },
      finish() {
        const found = pools.records()
        const kept = reserved.records()
        const byPod = new Map(endpoints.records().map((endpoint) => [endpoint.pod, endpoint]))
        const allocations = found.flatMap((pool) => pool.allocations.map((allocation) => withEndpoint(allocation, byPod)))
        const asPools = found.flatMap((pool) =>
          familyPools(
            {
              system: SYSTEM,
              name: pool.name,
              domain: domainOf(pool),
              ...(pool.attachment === undefined ? {} : { use: 'attachments' as const }),
              ...(pool.disabled ? { disabled: true } : {}),
              certainty: 'declared',
              origin: pool.origin,
            },
            pool.ranges,
            [...pool.excluded, ...(pool.gateway === undefined ? [] : [pool.gateway]), ...kept.flatMap((one) => one.ranges)],
          ),
        )
        const own = found.flatMap((pool): Reservation[] => {
          const common = { system: SYSTEM, domain: domainOf(pool), origin: pool.origin }
          const gateway: Reservation[] =
            pool.gateway === undefined ? [] : [{ ...common, range: pool.gateway, why: `gateway of ${pool.name}`, gateway: true }]
          return [...pool.excluded.map((range) => ({ ...common, range, why: `excludeIPs of ${pool.name}` })), ...gateway]
        })
        // Reserved addresses hold for all pools.
        const everywhere = [...new Set(found.map(domainOf))].flatMap((domain) =>
          kept.flatMap(({ name, ranges: list, origin }) =>
            list.map((range): Reservation => ({ system: SYSTEM, domain, range, why: `SpiderReservedIP ${name}`, origin })),
          ),
        )
        const readers = [pools, endpoints, subnets, reserved]
        return {
          pools: asPools,
          allocations,
          reservations: [...own, ...everywhere],
          inconsistencies: [
            ...found.flatMap((pool) => pool.inconsistencies),
            ...disagreements(found, endpoints.records()),
            ...lostPools(subnets.records(), found),
            ...outsideTheirPools(asPools, allocations),
          ],
          problems: [...readers.flatMap((reader) => reader.problems), ...Object.values(ranges).flatMap((reader) => reader.problems)],
          coverage: readers.flatMap((reader) => reader.coverage(false)),
        }
      },
    }
  },
})
