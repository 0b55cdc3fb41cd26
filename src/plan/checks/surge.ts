// PLN-003: not all nodes get a range, or none is left for the extra nodes of an upgrade.
import type { Violation } from '../../model/finding.ts'
import type { PoolPlan } from '../address-plan.ts'
import { demandOf, roomOf } from '../demand.ts'
import { waysToFit } from '../fitting.ts'
import type { PlanRequest } from '../plan-request.ts'
import { cidrsOf, count, roomInWords } from '../wording.ts'
import { defineCheck } from './define-check.ts'

function violation(request: PlanRequest, pool: PoolPlan, cause: string, needed: number, what: string): Violation {
  const message = `${what}, and ${roomInWords(pool, roomOf(pool))}`
  return { message, cause, addresses: cidrsOf(pool), subject: [pool.name], steps: waysToFit(request, pool, BigInt(needed)) }
}

export const surge = defineCheck({
  id: 'PLN-003',
  name: 'surge',
  title: 'Every node gets a range, also during an upgrade',
  severity: 'high',
  revision: 1,
  why: 'A node without a range never becomes ready. Upgrades start new nodes before the old ones go; without spare blocks they wait for ever.',
  predicate: 'The pool has fewer blocks for nodes than nodes that are asked for (cause nodes), or than their maximum plus surge (cause surge).',
  guards: ['a maximum that alone is too large (PLN-004)'],
  fix: ['take a larger pool or a longer node prefix'],
  links: [
    'https://github.com/kubernetes/kubernetes/issues/85866',
    'https://github.com/aws/eks-anywhere/issues/5215',
    'https://github.com/aws/eks-anywhere/pull/6184',
  ],
  *check({ request, pools }) {
    for (const pool of pools) {
      const { nodes, maximum, surge: extra } = demandOf(pool, request.horizon)
      const room = roomOf(pool)
      if (pool.unplaced > 0)
        yield violation(request, pool, 'nodes', maximum + extra, `${count(nodes, 'node')} ${nodes === 1 ? 'is' : 'are'} asked for`)
      else if (BigInt(maximum) <= room && BigInt(maximum + extra) > room) {
        yield violation(request, pool, 'surge', maximum + extra, `an upgrade needs ${maximum} + ${count(extra, 'node')}`)
      }
    }
  },
})
