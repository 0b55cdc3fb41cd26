// PLN-018: blocks too small for a pod.
import { formatCidr } from '../../net/index.ts'
import { usableOf } from '../capacity.ts'
import { demandOf } from '../demand.ts'
import { inBlocks } from '../wording.ts'
import { defineCheck } from './define-check.ts'

export const tinyNets = defineCheck({
  id: 'PLN-018',
  name: 'tiny-nets',
  title: 'A block has room for a pod',
  severity: 'high',
  revision: 1,
  why: 'host-local needs a network, a gateway and in IPv4 a broadcast address; it refuses subnets longer than /30 and /126.',
  predicate: 'The node prefix is longer than what hands out addresses can use: high where nodes are to get such blocks, else low.',
  guards: ['a calculation without nodes, where /31 and /32 may be meant for load balancers and point-to-point links: low'],
  fix: ['use a node prefix of /30 or shorter, /126 for IPv6'],
  links: ['https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/allocator/range.go'],
  *check({ request, pools }) {
    for (const { name, nodePools, families } of pools) {
      const { maximum } = demandOf({ nodePools }, request.horizon)
      for (const family of families) {
        const { cidr, nodePrefix } = family
        const longest = request.profile.longestPrefix[cidr.family]
        if (nodePrefix <= longest) continue
        yield {
          severity: maximum > 0 ? 'high' : 'low',
          message: `${inBlocks(family)}: a /${nodePrefix} has ${usableOf(cidr.family, nodePrefix, request.profile.lost[cidr.family])} addresses for pods`,
          addresses: [formatCidr(cidr)],
          subject: [name],
          steps: [`use a node prefix of /${longest} or shorter`],
        }
      }
    }
  },
})
