// PLN-014: a control plane outside of the overlay cannot call webhooks in pods.
import { cidrsOf } from '../wording.ts'
import { defineCheck } from './define-check.ts'

export const reachabilityOfWebhooks = defineCheck({
  id: 'PLN-014',
  name: 'reachability-of-webhooks',
  title: 'The control plane reaches webhooks',
  severity: 'info',
  revision: 1,
  why: 'An API server that the vendor runs outside of the overlay has no route to pod addresses: admission webhooks and aggregated APIs that run in pods time out.',
  predicate: 'The profile has an overlay pod range and a control plane outside of it.',
  guards: ['a plan without nodes, which is a calculation'],
  fix: ['run webhooks with hostNetwork, or check that the vendor tunnels such calls'],
  links: ['https://github.com/emqx/emqx-operator/issues/899', 'https://github.com/cert-manager/website/pull/1002'],
  *check({ request, pools, nodeCount }) {
    if (nodeCount === 0 || !request.profile.outsideControlPlane) return
    yield {
      message: `the control plane of ${request.profile.id} is outside of the pod range: webhooks in pods may be out of its reach`,
      addresses: pools.flatMap(cidrsOf),
    }
  },
})
