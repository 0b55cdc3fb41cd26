// Which ranges host-local really works with on a node: those of its configuration, flannel's subnet.env, or the node object's podCIDRs.
import { type Address, type Cidr, type Range, rangeOf } from '../net/index.ts'
import type { Node, Pool } from './inventory.ts'
import type { HostLocalRange, NodeNetwork, NodeState, StateDirectory } from './node-state.ts'

/** host-local's defaults for a bare subnet (allocator/range.go): gateway first, then to the last address but IPv4's broadcast. */
export function defaultRange(subnet: Cidr, set: number): HostLocalRange {
  const whole = rangeOf(subnet)
  const gateway: Address = { family: subnet.family, value: subnet.base + 1n }
  return { subnet, range: { family: subnet.family, first: subnet.base + 1n, last: subnet.family === 4 ? whole.last - 1n : whole.last }, gateway, set }
}

/** Addresses that host-local can hand out of a range: all but the gateway inside it. */
export function usableOf(range: HostLocalRange): bigint {
  const { first, last } = range.range
  const inside = range.gateway.family === range.range.family && range.gateway.value >= first && range.gateway.value <= last
  return last < first ? 0n : last - first + 1n - (inside ? 1n : 0n)
}

/** Room for an address at all: shorter than /31 or /127, as host-local demands. */
const allocatable = (cidr: Cidr): boolean => cidr.prefix <= (cidr.family === 4 ? 30 : 126)

/** What host-local works with when it is given a node's podCIDRs. */
export const rangesOfNode = (node: Node | undefined): readonly HostLocalRange[] => (node?.podCidrs ?? []).filter(allocatable).map(defaultRange)

export function rangesOfNetwork(network: NodeNetwork, state: NodeState, node: Node | undefined): readonly HostLocalRange[] {
  if (!network.rangesFromNode) return network.ranges
  const cidrs = network.type === 'flannel' && state.flannel !== undefined ? state.flannel.subnets : (node?.podCidrs ?? [])
  return cidrs.filter(allocatable).map(defaultRange)
}

/** The configured network that writes to a directory; undefined when none is known to. */
export function networkOfDirectory(state: NodeState, directory: StateDirectory): NodeNetwork | undefined {
  const writers = state.networks.filter(
    (network) => network.ipam === 'host-local' && `${network.dataDir}/${network.name}`.replace(/^\/var\/run\//, '/run/') === directory.path,
  )
  return writers.find((network) => network.order === 0) ?? writers[0]
}

/** A directory without a known configuration is taken for the default network's when the node's configuration was not given at all. */
export function isDefaultNetwork(state: NodeState, directory: StateDirectory): boolean {
  return state.configurationKnown ? networkOfDirectory(state, directory)?.order === 0 : true
}

export function domainOf(state: NodeState, directory: StateDirectory): string {
  return isDefaultNetwork(state, directory) ? 'default' : directory.network
}

/** Ranges for a directory; with no configuration given, the node's podCIDRs where any file lies in them. */
export function rangesOfDirectory(state: NodeState, directory: StateDirectory, node: Node | undefined): readonly HostLocalRange[] {
  const network = networkOfDirectory(state, directory)
  if (network !== undefined) return rangesOfNetwork(network, state, node)
  return state.configurationKnown ? [] : rangesOfNode(node)
}

/** The subnet where a range has host-local's defaults, else just what it hands out from. */
export const shownRange = (range: HostLocalRange): Range => {
  const usual = defaultRange(range.subnet, range.set).range
  return usual.first === range.range.first && usual.last === range.range.last ? rangeOf(range.subnet) : range.range
}

/** One pool for each node, network and family. */
export function hostLocalPools(states: readonly NodeState[], nodes: readonly Node[]): Pool[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return states.flatMap((state) =>
    state.directories.flatMap((directory) => {
      const ranges = rangesOfDirectory(state, directory, byName.get(state.node))
      return ([4, 6] as const).flatMap((family): Pool[] => {
        const own = ranges.filter((range) => range.range.family === family)
        if (own.length === 0) return []
        const capacity = own.reduce((sum, range) => sum + usableOf(range), 0n)
        return [
          {
            system: 'host-local',
            name: directory.network,
            domain: domainOf(state, directory),
            family,
            ranges: own.map(shownRange),
            node: state.node,
            capacity,
            certainty: 'declared',
            origin: directory.origin,
          },
        ]
      })
    }),
  )
}
