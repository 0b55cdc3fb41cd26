// Clusters as the flags choose them. Loaded only when a cluster is read: what speaks to a server is most of what a command would have to load.
import { safe } from '../formats/safe.ts'
import { UsageError } from '../model/errors.ts'
import { type ClusterRequest, clusterSource } from '../sources/cluster.ts'
import type { Source } from '../sources/source.ts'
import { systems } from '../systems/index.ts'
import { parseSpan } from './audit-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'
import { extraOf, isSelector } from './cluster-values.ts'
import { progressLine } from './progress-line.ts'

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
          onProgress: progress.show,
          onPause: progress.wipe,
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
