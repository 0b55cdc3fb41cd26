// Fetches single pods once more, to see whether what was suspected of them still holds.
import pLimit from 'p-limit'
import { StartError } from '../../model/errors.ts'
import type { PodNow } from '../source.ts'
import { isJsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'

const AT_ONCE = 4
/** A cluster with more suspects has a fault that no second look will explain away. */
const MOST_PODS = 2000

/** @param pods `namespace/name` @returns undefined where there is no such pod any more; without those that could not be asked */
export async function recheckPods(client: Client, pods: readonly string[]): Promise<ReadonlyMap<string, PodNow | undefined>> {
  const limit = pLimit(AT_ONCE)
  const found = new Map<string, PodNow | undefined>()
  const ask = async (id: string) => {
    const [namespace = '', name = ''] = id.split('/')
    try {
      const object = await client.getJson(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`)
      if (!isJsonObject(object) || object['kind'] !== 'Pod' || !isJsonObject(object['metadata'])) return
      found.set(id, { uid: String(object['metadata']['uid']), object })
    } catch (cause) {
      if (!(cause instanceof RequestFailure || cause instanceof StartError)) throw cause
      if (cause instanceof RequestFailure && cause.facts.status === 404) found.set(id, undefined)
    }
  }
  await Promise.all(pods.slice(0, MOST_PODS).map((id) => limit(() => ask(id))))
  return found
}
