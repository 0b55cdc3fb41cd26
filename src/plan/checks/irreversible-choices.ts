// PLN-020: what cannot be changed once the cluster runs.

import { formatCidr } from '../../net/index.ts'
import { inBlocks, listed } from '../wording.ts'
import { defineCheck } from './define-check.ts'

export const irreversibleChoices = defineCheck({
  id: 'PLN-020',
  name: 'irreversible-choices',
  title: 'Choices that cannot be undone are known',
  severity: 'info',
  revision: 1,
  why: 'These choices are made once; changing them later means a new cluster or renumbered nodes.',
  predicate: 'Always, for a plan that has nodes.',
  guards: ['a plan without nodes, which is a calculation'],
  fix: ['look at these once more before the cluster is made'],
  links: ['https://github.com/kubernetes/kubernetes/issues/94862', 'https://github.com/kubernetes/kubernetes/issues/70957'],
  *check({ request, pools, nodeCount }) {
    if (nodeCount === 0) return
    const families = pools.flatMap((pool) => pool.families)
    const chosen = [...listed(families.map(inBlocks)), ...request.serviceCidrs.map((cidr) => `Services ${formatCidr(cidr)}`)]
    const fixed = [...request.profile.irreversible, ...(request.serviceCidrs.length > 0 ? ['the first Service range'] : [])]
    yield {
      message: `cannot be changed later: ${fixed.join(', ')} (${chosen.join('; ')})`,
      addresses: [...families.map(({ cidr }) => cidr), ...request.serviceCidrs].map(formatCidr),
    }
  },
})
