// kubectl's flags for choosing and reading a cluster, shared by every command that reads one.
import { Flags } from '@oclif/core'
import { repeatable } from './repeatable.ts'

const group = { helpGroup: 'CLUSTER' } as const

export const clusterFlags = {
  kubeconfig: Flags.string({ ...group, helpValue: 'FILE', summary: 'kubeconfig; as with kubectl, its credential plugins are run' }),
  context: Flags.string({ ...group, helpValue: 'NAME', summary: 'context of the kubeconfig' }),
  cluster: Flags.string({ ...group, helpValue: 'NAME', summary: 'cluster of the kubeconfig' }),
  user: Flags.string({ ...group, helpValue: 'NAME', summary: 'user of the kubeconfig' }),
  as: Flags.string({ ...group, helpValue: 'USER', summary: 'user to impersonate' }),
  'as-group': Flags.string({ ...group, ...repeatable, helpValue: 'GROUP', summary: 'group to impersonate; repeatable' }),
  'as-uid': Flags.string({ ...group, helpValue: 'UID', summary: 'uid to impersonate' }),
  'as-user-extra': Flags.string({ ...group, ...repeatable, helpValue: 'KEY=VALUE', summary: 'extra field to impersonate; repeatable' }),
  server: Flags.string({ ...group, char: 's', helpValue: 'URL', summary: 'address of the API server, instead of the kubeconfig’s' }),
  token: Flags.string({ ...group, helpValue: 'TOKEN', summary: 'bearer token, instead of the kubeconfig’s' }),
  'certificate-authority': Flags.string({ ...group, helpValue: 'FILE', summary: 'certificate of the authority to trust' }),
  'client-certificate': Flags.string({ ...group, helpValue: 'FILE', summary: 'client certificate' }),
  'client-key': Flags.string({ ...group, helpValue: 'FILE', summary: 'key of the client certificate' }),
  'tls-server-name': Flags.string({ ...group, helpValue: 'NAME', summary: 'name that the server’s certificate is checked for' }),
  'insecure-skip-tls-verify': Flags.boolean({ ...group, summary: 'do not check the server’s certificate' }),
  'request-timeout': Flags.string({ ...group, helpValue: 'SPAN', summary: 'longest time for one answer of the server (default: 60s)' }),
  namespace: Flags.string({
    ...group,
    char: 'n',
    helpValue: 'NAME',
    summary: 'only this namespace; the rest counts as not read',
    exclusive: ['all-namespaces'],
  }),
  'all-namespaces': Flags.boolean({ ...group, char: 'A', summary: 'all namespaces, which is the default' }),
  selector: Flags.string({ ...group, char: 'l', helpValue: 'LABELS', summary: 'only pods with these labels; the rest counts as not read' }),
  'chunk-size': Flags.string({ ...group, helpValue: 'N', summary: 'objects a page (default: 500)' }),
}

/** The parsed flags; an index signature of oclif's type is wider. */
export interface ClusterFlags {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly as?: string | undefined
  readonly 'as-group'?: readonly string[] | undefined
  readonly 'as-uid'?: string | undefined
  readonly 'as-user-extra'?: readonly string[] | undefined
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly 'certificate-authority'?: string | undefined
  readonly 'client-certificate'?: string | undefined
  readonly 'client-key'?: string | undefined
  readonly 'tls-server-name'?: string | undefined
  readonly 'insecure-skip-tls-verify': boolean
  readonly 'request-timeout'?: string | undefined
  readonly namespace?: string | undefined
  readonly 'all-namespaces': boolean
  readonly selector?: string | undefined
  readonly 'chunk-size'?: string | undefined
  readonly quiet: boolean
}

/** Of the audit: each context is a cluster of its own. */
export const fleetFlags = {
  context: Flags.string({
    ...group,
    ...repeatable,
    helpValue: 'NAME',
    summary: 'context of the kubeconfig; repeatable, to audit several clusters in one run',
  }),
  connected: Flags.string({
    ...group,
    options: ['mesh', 'routed'],
    summary: 'the clusters of several --context reach each other’s pods, so their ranges must not overlap: as one mesh, or by routes',
  }),
}

/** Flags that were given and mean nothing without a cluster. */
export const givenClusterFlags = (flags: Readonly<Record<string, unknown>>): string[] =>
  Object.keys({ ...clusterFlags, ...fleetFlags }).filter((name) => flags[name] !== undefined && flags[name] !== false)
