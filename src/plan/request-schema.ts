// What a request file may hold. Loaded only when a file is given; the schema file in schemas/ is made from it.
import * as v from 'valibot'

const text = v.pipe(v.string('text, in quotes where YAML would read a number'), v.minLength(1, 'text that is not empty'))
const texts = v.union([text, v.array(text)], 'text or a list of texts')
const whole = v.pipe(v.number('a whole number'), v.safeInteger('a whole number'), v.minValue(0, 'a whole number of 0 or more'))
const percentNoun = 'a number of percent, like 30 or 30%'
const percent = v.union([v.pipe(v.number(percentNoun), v.minValue(0, percentNoun)), text], percentNoun)

const described = <T extends v.GenericSchema>(schema: T, description: string) => v.pipe(schema, v.description(description))

const namedNode = v.strictObject({
  name: described(text, 'Node name.'),
  subnets: v.exactOptional(described(texts, 'Blocks that the node already has; they never move.')),
})

const instance = v.strictObject({
  interfaces: described(whole, 'Network interfaces of the machine.'),
  addresses: described(whole, 'IPv4 addresses of one interface.'),
  prefixes: v.exactOptional(described(v.boolean('true or false'), 'Prefix delegation: 16 addresses at a time.')),
  customNetworking: v.exactOptional(described(v.boolean('true or false'), 'The first interface gives no addresses to pods.')),
  vcpus: v.exactOptional(described(whole, 'Virtual processors, which decide the recommended maximum of pods.')),
})

const demand = {
  nodes: v.exactOptional(
    described(
      v.union(
        [whole, v.array(v.union([text, namedNode], 'a node name, or an object with name and subnets'))],
        'a number of nodes or a list of node names',
      ),
      'Nodes now: a number, or names in the order in which they get their blocks.',
    ),
  ),
  maxNodes: v.exactOptional(described(whole, 'Most nodes that the autoscaler may start.')),
  maxPods: v.exactOptional(described(whole, 'Most pods on one node (kubelet --max-pods).')),
  surge: v.exactOptional(
    described(v.union([whole, text], 'a number of nodes, or a share like 10%'), 'Extra nodes during upgrades: a number, or percent of the maximum.'),
  ),
  instance: v.exactOptional(described(instance, 'Interfaces of the machines, for systems that take pod addresses from them (EKS).')),
  growth: v.exactOptional(described(percent, 'Growth of the number of nodes, percent a year.')),
  nodePrefixes: v.exactOptional(
    described(
      v.union([whole, text, v.array(whole)], 'a prefix length, or one for each cluster CIDR'),
      'Prefix lengths of the blocks that nodes get, one for each cluster CIDR.',
    ),
  ),
}

const reservation = v.strictObject({
  range: described(text, 'CIDR, address or first-last.'),
  why: v.exactOptional(described(text, 'Reason, shown in the plan.')),
})

const externalNetwork = v.strictObject({
  range: described(text, 'CIDR, address or first-last.'),
  name: v.exactOptional(described(text, 'Whose it is.')),
})

const secondaryNetwork = v.strictObject({
  name: described(text, 'Name of the network attachment.'),
  cidr: described(text, 'Range that attachments get addresses from.'),
  type: described(text, 'Interface plugin: bridge, macvlan, ipvlan, sriov, ...'),
  ipam: described(text, 'What hands out the addresses: host-local, whereabouts, ...'),
  addresses: v.exactOptional(described(whole, 'Attachments at the same time: replicas times interfaces, and terminal pods that are kept.')),
  surge: v.exactOptional(
    described(v.union([whole, text], 'a number of addresses, or a share like 10%'), 'Extra attachments while pods are replaced.'),
  ),
  exclude: v.exactOptional(described(texts, 'Gateway and other hosts on the segment: addresses, CIDRs or first-last.')),
})

const nodePool = v.strictObject({
  name: described(text, 'Name of the node pool.'),
  cidrs: v.exactOptional(described(texts, 'Ranges of its own, instead of a part of the cluster CIDRs.')),
  ...demand,
})

/** The request itself: what `spec` of an AddressPlan holds, and what a file given with -f holds. */
export const requestSchema = v.strictObject({
  profile: v.exactOptional(described(text, 'What hands out ranges to nodes.')),
  clusterCidrs: v.exactOptional(described(texts, 'One pod range, or one of each family; the first is the primary family.')),
  ...demand,
  nodePools: v.exactOptional(described(v.array(nodePool), 'Several groups of nodes instead of one.')),
  horizon: v.exactOptional(described(v.pipe(v.number('a number of years'), v.minValue(0, 'a number of years')), 'Years that the plan has to last.')),
  serviceCidrs: v.exactOptional(described(texts, 'Service ranges, in the order of the API server.')),
  serviceCount: v.exactOptional(described(whole, 'Services expected now.')),
  loadBalancerRanges: v.exactOptional(described(texts, 'Ranges that load balancers get addresses from: CIDR, address or first-last.')),
  loadBalancerCount: v.exactOptional(described(whole, 'Load balancers expected now.')),
  secondaryNetworks: v.exactOptional(described(v.array(secondaryNetwork, 'a list of networks'), 'Networks of further interfaces of pods.')),
  nodeNetworks: v.exactOptional(described(texts, 'Networks that node addresses come from.')),
  reservations: v.exactOptional(
    described(
      v.union([text, v.array(v.union([text, reservation], 'a range, or an object with range and why'))], 'a list of ranges'),
      'Ranges that nodes must not get.',
    ),
  ),
  externalNetworks: v.exactOptional(
    described(
      v.union([text, v.array(v.union([text, externalNetwork], 'a network, or an object with range and name'))], 'a list of networks'),
      'Networks outside the cluster that pods must be able to reach.',
    ),
  ),
  owned: v.exactOptional(described(texts, 'Public or special ranges that are yours to use.')),
})

const apiVersion = v.literal('ipam/v1', '"ipam/v1"')

/** The same with an envelope; a whole AddressPlan will do too, its `spec` is taken. */
export const requestFileSchema = v.variant(
  'kind',
  [
    v.strictObject({ apiVersion, kind: v.literal('PlanRequest'), metadata: v.exactOptional(v.record(v.string(), v.unknown())), spec: requestSchema }),
    v.looseObject({ apiVersion, kind: v.literal('AddressPlan'), spec: requestSchema }),
  ],
  '"PlanRequest" or "AddressPlan"',
)

/** What --keep reads of a plan; further keys are none of its business. */
export const keptPlanSchema = v.looseObject({
  apiVersion,
  kind: v.literal('AddressPlan', '"AddressPlan"'),
  spec: requestSchema,
  pools: v.exactOptional(v.array(v.looseObject({ name: text, cidr: text }), 'a list of pools')),
  nodes: v.array(v.looseObject({ name: text, pool: text, subnets: v.array(text) }), 'a list of nodes'),
})

/** Every key that a request may have, for "did you mean". */
export const requestKeys: readonly string[] = [
  ...new Set([
    ...Object.keys(requestSchema.entries),
    ...Object.keys(nodePool.entries),
    ...Object.keys(namedNode.entries),
    ...Object.keys(reservation.entries),
    ...Object.keys(instance.entries),
    ...Object.keys(secondaryNetwork.entries),
    ...Object.keys(externalNetwork.entries),
  ]),
]

export type RequestInput = v.InferOutput<typeof requestSchema>
export type KeptPlan = v.InferOutput<typeof keptPlanSchema>
