// kube-vip's cloud provider: pools in the ConfigMap kube-system/kubevip, under cidr-<namespace> and range-<namespace> (global for all namespaces).
// Not visible from outside: addresses that kube-vip takes by DHCP, and the virtual address of the control plane (a flag of its static pod).
import { type Range, rangeOf, tryCidr } from '../net/index.ts'
import { defineSystem } from './define-system.ts'
import { familyPools } from './kubernetes/family-pools.ts'
import { fieldsOf, textAt, valueAt } from './kubernetes/fields.ts'
import { loadBalancerServices } from './kubernetes/load-balancer-services.ts'
import { rangeReader } from './kubernetes/range-reader.ts'
import { recordReader } from './kubernetes/record-reader.ts'

interface PoolRecord {
  readonly name: string
  readonly ranges: readonly Range[]
  readonly origin: string
}

const SOURCE = 'configmaps (kubevip)'

/** Stands for "ask DHCP" and is no address (https://github.com/kube-vip/kube-vip-cloud-provider). */
const DHCP = '0.0.0.0/32'

/** Network and broadcast address of a pool written as CIDR are left out. */
function handedOut(range: Range, text: string): Range {
  const cidr = tryCidr(text)
  if (cidr === undefined || cidr.family === 6 || cidr.prefix >= 31) return range
  const whole = rangeOf(cidr)
  return { family: 4, first: whole.first + 1n, last: whole.last - 1n }
}

export const kubeVip = defineSystem({
  id: 'kube-vip',
  title: 'kube-vip pools',
  kinds: ['/ConfigMap', '/Service'],
  files: false,
  parser() {
    const records = recordReader<readonly PoolRecord[]>(SOURCE)
    const ranges = rangeReader(SOURCE, records)
    const services = loadBalancerServices()
    return {
      object(document) {
        if (document.kind === 'Service') services.take(document)
        else if (textAt(document.object, 'metadata', 'name') === 'kubevip')
          records.take(document, (d) =>
            Object.entries(fieldsOf(valueAt(d.object, 'data'))).flatMap(([key, value]): PoolRecord[] => {
              if (!/^(cidr|range)-/.test(key)) return []
              const texts = String(value)
                .split(',')
                .map((text) => text.trim())
              const own = texts.flatMap((text) => {
                const found = text === '' || text === DHCP ? undefined : ranges.range(d, `data.${key}`, text)
                return found === undefined ? [] : [handedOut(found, text)]
              })
              return own.length === 0 ? [] : [{ name: key, ranges: own, origin: d.origin }]
            }),
          )
      },
      finish() {
        const pools = records
          .records()
          .flat()
          .flatMap(({ name, ranges: own, origin }) =>
            familyPools({ system: 'kube-vip', name, domain: 'load-balancers', use: 'load-balancers', certainty: 'declared', origin }, own),
          )
        return { pools, allocations: services.from(pools), problems: [...records.problems, ...ranges.problems], coverage: records.coverage(false) }
      },
    }
  },
})
