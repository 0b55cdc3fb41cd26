// Reads the nodes and pools of an earlier plan, as -o json wrote it.
import type { Cidr } from '../net/index.ts'
import type { KeptPlaces } from './keep-nodes.ts'
import { onlyPool } from './plan-request.ts'
import { readName } from './read-node-list.ts'
import { readCidr, readTexts } from './read-values.ts'
import type { KeptPlan } from './request-schema.ts'

/** @throws RequestFault */
export function readKept({ spec, nodes, pools: given = [] }: KeptPlan): KeptPlaces {
  const pools = new Map<string, readonly Cidr[]>()
  for (const [index, { name, cidr }] of given.entries()) {
    if (name === onlyPool) continue // the cluster CIDRs, which the request gives
    pools.set(name, [...(pools.get(name) ?? []), readCidr({ value: cidr, path: ['pools', index, 'cidr'] }, false)])
  }
  const kept = nodes.map(({ name, pool, subnets }, index) => ({
    name: readName(name, ['nodes', index, 'name']),
    pool,
    subnets: subnets.map((value, at) => readCidr({ value, path: ['nodes', index, 'subnets', at] }, false)),
  }))
  const ranges = readTexts(spec.clusterCidrs, ['spec', 'clusterCidrs']).map((text) => readCidr(text, false))
  return { nodes: kept, pools, ranges, ...(spec.maxPods === undefined ? {} : { maxPods: spec.maxPods }) }
}
