// Reads what the collecting pods print, as soon as each is ready, a bounded number at once, and says of every node what became of it.
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { SourceError, StartError } from '../../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../unwrap-lists.ts'
import type { Client } from '../client.ts'
import { listPages } from '../list-pages.ts'
import { RequestFailure } from '../request-failure.ts'
import { judgePod, nodeOfPod } from './judge-pod.ts'
import { CONTAINER, DAEMON_LABEL } from './node-daemon.ts'
import { type NodeExcerpt, nodeExcerpt } from './node-excerpt.ts'
import { readNodeStream } from './node-stream.ts'

export interface NodesReading {
  readonly client: Client
  /** Of the DaemonSet; pods of others with the same label are not believed. */
  readonly daemon: { readonly name: string; readonly namespace: string; readonly uid: string }
  /** Nodes that have to answer, with what keeps a node from it. */
  readonly expected: ReadonlyMap<string, string | undefined>
  /** Milliseconds without any news after which the rest is given up. */
  readonly patience: number
  /** Milliseconds for one node's stream. */
  readonly timeout: number
  /** True when nobody wants the rest any more. */
  readonly cancelled: () => boolean
  deliver(node: string, excerpt: NodeExcerpt): void
  readonly onProgress: ((read: number, of: number) => void) | undefined
}

export interface NodeOutcome {
  readonly node: string
  readonly status: 'complete' | 'partial' | 'failed' | 'forbidden'
  readonly read: number
  readonly error: string | null
}

/** 5,000 streams at once would be felt by the API server, which passes on every byte. */
export const STREAMS = 16
const PODS = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true } as const
const TRIES = 3
const LONGEST_PAUSE = 5000

/** @throws RequestFailure when the pods cannot be listed */
export async function readNodes(request: NodesReading): Promise<readonly NodeOutcome[]> {
  const { expected, patience, cancelled } = request
  const outcomes = new Map<string, NodeOutcome>()
  const reasons = new Map<string, string>()
  const started = new Set<string>()
  const limit = pLimit(STREAMS)
  const reading: Promise<void>[] = []
  let news = performance.now()
  const settle = (outcome: NodeOutcome) => {
    outcomes.set(outcome.node, outcome)
    news = performance.now()
    request.onProgress?.(outcomes.size, expected.size)
  }
  const begin = (node: string, pod: JsonObject) => {
    started.add(node)
    news = performance.now()
    const work = limit(async () => {
      if (!cancelled()) settle(await readNode(request, node, nameOf(pod)))
    })
    work.catch(() => {}) // seen when all are awaited
    reading.push(work)
  }
  for (let pause = 250; !cancelled(); pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    for (const pod of await listPods(request)) {
      const node = nodeOfPod(pod)
      if (node === undefined || !expected.has(node) || started.has(node) || outcomes.has(node)) continue
      const judged = judgePod(pod)
      if (judged.state === 'ready') begin(node, pod)
      else if (judged.state === 'hopeless') settle({ node, status: 'failed', read: 0, error: judged.reason })
      else reasons.set(node, judged.reason)
    }
    const open = [...expected.keys()].filter((node) => !started.has(node) && !outcomes.has(node))
    const hopeful = open.some((node) => expected.get(node) === undefined)
    if (!hopeful || performance.now() - news > patience) break
    await sleep(pause)
  }
  await Promise.all(reading)
  for (const [node, trouble] of expected) {
    if (outcomes.has(node)) continue
    outcomes.set(node, { node, status: 'failed', read: 0, error: trouble ?? reasons.get(node) ?? 'no pod was made for it in time' })
  }
  return [...outcomes.values()]
}

const metadataOf = (object: JsonObject): JsonObject => (isJsonObject(object['metadata']) ? object['metadata'] : {})
const nameOf = (object: JsonObject): string => String(metadataOf(object)['name'])

async function listPods({ client, daemon }: NodesReading): Promise<JsonObject[]> {
  const pods: JsonObject[] = []
  const request = { resource: PODS, namespace: daemon.namespace, labelSelector: `${DAEMON_LABEL}=${daemon.name}`, limit: 500 }
  const { failure } = await listPages(client, request, ({ list }) => {
    for (const item of list['items'] as readonly unknown[]) if (isJsonObject(item) && belongs(item, daemon.uid)) pods.push(item)
  })
  if (failure !== undefined) throw failure
  return pods
}

function belongs(pod: JsonObject, uid: string): boolean {
  const { ownerReferences, deletionTimestamp } = metadataOf(pod)
  return deletionTimestamp === undefined && Array.isArray(ownerReferences) && ownerReferences.some((one) => isJsonObject(one) && one['uid'] === uid)
}

async function readNode(request: NodesReading, node: string, pod: string): Promise<NodeOutcome> {
  const { client, daemon, timeout, deliver, cancelled } = request
  const path = `/api/v1/namespaces/${encodeURIComponent(daemon.namespace)}/pods/${encodeURIComponent(pod)}/log?container=${CONTAINER}&follow=true`
  let failure = ''
  for (let attempt = 1; attempt <= TRIES && !cancelled(); attempt++) {
    const reader = readNodeStream()
    failure = ''
    try {
      await client.follow(path, reader.push, timeout)
    } catch (cause) {
      if (!(cause instanceof RequestFailure || cause instanceof StartError)) throw cause
      failure = cause.message
      if (cause instanceof RequestFailure && cause.facts.status === 403)
        return {
          node,
          status: 'forbidden',
          read: 0,
          error: `not allowed (403): the RBAC rule \`get pods/log\` in namespace ${JSON.stringify(daemon.namespace)} is missing`,
        }
    }
    if (!reader.done() && attempt < TRIES) {
      await sleep(500 * attempt)
      continue
    }
    try {
      const excerpt = nodeExcerpt(await reader.finish())
      const read = excerpt.files.filter(({ content }) => content !== undefined).length
      const problems = [...excerpt.problems, ...(failure === '' ? [] : [failure])]
      if (read === 0 && problems.length > 0) return { node, status: 'failed', read, error: problems.join('; ') }
      deliver(node, excerpt)
      return { node, status: problems.length === 0 ? 'complete' : 'partial', read, error: problems.join('; ') || null }
    } catch (cause) {
      if (!(cause instanceof SourceError)) throw cause
      failure = [cause.message, ...(failure === '' ? [] : [failure])].join('; ')
    }
  }
  return { node, status: 'failed', read: 0, error: `what its pod printed could not be read: ${failure}` }
}
