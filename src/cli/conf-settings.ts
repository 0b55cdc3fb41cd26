// From flags to the settings and ranges of a generated configuration.
import { UsageError } from '../model/errors.ts'
import { formatAddress, formatCidr } from '../net/index.ts'
import { confRanges } from '../systems/cni/conf-ranges.ts'
import {
  type ConfRange,
  type ConfRoute,
  type ConfSettings,
  type MainPlugin,
  modes,
  type PluginType,
  pluginTypes,
} from '../systems/cni/conf-settings.ts'
import type { Target } from '../systems/cni/targets/define-target.ts'
import type { ConfFlags } from './conf-flags.ts'
import {
  readDataDir,
  readDomain,
  readFileName,
  readHost,
  readInterface,
  readLabel,
  readNetworkName,
  readPciAddress,
  readQualifiedName,
  readSubnet,
} from './conf-values.ts'

/** Which plugins know what a flag says. */
const plugins: Readonly<Record<string, readonly PluginType[]>> = {
  bridge: ['bridge'],
  hairpin: ['bridge'],
  'ip-masq': ['bridge', 'ptp'],
  master: ['macvlan', 'ipvlan', 'vlan'],
  vlan: ['vlan', 'sriov'],
  device: ['host-device', 'sriov'],
  mode: ['macvlan', 'ipvlan'],
}

/** What means nothing to a target that runs no plugin. */
const ofPlugins = [
  ...['type', 'bridge', 'hairpin', 'ip-masq', 'master', 'mode', 'vlan', 'device', 'resource', 'ipam', 'mtu', 'route', 'default-route'],
  ...['dns-nameserver', 'dns-domain', 'dns-search', 'portmap', 'bandwidth', 'data-dir', 'file-name', 'cni-version'],
]

function refuseForTarget(flags: ConfFlags, target: Target): void {
  const isGiven = (flag: string): boolean => ![undefined, false].includes(flags[flag as keyof ConfFlags] as undefined)
  const foreign = ofPlugins.find((flag) => !target.isPlugin && isGiven(flag))
  if (foreign !== undefined) throw new UsageError(`--${foreign} is about a CNI plugin, and --target ${target.id} writes none`)
  const attachments: Readonly<Record<string, readonly string[]>> = { resource: ['nad', 'whereabouts'], ipam: ['nad'], 'node-label': ['calico'] }
  for (const [flag, ids] of Object.entries(attachments)) {
    if (isGiven(flag) && !ids.includes(target.id)) throw new UsageError(`--${flag} is for --target ${ids.join(' or ')}, not for ${target.id}`)
  }
  if (flags['file-name'] !== undefined && target.id !== 'conflist') throw new UsageError(`--file-name is for --target conflist, not for ${target.id}`)
}

function refuseForeign(flags: ConfFlags, type: PluginType): void {
  for (const [flag, types] of Object.entries(plugins)) {
    const value = flags[flag as keyof ConfFlags]
    const isGiven = value !== undefined && value !== false // what a plugin cannot do is also not done
    if (isGiven && !types.includes(type)) throw new UsageError(`--${flag} is for --type ${types.join(' or ')}, not for ${type}`)
  }
}

/** @param hasResource a device plugin chooses the device */
function readPlugin(flags: ConfFlags, type: PluginType, hasResource: boolean): MainPlugin {
  const ipMasq = flags['ip-masq'] ?? true
  if (type === 'bridge') return { type, bridge: readInterface(flags.bridge ?? 'cni0', '--bridge'), ipMasq, hairpinMode: flags.hairpin }
  if (type === 'ptp') return { type, ipMasq }
  if (type === 'flannel' || type === 'kindnet') return { type }
  if (type === 'host-device') {
    if (flags.device === undefined)
      throw new UsageError('--device is missing: which interface of the node is to move into the pod? for example --device ens5')
    return { type, device: readInterface(flags.device, '--device') }
  }
  if (type === 'sriov') {
    if (flags.device === undefined && !hasResource)
      throw new UsageError(
        '--device is missing: which PCI device? for example --device 0000:03:02.0; a network attachment can name a --resource instead',
      )
    return { type, device: flags.device === undefined ? undefined : readPciAddress(flags.device, '--device'), vlan: flags.vlan }
  }
  if (flags.master === undefined)
    throw new UsageError(`--master is missing: which interface of the node is ${type} to share? for example --master eth0`)
  const master = readInterface(flags.master, '--master')
  if (type === 'vlan') {
    if (flags.vlan === undefined) throw new UsageError('--vlan is missing: which VLAN? for example --vlan 100')
    return { type, master, vlan: flags.vlan }
  }
  const known: readonly string[] = modes[type]
  if (flags.mode !== undefined && !known.includes(flags.mode)) {
    throw new UsageError(`--mode: ${JSON.stringify(flags.mode)} is no mode of ${type}; there is ${known.join(', ')}`)
  }
  return { type, master, mode: flags.mode }
}

/** The plugin of a further network of a plan; the flags say what the plan does not. @throws UsageError */
export function readNetworkPlugin(flags: ConfFlags, type: string, network: string): MainPlugin {
  const known = pluginTypes.find((each) => each === type && each !== 'flannel' && each !== 'kindnet')
  if (known === undefined)
    throw new UsageError(
      `the network ${network}: no configuration is written for type ${JSON.stringify(type)}; there is ${pluginTypes.filter((each) => each !== 'flannel' && each !== 'kindnet').join(', ')}`,
    )
  return readPlugin(flags, known, flags.resource !== undefined)
}

function readRoute(text: string): ConfRoute {
  const at = text.indexOf('=')
  const destination = readSubnet(at < 0 ? text : text.slice(0, at), '--route')
  if (at < 0) return { destination, gateway: undefined }
  const gateway = readHost(text.slice(at + 1), '--route')
  if (gateway.family === destination.family) return { destination, gateway }
  throw new UsageError(`--route: the gateway ${formatAddress(gateway)} and ${formatCidr(destination)} are of two address families`)
}

/** What flannel and kindnet write on a node themselves, where nothing else is asked for. */
const presets: Readonly<Record<string, { readonly name: string; readonly fileName: string; readonly dataDir?: string }>> = {
  flannel: { name: 'cbr0', fileName: '10-flannel.conflist' },
  kindnet: { name: 'kindnet', fileName: '10-kindnet.conflist', dataDir: '/run/cni-ipam-state' },
}

/** @throws UsageError that names the flag */
export function readSettings(flags: ConfFlags, target: Target): ConfSettings {
  refuseForTarget(flags, target)
  const type = flags.type ?? 'bridge'
  const preset = presets[type]
  const name = readNetworkName(flags.name ?? target.defaultName ?? preset?.name ?? 'pods')
  // Networks of a plan bring their types along.
  const isOpen = target.id === 'nad' && flags.type === undefined
  if (!isOpen) refuseForeign(flags, type)
  return {
    name,
    cniVersion: flags['cni-version'] ?? (preset === undefined ? '1.0.0' : '0.3.1'),
    plugin: isOpen
      ? { type: 'bridge', bridge: readInterface(flags.bridge ?? 'cni0', '--bridge'), ipMasq: flags['ip-masq'] ?? true, hairpinMode: flags.hairpin }
      : readPlugin(flags, type, flags.resource !== undefined),
    mtu: flags.mtu,
    routes: (flags.route ?? []).map(readRoute),
    defaultRoute: flags['default-route'] ?? target.id === 'conflist',
    dns: {
      nameservers: (flags['dns-nameserver'] ?? []).map((text) => readHost(text, '--dns-nameserver')),
      domain: flags['dns-domain'] === undefined ? undefined : readDomain(flags['dns-domain'], '--dns-domain'),
      search: (flags['dns-search'] ?? []).map((text) => readDomain(text, '--dns-search')),
    },
    dataDir: flags['data-dir'] === undefined ? preset?.dataDir : readDataDir(flags['data-dir']),
    portmap: flags.portmap || preset !== undefined,
    bandwidth: flags.bandwidth,
    fileName: readFileName(flags['file-name'] ?? preset?.fileName ?? `10-${name}.conflist`),
    namespace: flags.namespace === undefined ? undefined : readLabel(flags.namespace, '--namespace'),
    resource: flags.resource === undefined ? undefined : readQualifiedName(flags.resource, '--resource'),
    ipam: flags.ipam ?? 'host-local',
    nodeLabel: flags['node-label'] === undefined ? undefined : readQualifiedName(flags['node-label'], '--node-label'),
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
