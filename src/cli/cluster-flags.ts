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
  const timeout = parseSpan('--request-timeout', flags['request-timeout'] ?? '60s')
  const chunk = flags['chunk-size'] ?? '500'
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
    namespace: flags.namespace,
    labelSelector: flags.selector,
    kinds: kindsRead,
    chunkSize: Number(chunk),
    requestTimeout: timeout === 0 ? LONGEST_TIMER : timeout, // kubectl: 0 is no limit
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
  const contexts = [...new Set(flags.context ?? [])]
  if (contexts.length < 2) {
    if (flags.connected !== undefined) throw new UsageError('--connected compares clusters; give --context at least twice')
    return new Map()
  }
  if (flags.cluster !== undefined) throw new UsageError('--cluster would make all contexts one cluster; leave it out, or give --context once')
  return new Map(contexts.map((context) => [context, liveSource({ ...flags, context }, version)]))
}

interface FleetFlags {
  readonly context?: readonly string[] | undefined
  readonly connected?: string | undefined
}
