// Asks the API server what it would allow, before anything is read: a person learns in a second, not after ten minutes, which rule is missing.

import pLimit from 'p-limit'
import { StartError } from '../../model/errors.ts'
import { isJsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'
import type { Resource } from './resource.ts'

export interface Wish {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  /** Undefined: all of them, or a kind without. */
  readonly namespace?: string | undefined
}

/** At once. */
const REVIEWS = 4
const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/**
 * `unknown` where the review itself is refused, is not served, or says that it could not be decided: then only trying tells.
 * It is the one request of an audit that is no GET; nothing is stored by it.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
export async function reviewAccess(client: Client, wish: Wish): Promise<'allowed' | 'denied' | 'unknown'> {
  const { verb, group, resource, subresource, namespace } = wish
  const resourceAttributes = { verb, group, resource, ...(subresource ? { subresource } : {}), ...(namespace ? { namespace } : {}) }
  try {
    const answer = await client.send('POST', PATH, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    })
    const status = isJsonObject(answer) && answer['kind'] === 'SelfSubjectAccessReview' ? answer['status'] : undefined
    if (!isJsonObject(status) || typeof status['allowed'] !== 'boolean') return 'unknown'
    if (status['allowed']) return 'allowed'
    return status['evaluationError'] ? 'unknown' : 'denied'
  } catch (cause) {
    if (cause instanceof RequestFailure || cause instanceof StartError) return 'unknown'
    throw cause
  }
}

/** Of kinds that are about to be listed, by `group/Kind`, those that the server says it would refuse. */
export async function reviewLists(
  client: Client,
  found: ReadonlyMap<string, Resource>,
  kinds: readonly string[],
  namespace: string | undefined,
): Promise<ReadonlyMap<string, Resource>> {
  const limit = pLimit(REVIEWS)
  let answers = true
  const review = async (name: string): Promise<[string, Resource][]> => {
    const resource = found.get(name)
    if (resource === undefined || name === '/ConfigMap' || !answers) return [] // the maps are asked for by name
    const { group, plural, namespaced } = resource
    const answer = await reviewAccess(client, { verb: 'list', group, resource: plural, namespace: namespaced ? namespace : undefined })
    if (answer === 'unknown') answers = false // a server that refuses one review refuses all
    return answer === 'denied' ? [[name, resource]] : []
  }
  return new Map((await Promise.all(kinds.map((name) => limit(() => review(name))))).flat())
}
