// PLN-004: the autoscaler may start more nodes than the pool has blocks.
import { demandOf, holdsGoal, roomOf } from '../demand.ts'
import { waysToFit } from '../fitting.ts'
import { cidrsOf, roomInWords } from '../wording.ts'
import { defineCheck } from './define-check.ts'

const lowerMaximum = (nodes: bigint): string[] => (nodes > 0n ? [`or set the autoscaler's maximum to ${nodes}`] : [])

export const autoscalerMaximum = defineCheck({
  id: 'PLN-004',
  name: 'autoscaler-maximum',
  title: "The pool holds the autoscaler's maximum",
  severity: 'high',
  revision: 1,
  why: 'Autoscalers do not see addresses: they start nodes that never get a range, and pods that never get a network.',
  predicate: 'The nodes of now fit, and their maximum is larger than the number of blocks for nodes.',
  guards: ['no maximum given'],
  fix: ['take a larger pool or a longer node prefix, or lower the maximum'],
  links: ['https://github.com/kubernetes/autoscaler/issues/4203', 'https://github.com/aws/karpenter-provider-aws/issues/4557'],
  *check({ request, pools }) {
    for (const pool of pools) {
      const { maximum, surge } = demandOf(pool, request.horizon)
      if (pool.unplaced > 0 || holdsGoal(request, pool, 'maximum')) continue
      const room = roomOf(request, pool)
      yield {
        message: `the autoscaler may start ${maximum} nodes, and ${roomInWords(pool, room)}`,
        addresses: cidrsOf(pool),
        subject: [pool.name],
        steps: [...waysToFit(request, pool, 'upgrade'), ...lowerMaximum(room - BigInt(surge))],
      }
    }
  },
})
