// Reads a whole plan for the targets that need more than its nodes: pools, Services and further networks.
import * as v from 'valibot'
import { UsageError } from '../model/errors.ts'
import { aggregate, type Cidr, formatCidr, intersect, type Range, rangeOf, rangeSet, subtract } from '../net/index.ts'
import { blocksTouched } from '../plan/block-space.ts'
import type { PlanRequest } from '../plan/plan-request.ts'
import { readRequest } from '../plan/read-request.ts'
import { RequestFault } from '../plan/request-fault.ts'
import { requestKeys, requestSchema } from '../plan/request-schema.ts'
import type { MainPlugin } from '../systems/cni/conf-settings.ts'
import type { ConfPlan, PlannedFamily, PlannedNetwork, PlannedPool } from '../systems/cni/targets/base/conf-plan.ts'
import { isNodeName, type PlanDocument } from './conf-plan.ts'
import { readSubnet } from './conf-values.ts'
import { checkConfig } from './config-document.ts'

const text = v.string('text')
const pool = v.looseObject({ name: text, cidr: text, nodePrefix: v.pipe(v.number('a prefix length'), v.safeInteger('a prefix length')) }, 'a pool')

const planSchema = v.looseObject({
  spec: requestSchema,
  pools: v.array(pool, 'a list of pools'),
  nodes: v.array(v.looseObject({ name: text, pool: text, subnets: v.array(text, 'a list of CIDRs') }, 'a node'), 'a list of nodes'),
})

const within = (cidr: Cidr, ranges: readonly Range[]): readonly Range[] => intersect(rangeSet(ranges), rangeSet([rangeOf(cidr)])).ranges

function familyOf(cidr: Cidr, nodePrefix: number, { reservations, serviceCidrs }: PlanRequest): PlannedFamily {
  const reserved = within(
    cidr,
    reservations.map(({ range }) => range),
  )
  const taken = blocksTouched(cidr, nodePrefix, [...reserved, ...serviceCidrs.map(rangeOf)])
  return { cidr, nodePrefix, reserved, openBlocks: [...aggregate(subtract(rangeSet([rangeOf(cidr)]), taken))] }
}

/** @param pluginFor what the flags make of an interface plugin's name */
function networksOf({ secondaryNetworks }: PlanRequest, pluginFor: (type: string, network: string) => MainPlugin): readonly PlannedNetwork[] {
  return secondaryNetworks.map(({ name, cidr, type, ipam, excluded }) => ({ name, cidr, ipam, excluded, plugin: pluginFor(type, name) }))
}

/** @throws UsageError that names the file */
export function readWholePlan({ document, name }: PlanDocument, pluginFor: ((type: string, network: string) => MainPlugin) | undefined): ConfPlan {
  const plan = checkConfig(document, planSchema, requestKeys)
  const request = requestOf(plan.spec, name)
  const pools = new Map<string, PlannedFamily[]>()
  for (const [index, { name: own, cidr, nodePrefix }] of plan.pools.entries()) {
    const where = `${name}: pools[${index}]`
    const network = readSubnet(cidr, where)
    if (nodePrefix < network.prefix || nodePrefix > (network.family === 4 ? 32 : 128))
      throw new UsageError(`${where}: blocks of /${nodePrefix} are no part of ${formatCidr(network)}`)
    pools.set(own, [...(pools.get(own) ?? []), familyOf(network, nodePrefix, request)])
  }
  const maxPods = Math.max(0, ...request.nodePools.map((nodePool) => nodePool.maxPods ?? 0))
  return {
    profile: request.profile.id,
    pools: [...pools].map(([own, families]): PlannedPool => ({ name: own, families })),
    nodes: plan.nodes.map((node, index) => {
      if (!isNodeName(node.name)) throw new UsageError(`${name}: nodes[${index}].name ${JSON.stringify(node.name.slice(0, 80))} is no node name`)
      return { ...node, subnets: node.subnets.map((subnet) => readSubnet(subnet, `${name}: node ${JSON.stringify(node.name)}`)) }
    }),
    serviceCidrs: request.serviceCidrs,
    nodeNetworks: request.nodeNetworks,
    loadBalancerRanges: request.loadBalancerRanges,
    secondaryNetworks: pluginFor === undefined ? [] : networksOf(request, pluginFor),
    maxPods: maxPods === 0 ? undefined : maxPods,
  }
}

function requestOf(spec: v.InferOutput<typeof requestSchema>, name: string): PlanRequest {
  try {
    return readRequest(spec, { normalize: false })
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    throw new UsageError(`${name}: spec: ${error.message}`, { cause: error })
  }
}
