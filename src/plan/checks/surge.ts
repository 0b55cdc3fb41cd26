// PLN-003: not all nodes get a range, or none is left for the extra nodes of an upgrade.
import type { Violation } from '../../model/finding.ts'
import { formatCidr, formatRange } from '../../net/index.ts'
import type { AddressPlan, PoolPlan } from '../address-plan.ts'
import { usableOf } from '../capacity.ts'
import { demandOf, holdsGoal, roomOf } from '../demand.ts'
import { waysToFit } from '../fitting.ts'
import { holdingsOf } from '../other-demand.ts'
import type { PlanRequest } from '../plan-request.ts'
import { cidrsOf, count, roomInWords } from '../wording.ts'
import { defineCheck } from './define-check.ts'

function violation(request: PlanRequest, pool: PoolPlan, cause: string, what: string): Violation {
  const message = `${what}, and ${roomInWords(pool, roomOf(request, pool))}`
  return { message, cause, addresses: cidrsOf(pool), subject: [pool.name], steps: waysToFit(request, pool, 'upgrade') }
}

function* poolTooSmall(request: PlanRequest, pool: PoolPlan): Generator<Violation> {
  const { nodes, maximum, surge } = demandOf(pool, request.horizon)
  if (pool.families.length === 0) {
    yield {
      message: `no free part of the cluster CIDR is large enough for the node pool ${pool.name} with ${count(maximum + surge, 'node')}`,
      cause: 'no-place',
      addresses: [],
      subject: [pool.name],
      steps: ['take a shorter cluster prefix, fewer reservations, or give the node pool ranges of its own'],
    }
  } else if (pool.unplaced > 0) yield violation(request, pool, 'nodes', `${count(nodes, 'node')} ${nodes === 1 ? 'is' : 'are'} asked for`)
  else if (holdsGoal(request, pool, 'maximum') && !holdsGoal(request, pool, 'upgrade')) {
    yield violation(request, pool, 'surge', `an upgrade needs ${maximum} + ${count(surge, 'node')}`)
  }
}

/** IPv4 addresses for nodes; the list of networks may be short outside of clouds, where it is what machines come from. */
function* nodeNetworkTooSmall({ request }: AddressPlan): Generator<Violation> {
  const { profile, nodeNetworks } = request
  const networks = nodeNetworks.filter(({ family }) => family === 4)
  const { maximum, surge } = demandOf({ nodePools: request.nodePools }, request.horizon)
  const room = networks.reduce((sum, { prefix }) => sum + usableOf(4, prefix, profile.lostPerNodeNetwork), 0n)
  if (networks.length === 0 || profile.podsInNodeNetwork || BigInt(maximum + surge) <= room) return
  yield {
    confidence: 'likely',
    message: `${count(maximum + surge, 'node')} with surge need an address each, and the node network has ${room}`,
    cause: 'node-network',
    addresses: networks.map(formatCidr),
    steps: ['take a larger node network'],
  }
}

/** Load balancers and further interfaces, where somebody said how many there will be. */
function* otherDemand({ request }: AddressPlan): Generator<Violation> {
  for (const { name, ranges, capacity, needed } of holdingsOf(request)) {
    if (needed === undefined || needed <= capacity) continue
    yield {
      message: `${name} need ${needed} addresses, and ${ranges.map(formatRange).join(', ')} has ${capacity}`,
      cause: 'other-addresses',
      addresses: ranges.map(formatRange),
      subject: [name],
      steps: ['take a larger range'],
    }
  }
}

function* beyondVendor({ request, pools }: AddressPlan): Generator<Violation> {
  const limit = request.profile.mostNodes
  const nodes = pools.reduce((sum, pool) => {
    const { maximum, surge } = demandOf(pool, request.horizon)
    return sum + maximum + surge
  }, 0)
  if (limit === undefined || nodes <= limit.most) return
  yield {
    message: `${nodes} nodes with surge are asked for; ${limit.says}`,
    cause: 'vendor-limit',
    addresses: pools.flatMap(cidrsOf),
    evidence: [{ source: limit.link, fact: limit.says }],
    steps: ['plan several clusters'],
  }
}

export const surge = defineCheck({
  id: 'PLN-003',
  name: 'surge',
  title: 'Every node gets a range, also during an upgrade',
  severity: 'high',
  revision: 1,
  why: 'A node without a range never becomes ready. Upgrades start new nodes before the old ones go; without spare blocks they wait for ever.',
  predicate:
    'The pool has fewer blocks than the nodes that are asked for need (cause nodes), or than their maximum plus surge (surge); there is no place for the pool of a node pool (no-place); the vendor takes fewer nodes (vendor-limit); the node networks have fewer addresses (node-network, likely); load balancers or further interfaces need more addresses than their ranges have (other-addresses).',
  guards: ['a maximum that alone is too large (PLN-004)'],
  fix: ['take a larger pool or a longer node prefix'],
  links: [
    'https://github.com/kubernetes/kubernetes/issues/85866',
    'https://github.com/aws/eks-anywhere/issues/5215',
    'https://github.com/aws/eks-anywhere/pull/6184',
  ],
  *check(plan) {
    for (const pool of plan.pools) yield* poolTooSmall(plan.request, pool)
    yield* beyondVendor(plan)
    yield* otherDemand(plan)
    yield* nodeNetworkTooSmall(plan)
  },
})
