// PLN-001: fewer addresses on a node than its pods need.
import type { Violation } from '../../model/finding.ts'
import { formatCidr } from '../../net/index.ts'
import type { FamilyPool } from '../address-plan.ts'
import { prefixForPods } from '../block-prefix.ts'
import { usableOf } from '../capacity.ts'
import { demandOfNodePool } from '../demand.ts'
import type { NodePool, PlanRequest } from '../plan-request.ts'
import { defineCheck } from './define-check.ts'

/** kubelet's --max-pods where nobody sets it. */
const kubeletDefault = 110

/** Nobody has said how many pods there may be: worth a hint where kubelet's default would not fit. */
function assume(usable: bigint, block: string): Pick<Violation, 'severity' | 'confidence' | 'message' | 'steps'> | undefined {
  if (usable >= BigInt(kubeletDefault)) return undefined
  const message = `${block}, and kubelet starts up to ${kubeletDefault} pods unless it is told otherwise`
  const step = usable === 0n ? 'use a shorter node prefix' : `set kubelet's --max-pods to ${usable} or less, and give --max-pods here`
  return { severity: 'low', confidence: 'possible', message, steps: [step] }
}

function judge({ profile, horizon }: PlanRequest, nodePool: NodePool, { cidr, nodePrefix }: FamilyPool): Violation | undefined {
  const { family } = cidr
  const usable = usableOf(family, nodePrefix, profile.lost[family])
  const about = { addresses: [formatCidr(cidr)], subject: [nodePool.name] }
  const block = `a /${nodePrefix} has ${usable} addresses for pods`
  if (nodePool.maxPods === undefined) {
    const guess = demandOfNodePool(nodePool, horizon).maximum === 0 ? undefined : assume(usable, block)
    return guess && { ...about, ...guess }
  }
  const maxPods = BigInt(nodePool.maxPods)
  const better = `give each node a /${prefixForPods(profile, family, nodePool.maxPods)}`
  const steps = usable < 2n ? [better] : [`${better}, or set --max-pods to ${usable / 2n} or less`]
  if (usable < maxPods) return { ...about, severity: 'high', message: `${block}, fewer than the ${maxPods} pods that a node may run`, steps }
  if (usableOf(family, nodePrefix, 0) >= 2n * maxPods) return undefined
  return {
    ...about,
    message: `${block}, less than twice the ${maxPods} pods that a node may run: addresses are given again as soon as they are free`,
    steps,
  }
}

export const doublingRule = defineCheck({
  id: 'PLN-001',
  name: 'doubling-rule',
  title: 'A node has twice as many addresses as pods',
  severity: 'low',
  revision: 1,
  why: 'While pods are replaced, old and new ones hold addresses side by side, and an address that is given again at once gets traffic meant for its former pod.',
  predicate:
    "Low when a node block has fewer than 2 x maxPods addresses; high when those for pods are fewer than maxPods; low and possible when maxPods is not given and kubelet's default of 110 would not fit.",
  guards: ['a node pool without nodes and without maxPods'],
  fix: ['use a shorter node prefix, or allow fewer pods on a node'],
  links: ['https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr', 'https://github.com/kubernetes/kubernetes/issues/20177'],
  *check({ request, pools }) {
    for (const { nodePools, families } of pools) {
      for (const nodePool of nodePools) {
        for (const family of families) {
          const violation = judge(request, nodePool, family)
          if (violation !== undefined) yield violation
        }
      }
    }
  },
})
