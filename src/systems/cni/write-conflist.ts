// Settings and ranges to the text of a conflist, with the keys in the order in which people write them.
import { type Cidr, type Family, formatAddress, formatCidr } from '../../net/index.ts'
import type { ConfRange, ConfRoute, ConfSettings } from './conf-settings.ts'
import { writeJson } from './write-json.ts'

const everything = (family: Family): Cidr => ({ family, base: 0n, prefix: 0 })

const orUndefined = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)

/** Default routes first, one for each family, unless one is among the routes given. */
function allRoutes({ routes, defaultRoute }: ConfSettings, ranges: readonly ConfRange[]): readonly ConfRoute[] {
  const given = new Set(routes.filter(({ destination }) => destination.prefix === 0).map(({ destination }) => destination.family))
  const missing = ranges.map(({ subnet }) => subnet.family).filter((family) => defaultRoute && !given.has(family))
  return [...missing.map((family) => ({ destination: everything(family), gateway: undefined })), ...routes]
}

/** Always as `ranges`, one set for each family: the single `subnet` is host-local's older form, and cannot hold two families. */
function hostLocal(settings: ConfSettings, ranges: readonly ConfRange[]) {
  const sets = ranges.map(({ subnet, start, end, gateway }) => [
    {
      subnet: formatCidr(subnet),
      rangeStart: start && formatAddress(start),
      rangeEnd: end && formatAddress(end),
      gateway: gateway && formatAddress(gateway),
    },
  ])
  return { type: 'host-local', dataDir: settings.dataDir, ranges: sets, routes: routesOf(settings, ranges) }
}

function routesOf(settings: ConfSettings, ranges: readonly ConfRange[]) {
  const routes = allRoutes(settings, ranges).map(({ destination, gateway }) => ({
    dst: formatCidr(destination),
    gw: gateway && formatAddress(gateway),
  }))
  return orUndefined(routes)
}

/** https://github.com/k8snetworkplumbingwg/whereabouts/blob/master/doc/extended-configuration.md */
function whereabouts(settings: ConfSettings, ranges: readonly ConfRange[], { excluded, networkName }: Whereabouts) {
  const sets = ranges.map(({ subnet, start, end }) => ({
    range: formatCidr(subnet),
    range_start: start && formatAddress(start),
    range_end: end && formatAddress(end),
    exclude: orUndefined(excluded.filter(({ family }) => family === subnet.family).map(formatCidr)),
  }))
  return { type: 'whereabouts', network_name: networkName, ipRanges: sets, routes: routesOf(settings, ranges) }
}

export interface Whereabouts {
  /** Parts of the ranges that nobody may get. */
  readonly excluded: readonly Cidr[]
  /** Networks of one name share their records; undefined for the usual ones of the whole cluster. */
  readonly networkName: string | undefined
}

/** isGateway puts the gateway address on the bridge, without which the default route leads nowhere. */
function mainPlugin({ plugin, mtu }: ConfSettings, isGateway: boolean) {
  switch (plugin.type) {
    case 'bridge': {
      const { bridge, ipMasq, hairpinMode } = plugin
      return { type: 'bridge', bridge, isGateway: isGateway || undefined, ipMasq, hairpinMode: hairpinMode || undefined, mtu }
    }
    case 'ptp':
      return { type: 'ptp', ipMasq: plugin.ipMasq, mtu }
    case 'macvlan':
    case 'ipvlan':
      return { type: plugin.type, master: plugin.master, mode: plugin.mode, mtu }
    case 'vlan':
      return { type: 'vlan', master: plugin.master, vlanId: plugin.vlan, mtu }
    case 'host-device':
      return { type: 'host-device', device: plugin.device }
    case 'sriov':
      return { type: 'sriov', deviceID: plugin.device, vlan: plugin.vlan }
    case 'kindnet':
      return { type: 'ptp', ipMasq: false, mtu }
    case 'flannel':
      return { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true, mtu } }
  }
}

function dnsOf({ dns: { nameservers, domain, search } }: ConfSettings) {
  if (nameservers.length === 0 && domain === undefined && search.length === 0) return undefined
  return { nameservers: orUndefined(nameservers.map(formatAddress)), domain, search: orUndefined(search) }
}

/**
 * @param ranges one for each family, the primary family first; flannel's daemon adds them by itself
 * @param cluster given where whereabouts hands out the addresses, for all nodes together
 */
export function writeConflist(settings: ConfSettings, ranges: readonly ConfRange[], cluster?: Whereabouts): string {
  const { name, cniVersion, portmap, bandwidth } = settings
  const ipam = cluster === undefined ? hostLocal(settings, ranges) : whereabouts(settings, ranges, cluster)
  const ownIpam = settings.plugin.type === 'flannel' ? undefined : ipam
  const main = { ...mainPlugin(settings, cluster === undefined), ipam: ownIpam, dns: dnsOf(settings) }
  const chained = [
    ...(portmap ? [{ type: 'portmap', capabilities: { portMappings: true } }] : []),
    ...(bandwidth ? [{ type: 'bandwidth', capabilities: { bandwidth: true } }] : []),
  ]
  return writeJson({ cniVersion, name, plugins: [main, ...chained] })
}
