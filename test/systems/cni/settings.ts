// Settings and ranges for tests: short to write, with values that no default has.
import { parseAddress, parseCidr } from '../../../src/net/index.ts'
import type { ConfRange, ConfSettings } from '../../../src/systems/cni/conf-settings.ts'

export function settings(more: Partial<ConfSettings> = {}): ConfSettings {
  return {
    name: 'net7',
    cniVersion: '0.4.0',
    plugin: { type: 'bridge', bridge: 'br7', ipMasq: false, hairpinMode: false },
    mtu: undefined,
    routes: [],
    defaultRoute: true,
    dns: { nameservers: [], domain: undefined, search: [] },
    dataDir: undefined,
    portmap: false,
    bandwidth: false,
    fileName: '70-net7.conflist',
    namespace: undefined,
    resource: undefined,
    ipam: 'host-local',
    nodeLabel: undefined,
    ...more,
  }
}

export function confRange(subnet: string, bounds: { start?: string; end?: string; gateway?: string } = {}): ConfRange {
  const address = (text: string | undefined) => (text === undefined ? undefined : parseAddress(text))
  return { subnet: parseCidr(subnet), start: address(bounds.start), end: address(bounds.end), gateway: address(bounds.gateway) }
}
