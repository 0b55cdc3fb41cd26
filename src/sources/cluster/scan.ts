// The order in which a cluster is read. Two lists are never one snapshot: what allocates is read before the pods and again after them, so that
// an allocation that is new or gone since then is not taken for a leak.
import pLimit from 'p-limit'
import type { Coverage, Time } from '../../model/inventory.ts'
import type { Needs, ObjectDocument } from '../source.ts'
import { isJsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import type { Discovery } from './discovery.ts'
import { readList } from './read-list.ts'
import { fullName, missingRule, originOf, pluralOf, type Resource, splitKind } from './resource.ts'
import { readWellKnownMaps } from './well-known-maps.ts'

export interface ScanRequest {
  /** `group/Kind`. */
  readonly kinds: readonly string[]
  /** Only this one; undefined is all. */
  readonly namespace: string | undefined
  /** For pods. */
  readonly labelSelector: string | undefined
  readonly limit: number
  /** Kinds, as `group/Kind`, that the server would refuse; they are not asked for. */
  readonly denied: ReadonlyMap<string, Resource>
  /** As in Source.read. */
  readonly needs: Needs | undefined
  readonly onProgress?: ((what: string, read: number) => void) | undefined
}

export interface Scan {
  readonly coverage: readonly Coverage[]
  /** The server's clock when the list of pods began. */
  readonly podsReadAt: Time | undefined
}

/** Kinds that say nothing about who holds an address; they are read once. */
const READ_ONCE = new Set(['/Node', '/Pod', '/Event', 'events.k8s.io/Event', 'discovery.k8s.io/EndpointSlice'])
const BEFORE_PODS = new Set(['/Node'])
/** More would take seats from others on the API server. */
const AT_ONCE = 4

export async function scan(
  client: Client,
  { found, failed }: Discovery,
  request: ScanRequest,
  accept: (document: ObjectDocument) => void,
): Promise<Scan> {
  const coverage: Coverage[] = []
  const wanted = request.kinds.filter((kind) => kind !== '/ConfigMap' && !(kind === 'events.k8s.io/Event' && found.has('/Event'))) // both lists hold the same events
  const plurals = [...found.values()].map(({ plural }) => plural)
  const nameOf = (resource: Resource) => (plurals.filter((plural) => plural === resource.plural).length > 1 ? fullName(resource) : resource.plural)
  const resources = wanted.flatMap((kind) => found.get(kind) ?? [])
  const limit = pLimit(AT_ONCE)
  const keyOf = ({ group, kind }: Resource) => `${group}/${kind}`

  const read = (resource: Resource, take: (document: ObjectDocument) => void): Promise<Coverage> => {
    const source = nameOf(resource)
    if (request.denied.has(keyOf(resource))) return Promise.resolve({ source, status: 'forbidden', read: 0, error: missingRule(resource) })
    const labelSelector = resource.kind === 'Pod' ? request.labelSelector : undefined
    const narrowed = [
      ...(resource.namespaced && request.namespace !== undefined ? [`only namespace ${JSON.stringify(request.namespace)} was asked for`] : []),
      ...(labelSelector === undefined ? [] : [`only labels ${JSON.stringify(labelSelector)} were asked for`]),
    ].join('; ')
    const { namespace, limit: size, needs } = request
    const reading = { resource, namespace, labelSelector, limit: size, needs, source, origin: originOf(resource), narrowed: narrowed || undefined }
    return readList(client, reading, take, (count) => request.onProgress?.(source, count))
  }
  const readAll = (chosen: readonly Resource[], take: (resource: Resource) => (document: ObjectDocument) => void): Promise<Coverage[]> =>
    Promise.all(chosen.map((resource) => limit(() => read(resource, take(resource)))))

  const allocating = resources.filter((resource) => !READ_ONCE.has(keyOf(resource)))
  const before = new Map<string, string>()
  const [first] = await Promise.all([
    readAll(
      resources.filter((resource) => BEFORE_PODS.has(keyOf(resource))),
      () => accept,
    ),
    readAll(allocating, () => (document) => void before.set(...identity(document))),
    ...(request.kinds.includes('/ConfigMap') ? [readWellKnownMaps(client, accept).then((broken) => coverage.push(...broken))] : []),
  ])
  coverage.push(...(first ?? []))

  const pods = found.get('/Pod')
  if (pods !== undefined && wanted.includes('/Pod')) coverage.push(await read(pods, accept))
  const podsReadAt = client.serverTime()

  const settled = (document: ObjectDocument): ObjectDocument => {
    const [id, version] = identity(document)
    return before.get(id) === version ? document : { ...document, unsettled: true }
  }
  const last = resources.filter((resource) => READ_ONCE.has(keyOf(resource)) && !BEFORE_PODS.has(keyOf(resource)) && resource !== pods)
  const rest = await Promise.all([readAll(allocating, () => (document) => accept(settled(document))), readAll(last, () => accept)])
  coverage.push(...rest.flat(), ...notServed(wanted, found, failed))
  return { coverage, podsReadAt }
}

function identity({ origin, object }: ObjectDocument): [id: string, version: string] {
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {}
  return [String(metadata['uid'] ?? `${origin}/${metadata['namespace']}/${metadata['name']}`), String(metadata['resourceVersion'])]
}

/** Kinds that discovery did not show: not installed, or behind a server that is down. */
function notServed(wanted: readonly string[], found: ReadonlyMap<string, Resource>, failed: ReadonlyMap<string, string>): Coverage[] {
  return wanted.flatMap((name): Coverage[] => {
    if (found.has(name) || name === 'events.k8s.io/Event') return []
    const { group, kind } = splitKind(name)
    const reason = failed.get(group)
    const source = fullName({ group, plural: pluralOf(kind) })
    return [
      {
        source,
        status: reason === undefined ? 'absent' : 'failed',
        read: 0,
        error: reason ?? 'not served by this cluster: not installed, or in no version that can be listed',
      },
    ]
  })
}
