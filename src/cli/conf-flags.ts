// The flags of `ipam generate-conf`.
import { Flags, type Interfaces } from '@oclif/core'
import { cniVersions, pluginTypes } from '../systems/cni/conf-settings.ts'
import { layouts } from '../systems/cni/lay-out-files.ts'
import { targets } from '../systems/cni/targets/index.ts'
import { repeatable } from './repeatable.ts'

const what = { helpGroup: 'ADDRESSES' } as const
const network = { helpGroup: 'NETWORK' } as const
const where = { helpGroup: 'FILES' } as const

export const confFlags = {
  subnet: Flags.string({
    ...what,
    ...repeatable,
    helpValue: 'CIDR',
    summary: 'subnet to allocate from; twice for dual stack, primary family first',
  }),
  plan: Flags.string({ ...what, helpValue: 'FILE', summary: 'plan made by ipam plan -o json, - for standard input, instead of --subnet' }),
  node: Flags.string({ ...what, ...repeatable, helpValue: 'NAME', summary: 'a node of the plan, repeatable (default: all)' }),
  'range-start': Flags.string({
    ...what,
    ...repeatable,
    helpValue: 'ADDRESS',
    summary: 'first address of a --subnet (default: the second one of the subnet)',
  }),
  'range-end': Flags.string({
    ...what,
    ...repeatable,
    helpValue: 'ADDRESS',
    summary: 'last address of a --subnet (default: the last one that a host may have)',
  }),
  gateway: Flags.string({
    ...what,
    ...repeatable,
    helpValue: 'ADDRESS',
    summary: 'gateway of a --subnet, never handed out (default: the second address)',
  }),

  name: Flags.string({ ...network, helpValue: 'NAME', summary: 'network name (default: pods)' }),
  type: Flags.option({ options: pluginTypes })({ ...network, summary: 'main plugin, or the whole of flannel or kindnet (default: bridge)' }),
  'cni-version': Flags.option({ options: cniVersions })({
    ...network,
    summary: 'version of the CNI specification (default: 1.0.0); 1.1.0 needs plugins 1.6.0 or newer',
  }),
  route: Flags.string({ ...network, ...repeatable, helpValue: 'CIDR[=GATEWAY]', summary: 'route for pods, repeatable' }),
  'default-route': Flags.boolean({
    ...network,
    allowNo: true,
    summary: 'a default route for each family (default: yes, and no for network attachments)',
  }),
  'dns-nameserver': Flags.string({ ...network, ...repeatable, helpValue: 'ADDRESS', summary: 'name server for pods, repeatable' }),
  'dns-domain': Flags.string({ ...network, helpValue: 'DOMAIN', summary: 'local domain for pods' }),
  'dns-search': Flags.string({ ...network, ...repeatable, helpValue: 'DOMAIN', summary: 'search domain for pods, repeatable' }),
  bridge: Flags.string({ ...network, helpValue: 'INTERFACE', summary: 'bridge: its name (default: cni0)' }),
  master: Flags.string({ ...network, helpValue: 'INTERFACE', summary: 'macvlan, ipvlan, vlan: interface of the node that pods share' }),
  vlan: Flags.integer({ ...network, min: 0, max: 4094, helpValue: 'ID', summary: 'vlan, sriov: VLAN id' }),
  device: Flags.string({ ...network, helpValue: 'DEVICE', summary: 'host-device: interface to move into the pod; sriov: PCI address' }),
  resource: Flags.string({ ...network, helpValue: 'NAME', summary: 'network attachments: device plugin resource, like vendor.com/sriov' }),
  ipam: Flags.option({ options: ['host-local', 'whereabouts'] as const })({
    ...network,
    summary: 'network attachments: what hands out addresses (default: host-local)',
  }),
  mode: Flags.string({ ...network, helpValue: 'MODE', summary: 'macvlan: bridge, private, vepa, passthru; ipvlan: l2, l3, l3s' }),
  mtu: Flags.integer({ ...network, min: 68, max: 65_535, helpValue: 'BYTES', summary: 'MTU of the pod interface (default: as the plugin chooses)' }),
  'ip-masq': Flags.boolean({ ...network, allowNo: true, summary: 'bridge, ptp: hide pods behind the node outside of the subnet (default: yes)' }),
  hairpin: Flags.boolean({ ...network, summary: 'bridge: let a pod reach itself through a Service' }),
  portmap: Flags.boolean({ ...network, summary: 'chain the portmap plugin, for host ports' }),
  bandwidth: Flags.boolean({ ...network, summary: 'chain the bandwidth plugin, for traffic limits' }),
  'data-dir': Flags.string({
    ...network,
    helpValue: 'PATH',
    summary: 'where host-local keeps its state on the node (default: /var/lib/cni/networks)',
  }),

  'out-dir': Flags.string({ ...where, helpValue: 'DIR', summary: 'write files into this folder; DIR/NODE/etc/cni/net.d/ for each node of a plan' }),
  'file-name': Flags.string({ ...where, helpValue: 'NAME', summary: 'name of each file (default: 10-NAME.conflist)' }),
  target: Flags.string({ ...where, options: targets.map(({ id }) => id), default: targets[0].id, summary: 'what to generate' }),
  layout: Flags.option({ options: layouts, default: 'tree' })({
    ...where,
    summary: 'tree: files as they belong; kustomize: the same and a kustomization; configmap: all of them inside ConfigMaps',
  }),
  namespace: Flags.string({ ...where, char: 'n', helpValue: 'NAME', summary: 'namespace of objects that have one' }),
  'node-label': Flags.string({ ...where, helpValue: 'KEY', summary: 'calico: label of nodes whose value is the name of their pool' }),
}

export type ConfFlags = Interfaces.InferredFlags<typeof confFlags>
