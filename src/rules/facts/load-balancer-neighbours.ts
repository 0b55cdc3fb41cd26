// Who else has addresses that a load-balancer pool must not hold, kind by kind.
import type { Inventory } from '../../model/merge-inventory.ts'
import { type Cidr, formatCidr, formatRange, lastOf, type Range, rangeCovers, rangeOf, rangeOfAddress } from '../../net/index.ts'
import { podRanges, type StatedRange, serviceRanges } from './cluster-ranges.ts'
import { strayRanges } from './issued-ranges.ts'
import { nameList } from './name-list.ts'

export interface Taken {
  /** Stable word. */
  readonly kind: string
  readonly range: Range
  readonly what: string
  /** What happens when the pool gives it out. */
  readonly effect: string
  readonly node?: string
  /** Holds only for pools of which this is true. */
  readonly inside?: (pool: Range) => boolean
  readonly origin: string
}

function nodeAddresses(inventory: Inventory): Taken[] {
  const effect = 'the load balancer and the node would both answer for it'
  return inventory.nodes
    .filter((node) => !node.virtual)
    .flatMap((node) =>
      [...new Map(node.addresses.map((one) => [String(one.address.value), one])).values()].map(({ type, address }) => ({
        kind: 'node-address',
        range: rangeOfAddress(address),
        what: `${type} of node ${node.name}`,
        effect,
        node: node.name,
        origin: node.origin,
      })),
    )
}

/** Gateways that lie where load-balancer addresses do; those of secondary networks may be of another segment. */
const gateways = (inventory: Inventory): Taken[] =>
  inventory.reservations
    .filter(({ gateway, domain }) => gateway === true && (domain === 'default' || domain === 'load-balancers'))
    .map(({ range, why, origin }) => ({
      kind: 'gateway',
      range,
      what: why,
      effect: 'whoever gets it takes the way out from the whole segment',
      origin,
    }))

/** T14: the pool may lie in the network of the nodes, but not on its two addresses of no host. */
function edgesOfNetworks(inventory: Inventory): Taken[] {
  const networks = inventory.declared.filter(({ role, cidr }) => role === 'nodes' && cidr.family === 4 && cidr.prefix < 31)
  const edge = (cidr: Cidr, value: bigint, name: string, origin: string): Taken => ({
    kind: 'network-or-broadcast',
    range: { family: cidr.family, first: value, last: value },
    what: `${name} address of ${formatCidr(cidr)}`,
    effect: 'no host of that network can reach it',
    inside: (pool) => rangeCovers(rangeOf(cidr), pool) && formatRange(pool) !== formatCidr(cidr),
    origin,
  })
  return networks.flatMap(({ cidr, origin }) => [edge(cidr, cidr.base, 'network', origin), edge(cidr, lastOf(cidr), 'broadcast', origin)])
}

const stated = (ranges: readonly StatedRange[], kind: string, name: string, effect: string): Taken[] =>
  ranges.map(({ range, text, evidence }) => ({ kind, range, what: `${name} ${text}`, effect, origin: evidence[0]?.source ?? name }))

function podSpace(inventory: Inventory): Taken[] {
  const effect = 'a Service and a pod can get one address'
  return [
    ...stated(podRanges(inventory), 'pod-range', 'pod range', effect),
    ...strayRanges(inventory).map(({ range, text, nodes, origin }) => ({
      kind: 'pod-range',
      range,
      what: `pod range ${text} of ${nameList(nodes)}`,
      effect,
      origin,
    })),
  ]
}

const clusters = (inventory: Inventory): Taken[] =>
  inventory.outside
    .filter(({ kind, reachable }) => kind === 'connected-cluster' && reachable)
    .map(({ name, cidr, origin }) => ({
      kind: 'connected-cluster',
      range: rangeOf(cidr),
      what: `${formatCidr(cidr)} of ${name}`,
      effect: 'traffic for one cluster ends in the other',
      origin,
    }))

/** Lists of one kind each. */
export const neighbours = (inventory: Inventory): readonly (readonly Taken[])[] => [
  nodeAddresses(inventory),
  gateways(inventory),
  edgesOfNetworks(inventory),
  podSpace(inventory),
  stated(serviceRanges(inventory), 'service-range', 'Service range', 'a load-balancer address is taken for a ClusterIP'),
  clusters(inventory),
]
