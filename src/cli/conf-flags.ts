// The flags of `ipam generate-conf`.
import { Flags, type Interfaces } from '@oclif/core'
import { cniVersions, pluginTypes } from '../systems/cni/conf-settings.ts'
import { targets } from '../systems/cni/targets/index.ts'

const what = { helpGroup: 'ADDRESSES' } as const
const network = { helpGroup: 'NETWORK' } as const
const where = { helpGroup: 'FILES' } as const

export const confFlags = {
  subnet: Flags.string({
    ...what,
    multiple: true,
    helpValue: 'CIDR',
    summary: 'subnet to allocate from; twice for dual stack, primary family first',
  }),
  plan: Flags.string({ ...what, helpValue: 'FILE', summary: 'plan made by ipam plan -o json, - for standard input, instead of --subnet' }),
  node: Flags.string({ ...what, multiple: true, helpValue: 'NAME', summary: 'a node of the plan, repeatable (default: all)' }),
  'range-start': Flags.string({
    ...what,
    multiple: true,
    helpValue: 'ADDRESS',
    summary: 'first address of a --subnet (default: the second one of the subnet)',
  }),
  'range-end': Flags.string({
    ...what,
    multiple: true,
    helpValue: 'ADDRESS',
    summary: 'last address of a --subnet (default: the last one that a host may have)',
  }),
  gateway: Flags.string({
    ...what,
    multiple: true,
    helpValue: 'ADDRESS',
    summary: 'gateway of a --subnet, never handed out (default: the second address)',
  }),

  name: Flags.string({ ...network, helpValue: 'NAME', default: 'pods', summary: 'network name' }),
  type: Flags.option({ options: pluginTypes, default: 'bridge' })({ ...network, summary: 'main plugin' }),
  'cni-version': Flags.option({ options: cniVersions, default: '1.0.0' })({
    ...network,
    summary: 'version of the CNI specification; 1.1.0 needs plugins 1.6.0 or newer',
  }),
  route: Flags.string({ ...network, multiple: true, helpValue: 'CIDR[=GATEWAY]', summary: 'route for pods, repeatable' }),
  'default-route': Flags.boolean({ ...network, allowNo: true, default: true, summary: 'a default route for each family (default: yes)' }),
  'dns-nameserver': Flags.string({ ...network, multiple: true, helpValue: 'ADDRESS', summary: 'name server for pods, repeatable' }),
  'dns-domain': Flags.string({ ...network, helpValue: 'DOMAIN', summary: 'local domain for pods' }),
  'dns-search': Flags.string({ ...network, multiple: true, helpValue: 'DOMAIN', summary: 'search domain for pods, repeatable' }),
  bridge: Flags.string({ ...network, helpValue: 'INTERFACE', summary: 'bridge: its name (default: cni0)' }),
  master: Flags.string({ ...network, helpValue: 'INTERFACE', summary: 'macvlan, ipvlan: interface of the node that pods share' }),
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
}

export type ConfFlags = Interfaces.InferredFlags<typeof confFlags>
