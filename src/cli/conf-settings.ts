// From flags to the settings and ranges of a generated configuration.
import { UsageError } from '../model/errors.ts'
import { formatAddress, formatCidr } from '../net/index.ts'
import { confRanges } from '../systems/cni/conf-ranges.ts'
import { type ConfRange, type ConfRoute, type ConfSettings, type MainPlugin, modes, type PluginType } from '../systems/cni/conf-settings.ts'
import type { ConfFlags } from './conf-flags.ts'
import { readDataDir, readDomain, readFileName, readHost, readInterface, readNetworkName, readSubnet } from './conf-values.ts'

/** Which plugins know what a flag says. */
const plugins: Readonly<Record<string, readonly PluginType[]>> = {
  bridge: ['bridge'],
  hairpin: ['bridge'],
  'ip-masq': ['bridge', 'ptp'],
  master: ['macvlan', 'ipvlan'],
  mode: ['macvlan', 'ipvlan'],
}

function refuseForeign(flags: ConfFlags): void {
  for (const [flag, types] of Object.entries(plugins)) {
    const value = flags[flag as keyof ConfFlags]
    const isGiven = value !== undefined && value !== false // what a plugin cannot do is also not done
    if (isGiven && !types.includes(flags.type)) throw new UsageError(`--${flag} is for --type ${types.join(' or ')}, not for ${flags.type}`)
  }
}

function readPlugin(flags: ConfFlags): MainPlugin {
  refuseForeign(flags)
  const { type } = flags
  const ipMasq = flags['ip-masq'] ?? true
  if (type === 'bridge') return { type, bridge: readInterface(flags.bridge ?? 'cni0', '--bridge'), ipMasq, hairpinMode: flags.hairpin }
  if (type === 'ptp') return { type, ipMasq }
  if (flags.master === undefined)
    throw new UsageError(`--master is missing: which interface of the node is ${type} to share? for example --master eth0`)
  const known: readonly string[] = modes[type]
  if (flags.mode !== undefined && !known.includes(flags.mode)) {
    throw new UsageError(`--mode: ${JSON.stringify(flags.mode)} is no mode of ${type}; there is ${known.join(', ')}`)
  }
  return { type, master: readInterface(flags.master, '--master'), mode: flags.mode }
}

function readRoute(text: string): ConfRoute {
  const at = text.indexOf('=')
  const destination = readSubnet(at < 0 ? text : text.slice(0, at), '--route')
  if (at < 0) return { destination, gateway: undefined }
  const gateway = readHost(text.slice(at + 1), '--route')
  if (gateway.family === destination.family) return { destination, gateway }
  throw new UsageError(`--route: the gateway ${formatAddress(gateway)} and ${formatCidr(destination)} are of two address families`)
}

/** @throws UsageError that names the flag */
export function readSettings(flags: ConfFlags): ConfSettings {
  const name = readNetworkName(flags.name)
  return {
    name,
    cniVersion: flags['cni-version'],
    plugin: readPlugin(flags),
    mtu: flags.mtu,
    routes: (flags.route ?? []).map(readRoute),
    defaultRoute: flags['default-route'],
    dns: {
      nameservers: (flags['dns-nameserver'] ?? []).map((text) => readHost(text, '--dns-nameserver')),
      domain: flags['dns-domain'] === undefined ? undefined : readDomain(flags['dns-domain'], '--dns-domain'),
      search: (flags['dns-search'] ?? []).map((text) => readDomain(text, '--dns-search')),
    },
    dataDir: flags['data-dir'] === undefined ? undefined : readDataDir(flags['data-dir']),
    portmap: flags.portmap,
    bandwidth: flags.bandwidth,
    fileName: readFileName(flags['file-name'] ?? `10-${name}.conflist`),
  }
}

/** The ranges that --subnet and its bounds ask for. @throws UsageError that names the flag */
export function readRanges(flags: ConfFlags): readonly ConfRange[] {
  const hosts = (flag: 'range-start' | 'range-end' | 'gateway') => (flags[flag] ?? []).map((text) => readHost(text, `--${flag}`))
  const subnets = (flags.subnet ?? []).map((text) => readSubnet(text, '--subnet'))
  return confRanges(subnets, { starts: hosts('range-start'), ends: hosts('range-end'), gateways: hosts('gateway') }, '--subnet')
}

/** What only shows with the families of the subnets. @throws UsageError */
export function refuseFamilies({ routes, mtu }: ConfSettings, ranges: readonly ConfRange[], where: string): void {
  const families = new Set(ranges.map(({ subnet }) => subnet.family))
  const lost = routes.find(({ destination }) => !families.has(destination.family))
  if (lost !== undefined)
    throw new UsageError(`--route: ${formatCidr(lost.destination)} is IPv${lost.destination.family}, and ${where} has no such subnet`)
  // RFC 8200 section 5: the kernel switches IPv6 off below.
  if (mtu !== undefined && mtu < 1280 && families.has(6))
    throw new UsageError(`--mtu: ${mtu} is less than the 1280 that IPv6 needs, and ${where} has an IPv6 subnet`)
}
