// The plan as variables for Terraform or OpenTofu: a file that they read by themselves, and the declarations that go with it.
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
import { formatCidr, formatRange } from '../../../net/index.ts'
import { cidrTexts, familiesOf, openClaims, planOf, poolClaim, poolsOf, serviceClaims, serviceOwner } from './base/planned.ts'
import { listOf, objectIn, rangeIn, textsOf } from './base/read-range.ts'
import { type Claim, defineTarget, type Generation } from './define-target.ts'

const declarations = [
  ['ipam_pod_cidrs', 'list(string)', 'Pod ranges of the cluster, the primary family first.'],
  [
    'ipam_pools',
    'map(object({ cidrs = list(string), node_prefixes = list(number), open_cidrs = list(string) }))',
    'Pools, and what reservations leave of them.',
  ],
  ['ipam_node_subnets', 'map(list(string))', 'Blocks of each node; empty where the system itself chooses them.'],
  ['ipam_service_cidrs', 'list(string)', 'Service ranges.'],
  ['ipam_node_networks', 'list(string)', 'Networks that node addresses come from.'],
  ['ipam_load_balancer_ranges', 'list(string)', 'Ranges for load balancers.'],
  ['ipam_max_pods', 'number', 'Most pods on one node.'],
] as const

const variables = (): string =>
  declarations
    .map(
      ([name, type, text]) =>
        `variable "${name}" {\n  type        = ${type}\n  description = "${text}"\n  ${name === 'ipam_max_pods' ? 'default     = null' : 'nullable    = false'}\n}\n`,
    )
    .join('\n')

function values(input: Generation) {
  const plan = planOf(input)
  return {
    ipam_pod_cidrs: cidrTexts(familiesOf(input)),
    ipam_pools: Object.fromEntries(
      poolsOf(input).map(({ name, families }) => [
        name,
        {
          cidrs: cidrTexts(families),
          node_prefixes: families.map(({ nodePrefix }) => nodePrefix),
          open_cidrs: families.flatMap(({ openBlocks }) => textsOf(openBlocks)),
        },
      ]),
    ),
    ipam_node_subnets: Object.fromEntries(plan.nodes.map(({ name, subnets }) => [name, textsOf(subnets)])),
    ipam_service_cidrs: plan.serviceCidrs.map(formatCidr),
    ipam_node_networks: plan.nodeNetworks.map(formatCidr),
    ipam_load_balancer_ranges: plan.loadBalancerRanges.map(formatRange),
    ...(plan.maxPods === undefined ? {} : { ipam_max_pods: plan.maxPods }),
  }
}

const nodeClaims = (nodes: Iterable<readonly [string, readonly string[]]>): readonly Claim[] =>
  [...nodes].flatMap(([name, subnets]) => subnets.map((text) => ({ owner: `node ${name}`, range: rangeIn(text) })))

/** Blocks of nodes lie in pools by design: nodes are compared where they are known, else pools. */
const hasNodes = (input: Generation): boolean => planOf(input).nodes.some(({ subnets }) => subnets.length > 0)

export const terraform = defineTarget({
  id: 'terraform',
  title: 'variables for Terraform and OpenTofu (ipam.auto.tfvars.json)',
  from: 'plan',
  isPlugin: false,
  mayHoldServices: true,
  generate: (input) => [
    { node: undefined, path: 'ipam.auto.tfvars.json', text: `${JSON.stringify(values(input), null, 2)}\n` },
    { node: undefined, path: 'ipam-variables.tf', text: variables() },
  ],
  expected: (input) => [
    ...(hasNodes(input) ? nodeClaims(planOf(input).nodes.map(({ name, subnets }) => [name, textsOf(subnets)] as const)) : openClaims(input)),
    ...serviceClaims(input),
  ],
  readBack: ([file], input) => {
    const read = JSON.parse(file?.text ?? '{}') as Readonly<Record<string, unknown>>
    const nodes = Object.entries(objectIn(read, 'ipam_node_subnets')).map(([name, subnets]) => [name, listOf(subnets)] as const)
    const pools = Object.entries(objectIn(read, 'ipam_pools')).flatMap(([name, pool]) =>
      listOf((pool as Readonly<Record<string, unknown>>)['open_cidrs']).map((text) => ({ owner: poolClaim(name), range: rangeIn(text) })),
    )
    const services = listOf(read['ipam_service_cidrs']).map((text) => ({ owner: serviceOwner, range: rangeIn(text) }))
    return [...(hasNodes(input) ? nodeClaims(nodes) : pools), ...services]
  },
})
