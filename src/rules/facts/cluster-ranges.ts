// The ranges that somebody states for pods and Services of the whole cluster: what overlap rules compare.
import type { Confidence, Evidence } from '../../model/finding.ts'
import { groupByEach } from '../../model/group-by.ts'
import type { DeclaredRange } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { type Address, cidrHolds, compareRanges, formatRange, networkOf, type Range, rangeCovers, rangeOf } from '../../net/index.ts'

export interface StatedRange {
  readonly range: Range
  readonly text: string
  readonly evidence: readonly Evidence[]
  readonly confidence: Confidence
}

/** kube-proxy's clusterCIDR says what not to masquerade, and is often wider than what pods get: it counts where nothing better is stated. */
const fromKubeProxy = (range: DeclaredRange): boolean => range.by.startsWith('kube-proxy')

interface Statement {
  readonly range: Range
  readonly evidence: Evidence
  readonly confidence: Confidence
}

const stated = (declared: DeclaredRange, confidence: Confidence): Statement => ({
  range: rangeOf(declared.cidr),
  evidence: { source: declared.origin, fact: `${declared.by} is ${formatRange(rangeOf(declared.cidr))}` },
  confidence,
})

/** Each range once, and none that lies inside another: ServiceCIDRs may nest, and one pool is often stated in several places. */
function widest(statements: readonly Statement[]): StatedRange[] {
  const byText = groupByEach(statements, ({ range }) => [formatRange(range)])
  const kept: StatedRange[] = []
  const wideFirst = [...byText].sort(([, [a]], [, [b]]) => compareStarts((a as Statement).range, (b as Statement).range))
  for (const [text, group] of wideFirst) {
    const { range, confidence } = group[0] as Statement
    const before = kept.at(-1)
    if (before !== undefined && rangeCovers(before.range, range)) continue
    const evidence = group.map((statement) => statement.evidence).sort((a, b) => (`${a.source}\0${a.fact}` < `${b.source}\0${b.fact}` ? -1 : 1))
    kept.push({ range, text, evidence: uniqueEvidence(evidence), confidence })
  }
  return kept
}

/** By family and first address, then the wider range first. */
const compareStarts = (a: Range, b: Range): number =>
  a.family === b.family && a.first === b.first ? (a.last > b.last ? -1 : a.last < b.last ? 1 : 0) : compareRanges(a, b)

const uniqueEvidence = (sorted: readonly Evidence[]): Evidence[] =>
  sorted.filter((item, i) => item.source !== sorted[i - 1]?.source || item.fact !== sorted[i - 1]?.fact)

/** Ranges stated for pods of the default network. Guesses from node ranges are not among them. */
export function podRanges(inventory: Inventory): readonly StatedRange[] {
  const declared = inventory.declared.filter((range) => range.role === 'pods' && range.certainty === 'declared')
  const firm = declared.filter((range) => !fromKubeProxy(range)).map((range) => stated(range, 'certain'))
  for (const pool of inventory.pools) {
    if (pool.domain !== 'default' || pool.use !== undefined || pool.certainty !== 'declared' || pool.node !== undefined || pool.disabled === true)
      continue
    // The pools of node-cidr are the declared ranges once more.
    if (pool.system === 'node-cidr' && declared.length > 0) continue
    for (const range of pool.ranges)
      firm.push({
        range,
        evidence: { source: pool.origin, fact: `pool ${pool.name} of ${pool.system} is ${formatRange(range)}` },
        confidence: 'certain',
      })
  }
  const families = new Set(firm.map(({ range }) => range.family))
  const soft = declared.filter((range) => fromKubeProxy(range) && !families.has(range.cidr.family)).map((range) => stated(range, 'likely'))
  return widest([...firm, ...soft])
}

/** Ranges stated for Services by ServiceCIDR objects, flags or configuration. */
export function serviceRanges(inventory: Inventory): readonly StatedRange[] {
  return widest(
    inventory.declared.filter((range) => range.role === 'services' && range.certainty === 'declared').map((range) => stated(range, 'certain')),
  )
}

/** Ranges that the API server hands out from: ServiceCIDR objects where there are any, else what is stated. */
export function servicePools(inventory: Inventory): readonly StatedRange[] {
  const pools = inventory.pools.filter((pool) => pool.system === 'services' && pool.certainty === 'declared')
  return widest(
    pools.flatMap((pool) =>
      pool.ranges.map(
        (range): Statement => ({
          range,
          evidence: { source: pool.origin, fact: `${pool.name} is ${formatRange(range)}` },
          confidence: 'certain',
        }),
      ),
    ),
  )
}

/** Where no range is stated for a family: the smallest network around all its ClusterIPs. It lies inside the real range unless there are several, hence `possible`. */
export function guessedServiceRanges(inventory: Inventory): readonly StatedRange[] {
  const known = new Set(serviceRanges(inventory).map(({ range }) => range.family))
  return ([4, 6] as const).flatMap((family): StatedRange[] => {
    if (known.has(family)) return []
    const addresses = inventory.services.flatMap((service) => service.clusterIps.filter((address) => address.family === family))
    const network = networkAround(addresses)
    if (network === undefined) return []
    const text = formatRange(network)
    const evidence = [{ source: 'services', fact: `${text} is the smallest network around ${addresses.length} ClusterIPs` }]
    return [{ range: network, text, evidence, confidence: 'possible' }]
  })
}

function networkAround(addresses: readonly Address[]): Range | undefined {
  const first = addresses[0]
  if (first === undefined) return undefined
  let network = networkOf(first, first.family === 4 ? 32 : 128)
  for (const address of addresses) while (!cidrHolds(network, address)) network = networkOf(first, network.prefix - 1)
  return rangeOf(network)
}
