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
function ipamOf(settings: ConfSettings, ranges: readonly ConfRange[]) {
  const sets = ranges.map(({ subnet, start, end, gateway }) => [
    {
      subnet: formatCidr(subnet),
      rangeStart: start && formatAddress(start),
      rangeEnd: end && formatAddress(end),
      gateway: gateway && formatAddress(gateway),
    },
  ])
  const routes = allRoutes(settings, ranges).map(({ destination, gateway }) => ({
    dst: formatCidr(destination),
    gw: gateway && formatAddress(gateway),
  }))
  return { type: 'host-local', dataDir: settings.dataDir, ranges: sets, routes: orUndefined(routes) }
}

/** isGateway puts the gateway address on the bridge, without which the default route leads nowhere. */
function mainPlugin({ plugin, mtu }: ConfSettings) {
  switch (plugin.type) {
    case 'bridge': {
      const { bridge, ipMasq, hairpinMode } = plugin
      return { type: 'bridge', bridge, isGateway: true, ipMasq, hairpinMode: hairpinMode || undefined, mtu }
    }
    case 'ptp':
      return { type: 'ptp', ipMasq: plugin.ipMasq, mtu }
    case 'macvlan':
    case 'ipvlan':
      return { type: plugin.type, master: plugin.master, mode: plugin.mode, mtu }
  }
}

function dnsOf({ dns: { nameservers, domain, search } }: ConfSettings) {
  if (nameservers.length === 0 && domain === undefined && search.length === 0) return undefined
  return { nameservers: orUndefined(nameservers.map(formatAddress)), domain, search: orUndefined(search) }
}

/** @param ranges one for each family, the primary family first */
export function writeConflist(settings: ConfSettings, ranges: readonly ConfRange[]): string {
  const { name, cniVersion, portmap, bandwidth } = settings
  const main = { ...mainPlugin(settings), ipam: ipamOf(settings, ranges), dns: dnsOf(settings) }
  const chained = [
    ...(portmap ? [{ type: 'portmap', capabilities: { portMappings: true } }] : []),
    ...(bandwidth ? [{ type: 'bandwidth', capabilities: { bandwidth: true } }] : []),
  ]
  return writeJson({ cniVersion, name, plugins: [main, ...chained] })
}
