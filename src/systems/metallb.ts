// MetalLB's pools (IPAddressPool, metallb.io). Services are the only record of what was given out of them.
// Not visible from outside: which peers or segments announce an address.
import { addressKey, type Range } from '../net/index.ts'
import { defineSystem } from './define-system.ts'
import { counterFault } from './kubernetes/counters.ts'
import { familyPools } from './kubernetes/family-pools.ts'
import { idOf, listAt, valueAt } from './kubernetes/fields.ts'
import { loadBalancerServices } from './kubernetes/load-balancer-services.ts'
import { rangeReader } from './kubernetes/range-reader.ts'
import { recordReader } from './kubernetes/record-reader.ts'

interface PoolRecord {
  readonly name: string
  readonly ranges: readonly Range[]
  readonly status: unknown
  readonly unsettled: boolean
  readonly origin: string
}

/** Services change between the two lists. */
const SLACK = 2n

export const metallb = defineSystem({
  id: 'metallb',
  title: 'MetalLB pools',
  kinds: ['metallb.io/IPAddressPool', '/Service'],
  files: false,
  parser() {
    const records = recordReader<PoolRecord>('ipaddresspools')
    const ranges = rangeReader('ipaddresspools', records)
    const services = loadBalancerServices()
    return {
      object(document) {
        if (document.kind === 'Service') services.take(document)
        else
          records.take(document, (d) => {
            const listed = listAt(d.object, 'spec', 'addresses')
            if (listed.length === 0) return records.unreadable(d, 'has no spec.addresses')
            // Ranges stay what they are: widened to CIDRs they would overlap their neighbours (metallb #2779).
            const own = listed.flatMap((item, i) => ranges.range(d, `spec.addresses[${i}]`, item) ?? [])
            return { name: idOf(d.object), ranges: own, status: valueAt(d.object, 'status'), unsettled: d.unsettled === true, origin: d.origin }
          })
      },
      finish() {
        const pools = records
          .records()
          .flatMap(({ name, ranges: own, origin }) =>
            familyPools({ system: 'metallb', name, domain: 'load-balancers', use: 'load-balancers', certainty: 'declared', origin }, own),
          )
        const allocations = services.from(pools)
        const settled = services.seen && allocations.every(({ unsettled }) => unsettled !== true)
        return {
          pools,
          allocations,
          inconsistencies: records.records().flatMap((record) =>
            ([4, 6] as const).flatMap((family) => {
              const given = allocations.filter(({ pool, address }) => pool === record.name && address.family === family)
              // Services with one sharing key have one address.
              const counted = BigInt(new Set(given.map(({ address }) => addressKey(address))).size)
              const field = `assignedIPv${family}`
              const facts = {
                system: 'metallb',
                subject: `IPAddressPool ${record.name}`,
                field: `status.${field}`,
                stated: valueAt(record.status, field),
              }
              const what = 'load-balancer addresses of Services in it'
              return settled && !record.unsettled ? counterFault({ ...facts, what, counted, slack: SLACK, origin: record.origin }) : []
            }),
          ),
          problems: [...records.problems, ...ranges.problems],
          coverage: records.coverage(false),
        }
      },
    }
  },
})
