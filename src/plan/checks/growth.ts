// PLN-002: the pool is full before the horizon.
import { demandOf, holdsGoal, roomOf } from '../demand.ts'
import { waysToFit } from '../fitting.ts'
import { yearsUntil } from '../forecast.ts'
import { cidrsOf, count, monthAfter } from '../wording.ts'
import { defineCheck } from './define-check.ts'

export const growth = defineCheck({
  id: 'PLN-002',
  name: 'growth',
  title: 'The pool lasts until the horizon',
  severity: 'low',
  revision: 1,
  why: 'A cluster CIDR and a node prefix cannot be changed later; clusters that grow into the end of their pool are rebuilt.',
  predicate: 'The nodes of now, grown by the stated rate to the horizon, are more than the pool can hold.',
  guards: ['no growth given', 'a pool that is too small already (PLN-003, PLN-004)'],
  fix: ['take a larger pool or a longer node prefix now'],
  links: ['https://github.com/kubernetes/kubernetes/issues/85866', 'https://deploy.live/blog/when-gke-ran-out-of-ip-addresses/'],
  *check({ request, pools }, { today }) {
    for (const pool of pools) {
      const demand = demandOf(pool, request.horizon)
      if (holdsGoal(request, pool, 'horizon') || !holdsGoal(request, pool, 'upgrade') || pool.unplaced > 0) continue
      const room = roomOf(request, pool)
      const years = yearsUntil(pool, room)
      const full = years === undefined ? undefined : monthAfter(today, years)
      yield {
        message:
          `${count(demand.nodes, 'node')} become ${demand.atHorizon} in ${count(request.horizon, 'year')}, and ${cidrsOf(pool).join(' with ')} holds ${room}` +
          (full === undefined ? '' : `; it is full in ${full}`),
        addresses: cidrsOf(pool),
        subject: [pool.name],
        steps: waysToFit(request, pool, 'horizon'),
      }
    }
  },
})
