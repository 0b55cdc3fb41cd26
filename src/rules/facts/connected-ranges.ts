// What one cluster of a fleet is to another one that it is connected with: an outside network for each of its ranges.
import type { ClusterLink, OutsideNetwork } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { cidrsOf, type Range, rangeOf } from '../../net/index.ts'
import { podRanges, servicePools, serviceRanges } from './cluster-ranges.ts'
import { issuedRanges } from './issued-ranges.ts'

type Role = NonNullable<OutsideNetwork['cluster']>['role']

/** Ranges that are stated; where none is stated for pods, those that its nodes really have. Guesses are nobody's range. */
export function connectedRanges(of: Inventory, link: ClusterLink): OutsideNetwork[] {
  const found = new Map<string, OutsideNetwork>()
  const add = (role: Role, range: Range, origin: string) => {
    for (const cidr of cidrsOf(range)) {
      const network: OutsideNetwork = {
        name: `${role} of cluster ${of.cluster}`,
        cidr,
        kind: 'connected-cluster',
        reachable: true,
        cluster: { name: of.cluster, role, link },
        origin: `${of.cluster}: ${origin}`,
      }
      const key = `${role} ${cidr.family} ${cidr.base}/${cidr.prefix}`
      if (!found.has(key)) found.set(key, network)
    }
  }
  const pods = podRanges(of)
  for (const { range, evidence } of pods) add('pods', range, evidence[0]?.source ?? 'pods')
  if (pods.length === 0) for (const { range, origin } of issuedRanges(of)) add('pods', range, origin)
  for (const { range, evidence } of [...serviceRanges(of), ...servicePools(of)]) add('services', range, evidence[0]?.source ?? 'services')
  for (const { role, cidr, certainty, origin } of of.declared) if (role === 'nodes' && certainty === 'declared') add('nodes', rangeOf(cidr), origin)
  return [...found.values()]
}
