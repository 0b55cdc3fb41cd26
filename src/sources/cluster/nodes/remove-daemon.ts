// Removes the collecting DaemonSet and sees to it that its pods go too.
import { isJsonObject } from '../../unwrap-lists.ts'
import type { Client } from '../client.ts'
import { RequestFailure } from '../request-failure.ts'
import { DAEMON_LABEL } from './node-daemon.ts'

interface Place {
  readonly name: string
  readonly namespace: string
}

const TRIES = 5
/** Seconds that the garbage collector has for the pods before they are deleted one by one. */
const GARBAGE_SECONDS = 5

/** @param sleep undefined: the request alone, and no wait. @returns what a person has to remove by hand */
export async function removeDaemon(
  client: Client,
  { name, namespace }: Place,
  sleep: ((milliseconds: number) => Promise<unknown>) | undefined,
): Promise<string | undefined> {
  const scope = `namespaces/${encodeURIComponent(namespace)}`
  const tries = sleep === undefined ? 1 : TRIES
  const removed = await remove(client, `/apis/apps/v1/${scope}/daemonsets/${encodeURIComponent(name)}`, tries, sleep)
  const advice = `kubectl delete -n ${namespace} daemonset ${name}`
  if (removed !== undefined) return `DaemonSet ${name} could not be removed (${removed}): ${advice}`
  if (sleep === undefined) return undefined
  const pods = `/api/v1/${scope}/pods`
  for (let second = 0; ; second++) {
    const left = await podsOf(client, pods, name)
    if (left.length === 0) return undefined
    if (second > 3 * GARBAGE_SECONDS)
      return `${left.length} pods of DaemonSet ${name} are still there: kubectl delete -n ${namespace} pods -l ${DAEMON_LABEL}=${name}`
    if (second === GARBAGE_SECONDS) for (const pod of left) await remove(client, `${pods}/${encodeURIComponent(pod)}`, 1, undefined)
    await sleep(1000)
  }
}

/** @returns why not; undefined when it is gone */
async function remove(
  client: Client,
  path: string,
  tries: number,
  sleep: ((milliseconds: number) => Promise<unknown>) | undefined,
): Promise<string | undefined> {
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' }
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send('DELETE', path, options)
      return undefined
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause
      if (cause instanceof RequestFailure && cause.facts.status === 404) return undefined
      if (attempt >= tries || sleep === undefined) return cause.message
      await sleep(500 * attempt)
    }
  }
}

/** Names; none where they cannot be listed, which has been said by then. */
async function podsOf(client: Client, path: string, name: string): Promise<string[]> {
  try {
    const list = await client.getJson(`${path}?labelSelector=${encodeURIComponent(`${DAEMON_LABEL}=${name}`)}&limit=500`)
    const items = isJsonObject(list) && Array.isArray(list['items']) ? list['items'] : []
    return items.flatMap((item) => (isJsonObject(item) && isJsonObject(item['metadata']) ? [String(item['metadata']['name'])] : []))
  } catch {
    return []
  }
}
