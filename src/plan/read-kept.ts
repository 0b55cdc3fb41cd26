// Reads the nodes of an earlier plan, as -o json wrote it.
import type { KeptNode } from './keep-nodes.ts'
import { readName } from './read-node-list.ts'
import { readCidr } from './read-values.ts'
import type { KeptPlan } from './request-schema.ts'

/** @throws RequestFault */
export function readKept({ nodes }: KeptPlan): readonly KeptNode[] {
  return nodes.map(({ name, pool, subnets }, index) => ({
    name: readName(name, ['nodes', index, 'name']),
    pool,
    subnets: subnets.map((value, at) => readCidr({ value, path: ['nodes', index, 'subnets', at] }, false)),
  }))
}
