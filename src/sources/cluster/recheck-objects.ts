// Fetches single objects once more, to see whether what was suspected of them still holds.
import pLimit from 'p-limit'
import { StartError } from '../../model/errors.ts'
import type { ObjectName, ObjectNow } from '../source.ts'
import { isJsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'
import { originOf, pathOf, type Resource } from './resource.ts'

const AT_ONCE = 4

/**
 * What is allocated is asked for before the pods, nodes and Services that may have it, as in the scan.
 *
 * @param found what the server offers, by `group/Kind`
 * @returns one answer for each object, in their order
 */
export async function recheckObjects(
  client: Client,
  found: ReadonlyMap<string, Resource>,
  objects: readonly ObjectName[],
): Promise<readonly ObjectNow[]> {
  const limit = pLimit(AT_ONCE)
  const answers = new Map<ObjectName, ObjectNow>()
  const askAll = (chosen: readonly ObjectName[]) =>
    Promise.all(chosen.map((object) => limit(async () => answers.set(object, await ask(client, found.get(object.kind), object)))))
  await askAll(objects.filter(({ kind }) => !kind.startsWith('/')))
  await askAll(objects.filter(({ kind }) => kind.startsWith('/')))
  return objects.map((object) => answers.get(object))
}

async function ask(client: Client, resource: Resource | undefined, { namespace, name }: ObjectName): Promise<ObjectNow> {
  if (resource === undefined) return undefined
  try {
    const object = await client.getJson(`${pathOf(resource, namespace)}/${encodeURIComponent(name)}`)
    if (!isJsonObject(object) || object['kind'] !== resource.kind || !isJsonObject(object['metadata']) || object['metadata']['name'] !== name)
      return undefined
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
    return { type: 'object', apiVersion, kind: resource.kind, object, origin: originOf(resource) }
  } catch (cause) {
    if (!(cause instanceof RequestFailure || cause instanceof StartError)) throw cause
    return cause instanceof RequestFailure && cause.facts.status === 404 ? 'gone' : undefined
  }
}
