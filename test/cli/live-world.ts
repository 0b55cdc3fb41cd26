// A source of objects in memory that can be read and, after a test has changed them, asked again: the only double, in place of an API server.
import { idOfName } from '../../src/cli/object-index.ts'
import { originOf, pluralOf } from '../../src/sources/cluster/resource.ts'
import { directorySource } from '../../src/sources/directory.ts'
import type { ObjectDocument, ObjectName, Source } from '../../src/sources/source.ts'

interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
}
export const metadataOf = ({ object }: ObjectDocument): Metadata => object['metadata'] as Metadata
const groupOf = ({ apiVersion }: ObjectDocument): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '')
const keyOf = ({ kind, namespace, name }: ObjectName): string => `${kind} ${idOfName({ namespace, name })}`

export const nameOf = (document: ObjectDocument): ObjectName => {
  const { name, namespace } = metadataOf(document)
  return { kind: `${groupOf(document)}/${document.kind}`, namespace, name }
}

/** Objects of a bundle, each from the list that an API server would have given it in. */
export async function objectsIn(path: string): Promise<ObjectDocument[]> {
  const found = new Map<string, ObjectDocument>()
  await directorySource({ from: [path], hostLocal: [] }).read((document) => {
    if (document.type !== 'object' || metadataOf(document)?.name === undefined) return
    const origin = originOf({ group: groupOf(document), plural: pluralOf(document.kind) })
    found.set(keyOf(nameOf(document)), { ...document, origin })
  })
  return [...found.values()]
}

export interface World {
  readonly source: Source
  /** What was asked for a second time. */
  readonly asked: ObjectName[]
}

/** @param later what is there at the second look; `refused` cannot be asked for */
export function world(
  objects: readonly ObjectDocument[],
  later: readonly ObjectDocument[],
  refused: (object: ObjectName) => boolean = () => false,
): World {
  const now = new Map(later.map((document) => [keyOf(nameOf(document)), document]))
  const asked: ObjectName[] = []
  return {
    asked,
    source: {
      read(accept) {
        for (const document of objects) accept(document)
        return Promise.resolve({ coverage: [], collectedAt: undefined, newestFile: undefined, name: 'world', declaredPartial: undefined })
      },
      recheck(names) {
        asked.push(...names)
        return Promise.resolve(names.map((name) => (refused(name) ? undefined : (now.get(keyOf(name)) ?? 'gone'))))
      },
    },
  }
}
