// Clusters as the flags choose them. Loaded only when a cluster is read: what speaks to a server is most of what a command would have to load.
import { safe } from '../formats/safe.ts'
import { UsageError } from '../model/errors.ts'
import { type ClusterRequest, clusterSource } from '../sources/cluster.ts'
import type { Source } from '../sources/source.ts'
import { systems } from '../systems/index.ts'
import { parseSpan } from './audit-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'
import { progressLine } from './progress-line.ts'

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
