// What a generated CNI configuration is to say, in normal form: everything in it has been checked.
import type { Address, Cidr } from '../../net/index.ts'

/** Versions of the CNI specification that have plugin lists and that plugins in use answer to; 1.1.0 needs plugins 1.6.0 or newer. */
export const cniVersions = ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const
type CniVersion = (typeof cniVersions)[number]

/** Modes as the plugins name them, the default first. */
export const modes = { macvlan: ['bridge', 'private', 'vepa', 'passthru'], ipvlan: ['l2', 'l3', 'l3s'] } as const

/** flannel and kindnet are whole conflists: what those systems write on a node themselves. */
export const pluginTypes = ['bridge', 'ptp', 'macvlan', 'ipvlan', 'vlan', 'host-device', 'sriov', 'flannel', 'kindnet'] as const
export type PluginType = (typeof pluginTypes)[number]

export type MainPlugin =
  | { readonly type: 'bridge'; readonly bridge: string; readonly ipMasq: boolean; readonly hairpinMode: boolean }
  | { readonly type: 'ptp'; readonly ipMasq: boolean }
  | { readonly type: 'macvlan' | 'ipvlan'; readonly master: string; readonly mode: string | undefined }
  | { readonly type: 'vlan'; readonly master: string; readonly vlan: number }
  | { readonly type: 'host-device'; readonly device: string }
  /** Without a device a device plugin chooses it, by the resource that the network attachment names. */
  | { readonly type: 'sriov'; readonly device: string | undefined; readonly vlan: number | undefined }
  | { readonly type: 'flannel' | 'kindnet' }

export interface ConfRoute {
  readonly destination: Cidr
  /** Undefined: the gateway of the range. */
  readonly gateway: Address | undefined
}

/** A subnet to allocate from; what is undefined is left to host-local's defaults. */
export interface ConfRange {
  readonly subnet: Cidr
  readonly start: Address | undefined
  readonly end: Address | undefined
  readonly gateway: Address | undefined
}

export interface ConfSettings {
  readonly name: string
  readonly cniVersion: CniVersion
  readonly plugin: MainPlugin
  readonly mtu: number | undefined
  /** Besides the default routes. */
  readonly routes: readonly ConfRoute[]
  /** True for a default route in each family that has none in `routes`. */
  readonly defaultRoute: boolean
  readonly dns: { readonly nameservers: readonly Address[]; readonly domain: string | undefined; readonly search: readonly string[] }
  readonly dataDir: string | undefined
  readonly portmap: boolean
  readonly bandwidth: boolean
  /** Name of the file, without folders. */
  readonly fileName: string
  /** Namespace of objects that have one; undefined for the target's own. */
  readonly namespace: string | undefined
  /** Device plugin resource of a network attachment. */
  readonly resource: string | undefined
  /** What hands out the addresses of network attachments. */
  readonly ipam: 'host-local' | 'whereabouts'
  /** Label of nodes whose value is the name of their pool; undefined where there is one pool. */
  readonly nodeLabel: string | undefined
}
