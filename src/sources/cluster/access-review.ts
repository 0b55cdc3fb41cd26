// Asks the API server what it would allow, before anything is read: a person learns in a second, not after ten minutes, which rule is missing.
import { StartError } from '../../model/errors.ts'
import { isJsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'

export interface Wish {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  /** Undefined: all of them, or a kind without. */
  readonly namespace?: string | undefined
}

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
