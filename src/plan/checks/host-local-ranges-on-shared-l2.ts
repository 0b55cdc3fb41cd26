// PLN-017: every node hands out the same addresses on one segment.
import { formatCidr } from '../../net/index.ts'
import { demandOf } from '../demand.ts'
import { defineCheck } from './define-check.ts'

/** Interfaces that end inside their node; all others are on a segment that nodes share. */
const ownSegment = ['bridge', 'ptp', 'loopback', 'dummy']

export const hostLocalRangesOnSharedL2 = defineCheck({
  id: 'PLN-017',
  name: 'host-local-ranges-on-shared-l2',
  title: 'One range on a shared segment has one allocator',
  severity: 'high',
  revision: 1,
  why: 'host-local keeps its state on one node: with the same range on two nodes of one segment, both give the same address to different pods.',
  predicate:
    'A network of further interfaces is handed out by host-local, its interfaces are on a segment that nodes share (all types but bridge and ptp), and there is more than one node.',
  guards: ['one node', 'bridge and ptp: routed per node, or isolated'],
  fix: ['use an allocator for the whole cluster (whereabouts), or give each node a range of its own: plan it with --profile host-local'],
  links: ['https://github.com/k8snetworkplumbingwg/multus-cni/issues/144', 'https://github.com/k8snetworkplumbingwg/multus-cni/issues/640'],
  *check({ request }) {
    const { maximum } = demandOf({ nodePools: request.nodePools }, request.horizon)
    for (const { name, cidr, type, ipam } of request.secondaryNetworks) {
      if (ipam !== 'host-local' || ownSegment.includes(type) || maximum < 2) continue
      yield {
        message: `the network ${name} hands out ${formatCidr(cidr)} by host-local on each of ${maximum} nodes, and ${type} interfaces share a segment`,
        addresses: [formatCidr(cidr)],
        subject: [name],
      }
    }
  },
})
