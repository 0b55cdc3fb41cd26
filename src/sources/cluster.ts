// The source of everything that a live cluster's API server tells. It only reads: no request but GET is sent, and questions about what would be allowed.
import { StartError } from '../model/errors.ts'
import { reviewLists } from './cluster/access-review.ts'
import { type Client, openClient } from './cluster/client.ts'
import { discover } from './cluster/discovery.ts'
import { type AccessRequest, findAccess } from './cluster/kubeconfig.ts'
import { recheckObjects } from './cluster/recheck-objects.ts'
import { RequestFailure } from './cluster/request-failure.ts'
import { fullName, type Resource } from './cluster/resource.ts'
import { scan } from './cluster/scan.ts'
import type { Source } from './source.ts'

export interface ClusterRequest extends AccessRequest {
  /** What to read, as `group/Kind`. */
  readonly kinds: readonly string[]
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  /** Objects a page. */
  readonly chunkSize: number
  /** Milliseconds. */
  readonly requestTimeout: number
  readonly userAgent: string
  /** The clock of this machine. */
  readonly now: () => number
  readonly onProgress?: (what: string, read: number) => void
  /** Nothing more is read for now, however it ended. */
  readonly onPause?: () => void
  /** Told before anything is read: lists that the server would refuse. */
  readonly onForbidden?: (lists: readonly string[]) => void
  /** Milliseconds, see ClientOptions. */
  readonly retryBase?: number
  /** For saving what is read: see ClientOptions. */
  readonly exact?: boolean
}

/** Seconds between two clocks that start to matter for tokens and for what a person reads. */
const LARGEST_SKEW = 30

/** Its `read` throws StartError when there is no kubeconfig, no server, no access, or nothing at all could be read. */
export function clusterSource(request: ClusterRequest): Source {
  let client: Client | undefined
  let served: ReadonlyMap<string, Resource> = new Map()
  return {
    async read(accept, needs) {
      const access = findAccess(request)
      client = await openClient({
        access,
        request,
        timeout: request.requestTimeout,
        userAgent: request.userAgent,
        ...(request.retryBase === undefined ? {} : { retryBase: request.retryBase }),
        exact: request.exact ?? false,
      })
      const where = `cluster ${JSON.stringify(access.name)} (${client.host})`
      const found = await discover(client, request.kinds).catch((cause: unknown) => {
        if (!(cause instanceof RequestFailure || cause instanceof StartError)) throw cause
        const message =
          cause instanceof RequestFailure && cause.facts.status === 403
            ? 'not allowed to ask what the server offers (403, system:discovery)'
            : cause.message
        throw new StartError(`${where} cannot be read: ${message}`)
      })
      served = found.found
      const denied = await reviewLists(client, found.found, request.kinds, request.namespace)
      if (denied.size > 0 && denied.size < found.found.size) request.onForbidden?.([...denied.values()].map(fullName))
      const { coverage, podsReadAt } = await scan(
        client,
        found,
        {
          kinds: request.kinds,
          namespace: request.namespace,
          labelSelector: request.labelSelector,
          limit: request.chunkSize,
          denied,
          needs,
          onProgress: request.onProgress,
        },
        accept,
      ).finally(() => request.onPause?.())
      const refused = coverage.filter(({ status }) => status === 'forbidden' || status === 'failed')
      const first = refused.find(({ source }) => source === 'pods') ?? refused[0]
      if (coverage.every(({ status, read }) => read === 0 && status !== 'complete') && first !== undefined) {
        client.close()
        throw new StartError(
          `${where}: nothing could be read; ${first.source}: ${first.error}${refused.length === 1 ? '' : ` (and ${refused.length - 1} more lists)`}`,
        )
      }
      const time = client.serverTime()
      const skew = time === undefined ? 0 : Math.round((request.now() - time) / 1000)
      return {
        coverage,
        collectedAt: podsReadAt,
        newestFile: undefined,
        name: access.name,
        warnings: [
          ...(Math.abs(skew) > LARGEST_SKEW
            ? [`this machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the server's; ages are judged by the server's`]
            : []),
          ...(access.cluster['insecure-skip-tls-verify'] === true ? [`${where}: its certificate was not checked (insecure-skip-tls-verify)`] : []),
        ],
      }
    },
    recheck: async (objects) => (client === undefined ? objects.map(() => undefined) : recheckObjects(client, served, objects)),
  }
}
