// Clusters that are declared as connected with this one, and who this one is among them.
import type { ClusterIdentity, ClusterLink } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { type OutsideEntry, outsideEntries } from './outside-networks.ts'

/** One list often serves all clusters of a fleet and names this one too, by the name that it has in the mesh or that its bundle or context has. */
function ownNames(inventory: Inventory): ReadonlySet<string> {
  const named = inventory.clusters.filter((cluster) => cluster.link === undefined).flatMap(({ name }) => name ?? [])
  return new Set([...named, inventory.cluster])
}

export interface LinkedEntry extends OutsideEntry {
  readonly cluster: { readonly name: string; readonly role: 'pods' | 'services' | 'nodes'; readonly link: ClusterLink }
}

/** Ranges of the others that are routed as they are. */
export function linkedEntries(inventory: Inventory): readonly LinkedEntry[] {
  const own = ownNames(inventory)
  return outsideEntries(inventory, 'connected-cluster').flatMap((entry) => {
    const { cluster, reachable } = entry.network
    return cluster === undefined || !reachable || own.has(cluster.name) ? [] : [{ ...entry, cluster }]
  })
}

export function linkedClusters(inventory: Inventory): readonly ClusterIdentity[] {
  const own = ownNames(inventory)
  return inventory.clusters.filter(({ link, name }) => link !== undefined && !(name !== undefined && own.has(name)))
}

export const ownIdentity = (inventory: Inventory): ClusterIdentity | undefined =>
  inventory.clusters.find(({ link, id }) => link === undefined && id !== undefined)
