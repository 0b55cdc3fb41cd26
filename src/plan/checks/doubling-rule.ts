// PLN-001: fewer addresses on a node than its pods need.
import type { Violation } from '../../model/finding.ts'
import { formatCidr } from '../../net/index.ts'
import type { FamilyPool } from '../address-plan.ts'
import { shapeOf } from '../block-prefix.ts'
import { usableOf } from '../capacity.ts'
import { demandOfNodePool } from '../demand.ts'
import type { NodePool, PlanRequest } from '../plan-request.ts'
import { usablePerNode } from '../usable.ts'
import { defineCheck } from './define-check.ts'

/** Nobody has said how many pods there may be: worth a hint where the default would not fit. */
function assume(usable: bigint, most: number, block: string): Pick<Violation, 'severity' | 'confidence' | 'message' | 'steps'> | undefined {
  if (usable >= BigInt(most)) return undefined
  const message = `${block}, and kubelet starts up to ${most} pods unless it is told otherwise`
  const step = usable === 0n ? 'use a shorter node prefix' : `set kubelet's --max-pods to ${usable} or less, and give --max-pods here`
  return { severity: 'low', confidence: 'possible', message, steps: [step] }
}

function judge({ profile, horizon }: PlanRequest, nodePool: NodePool, { cidr, nodePrefix }: FamilyPool): Violation | undefined {
  const { family } = cidr
  const usable = usablePerNode(profile, shapeOf(profile, nodePool, family, nodePrefix))
  const about = { addresses: [formatCidr(cidr)], subject: [nodePool.name] }
  const block = `a /${nodePrefix} has ${usable} addresses for pods`
  if (nodePool.maxPods === undefined) {
    const guess = demandOfNodePool(nodePool, horizon).maximum === 0 ? undefined : assume(usable, profile.maxPods(nodePool.instance), block)
    return guess && { ...about, ...guess }
  }
  const maxPods = BigInt(nodePool.maxPods)
  const better = profile.prefixFor(family, nodePool.maxPods, nodePool.instance)
  const larger = better < nodePrefix ? [`give each node a /${better}`] : []
  const fewer = usable >= 2n ? [`${larger.length > 0 ? 'or ' : ''}set --max-pods to ${profile.doubling ? usable / 2n : usable} or less`] : []
  const steps = [...larger, ...fewer]
  if (usable < maxPods) return { ...about, severity: 'high', message: `${block}, fewer than the ${maxPods} pods that a node may run`, steps }
  if (!profile.doubling || usableOf(family, nodePrefix, 0) >= 2n * maxPods) return undefined
  return {
    ...about,
    message: `${block}, less than twice the ${maxPods} pods that a node may run: addresses are given again as soon as they are free`,
    steps,
  }
}

function beyondVendor({ profile }: PlanRequest, { name, maxPods, instance }: NodePool): Violation | undefined {
  const limit = profile.podLimit(instance)
  if (limit === undefined || maxPods === undefined || maxPods <= limit.most) return undefined
  return {
    severity: 'high',
    message: `${maxPods} pods on a node are asked for; ${limit.says}`,
    cause: 'vendor-limit',
    subject: [name],
    evidence: [{ source: limit.link, fact: limit.says }],
    steps: [`set --max-pods to ${limit.most} or less`],
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
    "Low when a node block has fewer than 2 x maxPods addresses; high when those for pods are fewer than maxPods, or the vendor takes fewer pods (vendor-limit); low and possible when maxPods is not given and kubelet's default would not fit.",
  guards: [
    'a node pool without nodes and without maxPods',
    'the margin where the vendor fixes or doubles the block',
    'systems that add blocks when they are needed',
  ],
  fix: ['use a shorter node prefix, or allow fewer pods on a node'],
  links: ['https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr', 'https://github.com/kubernetes/kubernetes/issues/20177'],
  *check({ request, pools }) {
    for (const { nodePools, families } of pools) {
      for (const nodePool of nodePools) {
        const judged = request.profile.handout === 'fixed' ? families.map((family) => judge(request, nodePool, family)) : []
        for (const violation of [...judged, beyondVendor(request, nodePool)]) if (violation !== undefined) yield violation
      }
    }
  },
})
