// Plain HTTPS and JSON to an API server, for tests that arrange and look at objects: no client library, no retries, errors with the server's own words.
import { Agent, request } from 'node:https'

export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown }
  readonly [key: string]: unknown
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Api {
  /** Any request; never throws for a status. */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>
  /** @throws Error unless the status is 2xx */
  get<T = Record<string, unknown>>(path: string): Promise<T>
  /** Items of a list. @throws Error unless the status is 2xx */
  list<T = KubeObject>(path: string): Promise<T[]>
  /** Creates an object; where it goes follows from its kind and namespace. @throws Error unless the status is 2xx */
  create(object: KubeObject): Promise<KubeObject>
  /** Merges `object.status` into the status subresource: the API server ignores the status of a pod that is created. @throws Error unless the status is 2xx */
  patchStatus(object: KubeObject): Promise<KubeObject>
  /** @throws Error unless the status is 2xx */
  remove(object: KubeObject): Promise<void>
}

/** Folder of an object's kind: `/api/v1/namespaces/shop/pods`. */
export function collectionOf({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const plural = kind.toLowerCase().replace(/y$/, 'ie') + (/s$/i.test(kind) ? 'es' : 's')
  return metadata.namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${metadata.namespace}/${plural}`
}

export function apiOf(access: { readonly url: string; readonly token: string; readonly ca: string }): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: access.ca })
  const send = (method: string, path: string, body?: unknown, contentType = 'application/json') =>
    new Promise<Answer>((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body)
      // Node writes no length of a DELETE's body by itself, and the server then takes the body for the next request.
      const ofBody = payload === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) }
      const headers = { authorization: `Bearer ${access.token}`, accept: 'application/json', ...ofBody }
      const asked = request(new URL(path, access.url), { method, agent, headers, timeout: 30_000 }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }))
      })
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer in 30 s`)))
      asked.on('error', reject)
      asked.end(payload)
    })
  const must = async (method: string, path: string, body?: unknown, contentType?: string) => {
    const answer = await send(method, path, body, contentType)
    if (answer.status >= 200 && answer.status < 300) return answer.body
    const said = (answer.body as { message?: string }).message ?? JSON.stringify(answer.body)
    throw new Error(`${method} ${path}: ${answer.status}: ${said}`)
  }
  return {
    send,
    get: async <T>(path: string) => (await must('GET', path)) as T,
    list: async <T>(path: string) => ((await must('GET', path)) as { items: T[] }).items,
    create: async (object) => (await must('POST', collectionOf(object), object)) as KubeObject,
    patchStatus: async (object) =>
      (await must(
        'PATCH',
        `${collectionOf(object)}/${object.metadata.name}/status`,
        { status: object['status'] },
        'application/merge-patch+json',
      )) as KubeObject,
    remove: async (object) => {
      await must('DELETE', `${collectionOf(object)}/${object.metadata.name}`, { gracePeriodSeconds: 0 })
    },
  }
}

/** /readyz and proxies answer in plain text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
