// PLN-019: more node blocks than the cloud has routes for.
import { demandOf } from '../demand.ts'
import { cidrsOf } from '../wording.ts'
import { defineCheck } from './define-check.ts'

export const routeCount = defineCheck({
  id: 'PLN-019',
  name: 'route-count',
  title: 'There is a route for every node',
  severity: 'low',
  revision: 1,
  why: 'Where each node block is a route of its own, the route table of the cloud ends the cluster before its addresses do.',
  predicate: 'The maximum of nodes with surge, or the nodes at the horizon, are more than the routes that the profile has.',
  guards: ['profiles without a known limit'],
  fix: ['use an overlay or a mode without routes per node, or plan several clusters'],
  links: ['https://github.com/MicrosoftDocs/azure-aks-docs/blob/main/articles/aks/concepts-network-azure-cni-overlay.md'],
  *check({ request, pools }) {
    const limit = request.profile.mostRoutes
    if (limit === undefined) return
    const { maximum, surge, atHorizon } = demandOf({ nodePools: request.nodePools }, request.horizon)
    const nodes = Math.max(maximum + surge, atHorizon)
    if (nodes <= limit.most) return
    yield {
      message: `${nodes} nodes need a route each; ${limit.says}`,
      addresses: pools.flatMap(cidrsOf),
      evidence: [{ source: limit.link, fact: limit.says }],
    }
  },
})
