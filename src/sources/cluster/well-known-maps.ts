// ConfigMaps in which clusters state their ranges, fetched by name: a list of all ConfigMaps would show much that is nobody's business.
import { StartError } from '../../model/errors.ts'
import type { Coverage } from '../../model/inventory.ts'
import type { ObjectDocument } from '../source.ts'
import { isJsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'
import { missingRule, originOf } from './resource.ts'

/** By namespace. */
export const wellKnownMaps: Readonly<Record<string, readonly string[]>> = {
  'kube-system': [
    'kubeadm-config',
    'kubelet-config',
    'kube-proxy',
    'cilium-config',
    'kube-flannel-cfg',
    'canal-config',
    'rke2-canal-config',
    'antrea-config',
    'weave-net',
    'kubevip',
  ],
  'kube-flannel': ['kube-flannel-cfg'],
  'ovn-kubernetes': ['ovn-config'],
}

const MOST_FAILURES = 2
const RESOURCE = { group: '', plural: 'configmaps' }

/** @returns what could not be read; that a map is not there is usual and says nothing */
export async function readWellKnownMaps(client: Client, accept: (document: ObjectDocument) => void): Promise<Coverage[]> {
  let read = 0
  let forbidden = false
  const failures: string[] = []
  for (const [namespace, names] of Object.entries(wellKnownMaps)) {
    for (const name of names) {
      try {
        const object = await client.getJson(`/api/v1/namespaces/${namespace}/configmaps/${name}`)
        if (!isJsonObject(object) || object['kind'] !== 'ConfigMap') throw new RequestFailure('the answer is not a ConfigMap')
        read++
        accept({ type: 'object', apiVersion: 'v1', kind: 'ConfigMap', object, origin: originOf(RESOURCE) })
      } catch (cause) {
        if (!(cause instanceof RequestFailure || cause instanceof StartError)) throw cause
        const status = cause instanceof RequestFailure ? cause.facts.status : undefined
        if (status === 403) forbidden = true
        else if (status !== 404) failures.push(`${namespace}/${name}: ${cause.message}`)
        // A server that is overloaded or silent is not asked for ten more that way.
        if (failures.length >= MOST_FAILURES) return report()
      }
    }
  }
  return report()

  function report(): Coverage[] {
    const error = [...(forbidden ? [missingRule(RESOURCE, 'get')] : []), ...failures].join('; ') || null
    if (error === null) return []
    return [{ source: RESOURCE.plural, status: read > 0 ? 'partial' : forbidden ? 'forbidden' : 'failed', read, error }]
  }
}
