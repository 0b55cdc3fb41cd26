// Calico's pools against what kube-proxy takes for the pods' range: traffic from outside of it is masqueraded, and policies no longer know the pod.
import type { Violation } from '../../model/finding.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { formatRange, rangeCovers, rangeOf } from '../../net/index.ts'
import { cidrTexts } from './canonical-text.ts'
import type { PodRangeStatements } from './cluster-cidr.ts'
import { declaredFacts } from './daemon-networks.ts'
import { fixBy } from './fix-by.ts'
import { nameList } from './name-list.ts'

export function* poolsOutsideKubeProxyRange(inventory: Inventory, { kubeProxy }: PodRangeStatements): Generator<Violation> {
  if (inventory.mode !== 'calico') return
  for (const family of [4, 6] as const) {
    const said = kubeProxy.filter((range) => range.cidr.family === family)
    const pools = inventory.pools.filter(
      (pool) => pool.system === 'calico' && pool.family === family && pool.disabled !== true && pool.use === undefined,
    )
    const missed = pools.filter((pool) => !pool.ranges.every((range) => said.some(({ cidr }) => rangeCovers(rangeOf(cidr), range))))
    if (said.length === 0 || missed.length === 0) continue
    const ranges = cidrTexts(said.map((range) => range.cidr))
    const texts = missed.flatMap((pool) => pool.ranges.map(formatRange))
    yield {
      severity: 'medium',
      cause: 'pool-outside-kube-proxy-range',
      ...fixBy('R17'),
      message: `kube-proxy takes ${ranges.join(', ')} for the pods' range, which does not hold ${nameList(texts)} of pool ${nameList(missed.map(({ name }) => name))}: Service traffic of those pods is masqueraded as if it came from outside`,
      addresses: [...ranges, ...texts],
      evidence: [
        ...declaredFacts(said),
        ...missed.map((pool) => ({ source: pool.origin, fact: `pool ${pool.name} is ${pool.ranges.map(formatRange).join(', ')}` })),
      ],
    }
  }
}
