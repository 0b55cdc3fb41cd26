// PLN-018: blocks too small for a pod.
import type { Violation } from '../../model/finding.ts'
import { formatCidr } from '../../net/index.ts'
import type { FamilyPool, PoolPlan } from '../address-plan.ts'
import { blocksPerNode } from '../block-prefix.ts'
import { usableOf } from '../capacity.ts'
import { demandOf } from '../demand.ts'
import type { PlanRequest } from '../plan-request.ts'
import { inBlocks } from '../wording.ts'
import { defineCheck } from './define-check.ts'

/** A system that adds blocks when they are needed stops at so many for one node. */
function* tooManyBlocks({ profile }: PlanRequest, { nodePools }: PoolPlan, { cidr, nodePrefix }: FamilyPool): Generator<Violation> {
  const limit = profile.mostBlocksPerNode
  for (const nodePool of limit === undefined ? [] : nodePools) {
    const blocks = blocksPerNode(profile, nodePool, cidr.family, nodePrefix)
    if (limit === undefined || blocks <= limit.most) continue
    yield {
      confidence: 'possible', // it is a setting, and its default is disputed: projectcalico/calico#9462
      message: `${nodePool.maxPods ?? profile.maxPods(nodePool.instance)} pods on a node take ${blocks} blocks of /${nodePrefix}; ${limit.says}`,
      cause: 'blocks-per-node',
      addresses: [formatCidr(cidr)],
      subject: [nodePool.name],
      evidence: [{ source: limit.link, fact: limit.says }],
      steps: ['use a shorter block prefix, or raise the limit'],
    }
  }
}

export const tinyNets = defineCheck({
  id: 'PLN-018',
  name: 'tiny-nets',
  title: 'A block has room for a pod',
  severity: 'high',
  revision: 1,
  why: 'host-local needs a network, a gateway and in IPv4 a broadcast address; it refuses subnets longer than /30 and /126. Small Calico blocks run into maxBlocksPerHost.',
  predicate:
    'The node prefix is longer than what hands out addresses can use: high where nodes are to get such blocks, else low. A node needs more blocks than one node may hold: high and possible (blocks-per-node).',
  guards: ['a calculation without nodes, where /31 and /32 may be meant for load balancers and point-to-point links: low'],
  fix: ['use a node prefix of /30 or shorter, /126 for IPv6'],
  links: [
    'https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/allocator/range.go',
    'https://docs.tigera.io/calico/latest/reference/resources/ipamconfig',
  ],
  *check({ request, pools }) {
    const { profile } = request
    for (const pool of pools) {
      const { maximum } = demandOf(pool, request.horizon)
      for (const family of pool.families) {
        yield* tooManyBlocks(request, pool, family)
        const { cidr, nodePrefix } = family
        const { longest } = profile.prefixes[cidr.family]
        if (nodePrefix <= longest) continue
        yield {
          severity: maximum > 0 ? 'high' : 'low',
          message: `${inBlocks(family)}: a /${nodePrefix} has ${usableOf(cidr.family, nodePrefix, profile.lost[cidr.family])} addresses for pods`,
          addresses: [formatCidr(cidr)],
          subject: [pool.name],
          steps: [`use a node prefix of /${longest} or shorter`],
        }
      }
    }
  },
})
