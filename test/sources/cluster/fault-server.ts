// A small real HTTP server that answers like an API server with six pods on two nodes, until a test tells it to misbehave.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Asked {
  readonly request: IncomingMessage
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** How often this path with this query came before. */
  readonly before: number
}

/** True when it has answered, or wants nobody to. */
export type Fault = (asked: Asked, response: ServerResponse) => boolean

export interface FaultServer {
  readonly url: string
  readonly folder: string
  /** Path and query of every request, in order. */
  readonly asked: readonly string[]
  /** Writes a kubeconfig for it; fields of its cluster and user. */
  kubeconfig(cluster?: object, user?: object): string
  stop(): Promise<void>
}

const resources = [
  { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true },
  { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false },
  { group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true },
  { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true },
  { group: 'networking.k8s.io', version: 'v1', kind: 'IPAddress', plural: 'ipaddresses', namespaced: false },
  { group: 'cluster.x-k8s.io', version: 'v1beta1', kind: 'Cluster', plural: 'clusters', namespaced: true },
]
const roots = new Map(resources.map((one) => [`${one.group === '' ? '/api' : `/apis/${one.group}`}/${one.version}/${one.plural}`, one]))

const created = '2026-01-01T00:00:00Z'
export const podOf = (n: number) => ({
  metadata: { name: `pod-${n}`, namespace: 'default', uid: `uid-${n}`, resourceVersion: `${100 + n}`, creationTimestamp: created },
  spec: { nodeName: `node-${1 + (n % 2)}`, containers: [] },
  status: { phase: 'Running', startTime: created, podIP: `10.64.${1 + (n % 2)}.${2 + n}`, podIPs: [{ ip: `10.64.${1 + (n % 2)}.${2 + n}` }] },
})
const nodeOf = (n: number) => ({
  metadata: { name: `node-${n}`, uid: `node-uid-${n}`, resourceVersion: `${n}`, creationTimestamp: created },
  spec: { podCIDR: `10.64.${n}.0/24`, podCIDRs: [`10.64.${n}.0/24`] },
})
const objects: Readonly<Record<string, readonly object[]>> = { pods: [0, 1, 2, 3, 4, 5].map(podOf), nodes: [1, 2].map(nodeOf) }

export function json(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}

/** Any body with any type. */
export function raw(response: ServerResponse, body: string, type = 'application/json'): true {
  response.writeHead(200, { 'content-type': type }).end(body)
  return true
}

/** The beginning of an answer; the rest never comes. */
export function begin(response: ServerResponse, headers: Record<string, string> = {}): true {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).write('{"kind":"PodList"')
  return true
}

/** The same, and then the connection breaks. */
export function breakOff(response: ServerResponse, headers: Record<string, string> = {}): true {
  setTimeout(() => response.socket?.destroy(), 5)
  return begin(response, headers)
}

export function redirect(response: ServerResponse, location: string): true {
  response.writeHead(302, { location }).end()
  return true
}

export function reset(response: ServerResponse): true {
  response.socket?.resetAndDestroy()
  return true
}

/** 101, which nobody has asked for. */
export function changeProtocol(response: ServerResponse): true {
  response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  return true
}

/** What a wrong port may answer. */
export function speakSsh(response: ServerResponse): true {
  response.socket?.end('SSH-2.0-OpenSSH\r\n')
  return true
}

export const status = (code: number, reason: string, metadata: object = {}) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata,
  status: 'Failure',
  reason,
  code,
  message: `said by the server: ${reason}`,
})

/** Groups of one root, in the form that API servers have answered with since 1.30. */
const discovery = (core: boolean) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items: [...new Set(resources.map(({ group }) => group))]
    .filter((group) => (group === '') === core)
    .map((group) => ({
      metadata: { name: group },
      versions: [
        {
          version: resources.find((one) => one.group === group)?.version,
          freshness: 'Current',
          resources: resources
            .filter((one) => one.group === group)
            .map((one) => ({
              resource: one.plural,
              responseKind: { group, version: one.version, kind: one.kind },
              scope: one.namespaced ? 'Namespaced' : 'Cluster',
              verbs: ['get', 'list'],
            })),
        },
      ],
    })),
})

export function listOf(
  path: string,
  query: URLSearchParams,
): { readonly kind: string; readonly apiVersion: string; readonly metadata: object; readonly items: readonly object[] } | undefined {
  const resource = roots.get(path)
  if (resource === undefined) return undefined
  const all = objects[resource.plural] ?? []
  const from = Number(/^t(\d+)/.exec(query.get('continue') ?? '')?.[1] ?? 0)
  const to = from + Number(query.get('limit') ?? all.length)
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
  const metadata = { resourceVersion: '1000', ...(to < all.length ? { continue: `t${to}`, remainingItemCount: all.length - to } : {}) }
  return { kind: `${resource.kind}List`, apiVersion, metadata, items: all.slice(from, to) }
}

function answer({ path, query }: Asked, response: ServerResponse): true {
  if (path === '/api' || path === '/apis') return json(response, discovery(path === '/api'))
  const list = listOf(path, query)
  return list === undefined ? json(response, status(404, 'NotFound'), 404) : json(response, list)
}

export async function startFaultServer(fault: Fault = () => false, tls?: { readonly key: string; readonly cert: string }): Promise<FaultServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-faults-'))
  const asked: string[] = []
  const listener: RequestListener = (request, response) => {
    const full = request.url ?? '/'
    const { pathname, searchParams } = new URL(full, 'http://x')
    const one: Asked = { request, path: pathname, query: searchParams, before: asked.filter((url) => url === full).length }
    asked.push(full)
    if (!fault(one, response)) answer(one, response)
  }
  const server: Server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('close', () => sockets.delete(socket))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`
  let files = 0
  return {
    url,
    folder,
    asked,
    kubeconfig(cluster = {}, user = {}) {
      const file = join(folder, `kubeconfig-${++files}`)
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: url, ...cluster } }],
        users: [{ name: 'someone', user: { token: 'canary-token', ...user } }],
        contexts: [{ name: 'faulty', context: { cluster: 'c', user: 'someone' } }],
        'current-context': 'faulty',
      }
      writeFileSync(file, JSON.stringify(config))
      return file
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
