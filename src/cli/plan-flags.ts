// The flags of `ipam plan`, and the request that they make.
import { Flags, type Interfaces } from '@oclif/core'
import { severities } from '../model/finding.ts'
import { profiles } from '../plan/profiles/index.ts'
import { clusterFlags } from './cluster-flags.ts'
import { repeatable } from './repeatable.ts'

const request = { helpGroup: 'REQUEST' } as const
const files = { helpGroup: 'FILES' } as const

export const planFlags = {
  'cluster-cidr': Flags.string({
    ...request,
    ...repeatable,
    helpValue: 'CIDR[,CIDR]',
    summary: 'pod range, or an IPv4 and an IPv6 one; the first is the primary family',
  }),
  'node-prefix': Flags.string({
    ...request,
    helpValue: 'N[,N]',
    summary: 'prefix length of the block that each node gets (default: from --max-pods, else 24 and 64)',
  }),
  nodes: Flags.string({ ...request, helpValue: 'N', summary: 'number of nodes, named node-1 to node-N' }),
  node: Flags.string({ ...request, ...repeatable, helpValue: 'NAME', summary: 'a node by name; nodes get their blocks in this order' }),
  'max-nodes': Flags.string({ ...request, helpValue: 'N', summary: 'most nodes that the autoscaler may start' }),
  'max-pods': Flags.string({ ...request, helpValue: 'N', summary: 'most pods on one node' }),
  surge: Flags.string({ ...request, helpValue: 'N|N%', summary: 'extra nodes during upgrades' }),
  growth: Flags.string({ ...request, helpValue: 'N%', summary: 'growth of the number of nodes in a year' }),
  horizon: Flags.string({ ...request, helpValue: 'YEARS', summary: 'years that the plan has to last (default: 3)' }),
  'service-cidr': Flags.string({
    ...request,
    ...repeatable,
    helpValue: 'CIDR[,CIDR]',
    summary: 'Service range; blocks that overlap it go to no node',
  }),
  services: Flags.string({ ...request, helpValue: 'N', summary: 'number of Services expected now' }),
  'node-network': Flags.string({ ...request, ...repeatable, helpValue: 'CIDR', summary: 'network that node addresses come from, repeatable' }),
  reserve: Flags.string({ ...request, ...repeatable, helpValue: 'RANGE', summary: 'CIDR, address or first-last that no node may get, repeatable' }),
  owned: Flags.string({ ...request, ...repeatable, helpValue: 'CIDR', summary: 'public or special range that is yours to use, repeatable' }),
  profile: Flags.string({
    ...request,
    options: profiles.map(({ id }) => id),
    summary: 'what hands out ranges to nodes (default: kube-controller-manager)',
  }),
  normalize: Flags.boolean({ ...request, summary: 'mask host bits instead of refusing them' }),
  file: Flags.string({ ...files, char: 'f', helpValue: 'FILE', summary: 'request as YAML or JSON, - for standard input; flags win over it' }),
  keep: Flags.string({ ...files, helpValue: 'FILE', summary: 'earlier plan (-o json): what it has given stays where it is' }),
  from: Flags.string({
    ...files,
    ...repeatable,
    helpValue: 'PATH',
    summary: 'plan against a bundle, or saved `kubectl get -o json|yaml` output: what nodes have stays where it is; repeatable',
  }),
  external: Flags.string({
    ...files,
    ...repeatable,
    helpValue: 'FILE',
    summary: 'networks outside the cluster: plain list, CSV, NetBox or phpIPAM export; repeatable',
  }),
  within: Flags.string({
    ...request,
    ...repeatable,
    helpValue: 'CIDR[,CIDR]',
    summary: 'find the best free pod range in this network, instead of --cluster-cidr',
  }),
  avoid: Flags.string({ ...files, ...repeatable, helpValue: 'FILE', summary: 'the same as --external' }),
  live: Flags.boolean({ ...files, summary: 'the same against the cluster of the kubeconfig' }),
  'what-if': Flags.string({
    ...files,
    ...repeatable,
    helpValue: 'FLAG=VALUE',
    summary: 'what another value would change, like node-prefix=25; repeatable',
  }),
  ...clusterFlags,
  'fail-on': Flags.option({ options: [...severities, 'never'] as const, default: 'medium' })({
    helpValue: 'SEVERITY',
    summary: 'exit 1 from this severity on: critical, high, medium, low, info, never',
  }),
  now: Flags.string({ helpValue: 'TIME', summary: 'time that growth is counted from, ISO 8601 (default: now)' }),
}

export type PlanFlags = Interfaces.InferredFlags<typeof planFlags>

/** Which flag a key of the request came from. */
export const flagOfKey: Readonly<Record<string, string>> = {
  clusterCidrs: '--cluster-cidr',
  nodePrefixes: '--node-prefix',
  nodes: '--nodes',
  maxNodes: '--max-nodes',
  maxPods: '--max-pods',
  surge: '--surge',
  growth: '--growth',
  horizon: '--horizon',
  serviceCidrs: '--service-cidr',
  serviceCount: '--services',
  nodeNetworks: '--node-network',
  reservations: '--reserve',
  owned: '--owned',
  externalNetworks: '--external',
  profile: '--profile',
}
