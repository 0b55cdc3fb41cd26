// Node state of a live cluster, read by a short-lived DaemonSet: the one thing that this program ever creates in a cluster, on request, and removes again.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../model/errors.ts'
import type { Coverage } from '../model/inventory.ts'
import { reviewAccess, type Wish } from './cluster/access-review.ts'
import { type Client, openClient } from './cluster/client.ts'
import { findAccess } from './cluster/kubeconfig.ts'
import { expectedNodes } from './cluster/nodes/expected-nodes.ts'
import { DAEMON_LABEL, daemonManifest } from './cluster/nodes/node-daemon.ts'
import type { NodeExcerpt } from './cluster/nodes/node-excerpt.ts'
import { type NodeOutcome, readNodes, STREAMS } from './cluster/nodes/read-nodes.ts'
import { removeDaemon } from './cluster/nodes/remove-daemon.ts'
import { RequestFailure } from './cluster/request-failure.ts'
import type { ClusterRequest } from './cluster.ts'
import { isJsonObject } from './unwrap-lists.ts'

export interface NodesRequest {
  readonly cluster: ClusterRequest
  readonly image: string
  /** Of the DaemonSet. */
  readonly namespace: string
  /** A DaemonSet that somebody has applied by hand: it is read and left alone. */
  readonly existing: string | undefined
  /** Milliseconds without any news after which the nodes that are left are given up. */
  readonly patience: number
  deliver(node: string, excerpt: NodeExcerpt): void
}

export interface NodeCollection {
  /** @throws StartError when there is no cluster to be asked */
  run(): Promise<{ readonly coverage: readonly Coverage[]; readonly warnings: readonly string[] }>
  /** Removes what was created, from a signal: at most one request, and no wait for pods. */
  cancel(): Promise<void>
}

const SOURCE = 'node state'

export function nodeCollection(request: NodesRequest): NodeCollection {
  const { cluster, namespace, existing } = request
  const name = existing ?? `${DAEMON_LABEL}-${randomBytes(4).toString('hex')}`
  let client: Client | undefined
  let created: Promise<unknown> | undefined
  let cancelled = false

  const failed = (status: Coverage['status'], error: string, left?: string) => ({
    coverage: [{ source: SOURCE, status, read: 0, error }],
    warnings: left === undefined ? [] : [left],
  })

  async function uidOf(client: Client): Promise<string> {
    const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/daemonsets`
    if (existing === undefined) created = client.send('POST', path, daemonManifest({ name, namespace, image: request.image }))
    const object = existing === undefined ? await created : await client.getJson(`${path}/${encodeURIComponent(name)}`)
    const metadata = isJsonObject(object) && isJsonObject(object['metadata']) ? object['metadata'] : {}
    if (typeof metadata['uid'] !== 'string') throw new RequestFailure('the server did not answer with a DaemonSet')
    return metadata['uid']
  }

  async function read(client: Client): Promise<{ coverage: Coverage[]; warnings: string[] }> {
    const expected = await expectedNodes(client)
    const uid = await uidOf(client)
    const outcomes = await readNodes({
      client,
      daemon: { name, namespace, uid },
      expected,
      patience: request.patience,
      timeout: cluster.requestTimeout,
      cancelled: () => cancelled,
      deliver: request.deliver,
      onProgress: cluster.onProgress === undefined ? undefined : (done) => cluster.onProgress?.(SOURCE, done),
    })
    return { coverage: summarize(outcomes), warnings: [] }
  }

  return {
    async run() {
      client = await openClient({
        access: findAccess(cluster),
        request: cluster,
        timeout: cluster.requestTimeout,
        userAgent: cluster.userAgent,
        sockets: STREAMS + 4,
        ...(cluster.retryBase === undefined ? {} : { retryBase: cluster.retryBase }),
      })
      try {
        const missing = await missingRights(client, namespace, existing !== undefined)
        if (missing.length > 0) return failed('forbidden', forbidden(missing, namespace))
        const found = await read(client)
        const left = existing === undefined ? await removeDaemon(client, { name, namespace }, sleep) : undefined
        return left === undefined ? found : { ...found, warnings: [...found.warnings, left] }
      } catch (cause) {
        const left = created === undefined ? undefined : await removeDaemon(client, { name, namespace }, sleep)
        if (cause instanceof StartError || !(cause instanceof RequestFailure)) throw cause
        const what = existing === undefined ? 'the DaemonSet that reads the nodes' : `DaemonSet ${JSON.stringify(existing)}`
        return failed(
          cause.facts.status === 403 ? 'forbidden' : 'failed',
          `${what} in namespace ${JSON.stringify(namespace)}: ${cause.message}`,
          left,
        )
      } finally {
        cluster.onPause?.()
        client.close()
      }
    },
    async cancel() {
      cancelled = true
      if (client === undefined || created === undefined) return
      await created.catch(() => {})
      await removeDaemon(client, { name, namespace }, undefined)
    },
  }
}

const text = ({ verb, group, resource, subresource }: Wish): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`

/** Nothing is created by somebody who may not delete it, or not read what it prints. */
async function missingRights(client: Client, namespace: string, byHand: boolean): Promise<readonly Wish[]> {
  const daemonsets = { group: 'apps', resource: 'daemonsets', namespace }
  const wishes: Wish[] = [
    ...(byHand
      ? [{ ...daemonsets, verb: 'get' }]
      : [
          { ...daemonsets, verb: 'create' },
          { ...daemonsets, verb: 'delete' },
        ]),
    { group: '', resource: 'pods', verb: 'list', namespace },
    { group: '', resource: 'pods', subresource: 'log', verb: 'get', namespace },
    { group: '', resource: 'nodes', verb: 'list' },
  ]
  const answers = await Promise.all(wishes.map((wish) => reviewAccess(client, wish)))
  return wishes.filter((_, i) => answers[i] === 'denied')
}

const forbidden = (missing: readonly Wish[], namespace: string): string =>
  `not allowed: the RBAC ${missing.length === 1 ? 'rule' : 'rules'} ${missing.map((wish) => `\`${text(wish)}\``).join(', ')} in namespace ${JSON.stringify(namespace)} ${
    missing.length === 1 ? 'is' : 'are'
  } missing, so no pod was started`

function summarize(outcomes: readonly NodeOutcome[]): Coverage[] {
  const troubled = outcomes.filter(({ status }) => status !== 'complete').sort((a, b) => (a.node < b.node ? -1 : 1))
  const read = outcomes.length - troubled.filter(({ status }) => status !== 'partial').length
  const error = `${outcomes.length - read} of ${outcomes.length} nodes could not be read`
  return [
    read === outcomes.length || outcomes.length === 0
      ? { source: SOURCE, status: 'complete', read, error: null }
      : { source: SOURCE, status: read === 0 ? 'failed' : 'partial', read, error },
    ...troubled.map(({ node, status, read: files, error: why }) => ({ source: `nodes/${node}`, status, read: files, error: why })),
  ]
}
