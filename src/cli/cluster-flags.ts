// kubectl's flags for choosing and reading a cluster, shared by every command that reads one.
import { Flags } from '@oclif/core'
import { safe } from '../formats/safe.ts'
import { UsageError } from '../model/errors.ts'
import { type ClusterRequest, clusterSource } from '../sources/cluster.ts'
import type { Source } from '../sources/source.ts'
import { systems } from '../systems/index.ts'
import { parseSpan } from './audit-flags.ts'
import { progressLine } from './progress-line.ts'

const group = { helpGroup: 'CLUSTER' } as const

export const clusterFlags = {
  kubeconfig: Flags.string({ ...group, helpValue: 'FILE', summary: 'kubeconfig; as with kubectl, its credential plugins are run' }),
  context: Flags.string({ ...group, helpValue: 'NAME', summary: 'context of the kubeconfig' }),
  cluster: Flags.string({ ...group, helpValue: 'NAME', summary: 'cluster of the kubeconfig' }),
  user: Flags.string({ ...group, helpValue: 'NAME', summary: 'user of the kubeconfig' }),
  as: Flags.string({ ...group, helpValue: 'USER', summary: 'user to impersonate' }),
  'as-group': Flags.string({ ...group, multiple: true, helpValue: 'GROUP', summary: 'group to impersonate; repeatable' }),
  'as-uid': Flags.string({ ...group, helpValue: 'UID', summary: 'uid to impersonate' }),
  'as-user-extra': Flags.string({ ...group, multiple: true, helpValue: 'KEY=VALUE', summary: 'extra field to impersonate; repeatable' }),
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
    multiple: true,
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

/** `group/Kind` of everything that a system reads. */
export const kindsRead: readonly string[] = [...new Set(systems.flatMap((system) => system.kinds))]

/** @throws UsageError */
export function clusterRequest(flags: ClusterFlags, version: string): ClusterRequest {
  const span = flags['request-timeout'] || '60s'
  const timeout = parseSpan('--request-timeout', /^\d+$/.test(span) ? `${span}s` : span) // kubectl: a bare number is seconds
  const chunk = flags['chunk-size'] ?? '500'
  const { namespace, selector } = flags
  if (namespace && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace))
    throw new UsageError(`--namespace ${JSON.stringify(namespace)} is no name that a namespace can have`)
  if (selector && !isSelector(selector))
    throw new UsageError(
      `--selector ${JSON.stringify(selector)} is no label selector; write app=web, app!=web, app in (web,api), app or !app, joined by commas`,
    )
  if (!/^[1-9]\d{0,4}$/.test(chunk)) throw new UsageError(`--chunk-size "${chunk}" is not a number from 1 to 99999`)
  const progress = progressLine(process.stderr, process.env, flags.quiet)
  return {
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    cluster: flags.cluster,
    user: flags.user,
    as: flags.as,
    asGroups: flags['as-group'],
    asUid: flags['as-uid'],
    asExtra: extraOf(flags['as-user-extra'] ?? []),
    server: flags.server,
    token: flags.token,
    certificateAuthority: flags['certificate-authority'],
    clientCertificate: flags['client-certificate'],
    clientKey: flags['client-key'],
    tlsServerName: flags['tls-server-name'],
    insecureSkipTlsVerify: flags['insecure-skip-tls-verify'],
    namespace: namespace || undefined,
    labelSelector: selector || undefined,
    kinds: kindsRead,
    chunkSize: Number(chunk),
    requestTimeout: timeout === 0 ? LONGEST_TIMER : Math.min(timeout, LONGEST_TIMER), // kubectl: 0 is no limit
    userAgent: `ipam/${version}`,
    now: Date.now,
    ...(progress === undefined
      ? {}
      : {
          onProgress: progress,
          // For people; the report says it in any case.
          onForbidden: (lists: readonly string[]) =>
            void process.stderr.write(
              `${safe(`not allowed, and will be missing: list ${lists.join(', ')} (\`ipam audit --print-rbac\` prints the rules)`)}\n`,
            ),
        }),
  }
}

/** `KEY=VALUE`; a key may come more than once. @throws UsageError that does not repeat the value */
function extraOf(pairs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const extra = new Map<string, string[]>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new UsageError('--as-user-extra is not KEY=VALUE')
    const key = pair.slice(0, equals)
    extra.set(key, [...(extra.get(key) ?? []), pair.slice(equals + 1)])
  }
  return extra
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function isSelector(text: string): boolean {
  const key = String.raw`[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?`
  const value = String.raw`[\w.-]*`
  const one = String.raw`(?:!\s*${key}|${key}(?:\s*(?:==?|!=)\s*${value}|\s*[<>]\s*\d+|\s+(?:not)?in\s*\(\s*${value}(?:\s*,\s*${value})*\s*\))?)`
  return text.length <= 4096 && new RegExp(String.raw`^\s*${one}(?:\s*,\s*${one})*\s*$`).test(text)
}

/** setTimeout takes no longer one. */
const LONGEST_TIMER = 2_147_483_647

/** @throws UsageError */
export const liveSource = (flags: ClusterFlags, version: string): Source => clusterSource(clusterRequest(flags, version))

/**
 * Sources by the name of the context, each once; none where fewer than two are asked for.
 *
 * @throws UsageError for flags that name one cluster
 */
export function fleetSources(flags: Omit<ClusterFlags, 'context'> & FleetFlags, version: string): ReadonlyMap<string, Source> {
  const contexts = [...new Set(flags.context ?? [])].filter((name) => name !== '')
  if (contexts.length < 2) {
    if (flags.connected !== undefined) throw new UsageError('--connected compares clusters; give --context at least twice')
    return new Map()
  }
  for (const flag of ['cluster', 'server'] as const)
    if (flags[flag]) throw new UsageError(`--${flag} would make all contexts one cluster; leave it out, or give --context once`)
  return new Map(contexts.map((context) => [context, liveSource({ ...flags, context }, version)]))
}

interface FleetFlags {
  readonly context?: readonly string[] | undefined
  readonly connected?: string | undefined
}
