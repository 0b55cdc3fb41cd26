// Whether a plugin puts pods on a network segment that other nodes share, where node-local allocation cannot keep addresses unique.
import { field, isObject, type JsonObject } from './go-object.ts'

// Each of these connects the pod to the node's physical network.
const SHARING = new Set(['macvlan', 'ipvlan', 'macvtap', 'vlan', 'host-device', 'sriov', 'ib-sriov', 'accelerated-bridge'])

const isTrue = (object: JsonObject, key: string): boolean => field(object, key) === true

/**
 * A bridge by itself is private to its node, and its configuration never names an uplink, so a bridge counts as shared only by a hint: the
 * node is not the pods' gateway (no isGateway, isDefaultGateway, ipMasq), and either VLAN filtering is on, which is pointless without a trunk, or
 * a gateway is written out, which must then be reached over the segment.
 */
export function isSharedSegment(type: string, plugin: JsonObject, ipam: JsonObject): boolean {
  if (SHARING.has(type)) return true
  if (type !== 'bridge' || ['isGateway', 'isDefaultGateway', 'ipMasq'].some((key) => isTrue(plugin, key))) return false
  const vlan = field(plugin, 'vlan')
  const trunk = field(plugin, 'vlanTrunk')
  return (typeof vlan === 'number' && vlan > 0) || (Array.isArray(trunk) && trunk.length > 0) || hasGateway(ipam)
}

function hasGateway(ipam: JsonObject): boolean {
  const sets = field(ipam, 'ranges')
  const ranges = Array.isArray(sets) ? sets.flat() : []
  const routes = field(ipam, 'routes')
  const named = [ipam, ...ranges].some((range) => isObject(range) && typeof field(range, 'gateway') === 'string')
  return named || (Array.isArray(routes) && routes.some((route) => isObject(route) && typeof field(route, 'gw') === 'string'))
}
