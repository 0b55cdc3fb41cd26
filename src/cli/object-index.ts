// The names of the objects that were read of a live cluster, by the list that they came from: what a second look can ask for. Pods are found in the inventory.
import type { ObjectDocument, ObjectName } from '../sources/source.ts'

export interface ObjectIndex {
  note(document: ObjectDocument): void
  /** Of what was read; its name where the server gave it none. */
  uidOf(object: ObjectName): string | undefined
  /** By where they were read, as evidence names it. */
  readonly lists: ReadonlyMap<string, ObjectList>
}

export interface ObjectList {
  /** `group/Kind`. */
  readonly kind: string
  /** Uids by `namespace/name`, or `name` for kinds without namespaces. */
  readonly objects: ReadonlyMap<string, string>
}

/** Their objects come and go with pods, are read once, and no fault rests on one of them alone. */
const LEFT_OUT = new Set(['/Pod', '/Event', 'events.k8s.io/Event', 'discovery.k8s.io/EndpointSlice'])

export const idOfName = ({ namespace, name }: Pick<ObjectName, 'namespace' | 'name'>): string =>
  namespace === undefined ? name : `${namespace}/${name}`

export const groupKind = ({ apiVersion, kind }: Pick<ObjectDocument, 'apiVersion' | 'kind'>): string =>
  apiVersion.includes('/') ? `${apiVersion.slice(0, apiVersion.indexOf('/'))}/${kind}` : `/${kind}`

export function objectIndex(): ObjectIndex {
  const lists = new Map<string, { readonly kind: string; readonly objects: Map<string, string> }>()
  const byKind = new Map<string, ReadonlyMap<string, string>>()
  return {
    lists,
    note(document) {
      const kind = groupKind(document)
      if (LEFT_OUT.has(kind)) return
      const { name, namespace, uid } = (document.object['metadata'] ?? {}) as Readonly<Record<string, unknown>>
      if (typeof name !== 'string') return
      let list = lists.get(document.origin)
      if (list === undefined) {
        list = { kind, objects: new Map() }
        lists.set(document.origin, list)
        byKind.set(kind, list.objects)
      }
      const id = idOfName({ namespace: typeof namespace === 'string' ? namespace : undefined, name })
      list.objects.set(id, typeof uid === 'string' ? uid : id)
    },
    uidOf: (object) => byKind.get(object.kind)?.get(idOfName(object)),
  }
}
