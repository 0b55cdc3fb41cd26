// Whether Calico's records are in the input, whole, and not being moved about.
import type { Gap } from '../../model/finding.ts'
import type { Inventory } from '../../model/merge-inventory.ts'

/** One list can be served by either API group; a live scan then names it in full. */
const named = (source: string, plural: string): boolean =>
  source === plural || source === `${plural}.crd.projectcalico.org` || source === `${plural}.projectcalico.org`

/** A list that came in part: what it does hold can still be judged. */
export function partOf(inventory: Inventory, plural: string, what: string): readonly Gap[] {
  const broken = inventory.coverage.find(({ source, status }) => named(source, plural) && status !== 'complete' && status !== 'absent')
  return broken === undefined
    ? []
    : [{ reason: `${what}: ${broken.source} was not read whole (${broken.error ?? broken.status})`, whole: false, incomplete: true }]
}

/** A cluster that does not serve the kind has nothing to look at; a bundle that does not hold it may have left it out; a locked datastore proves nothing. */
export function needsCalico(inventory: Inventory, plural: string, what: string): readonly Gap[] {
  const locked = inventory.coverage.find(({ source, status }) => source === 'clusterinformations' && status === 'partial')
  if (locked !== undefined) return [{ reason: `${what}: ${locked.error}`, whole: true, incomplete: true }]
  const entries = inventory.coverage.filter(({ source }) => named(source, plural))
  if (entries.some(({ status, read }) => read > 0 || status === 'complete')) return []
  const refused = entries.find(({ status }) => status === 'forbidden' || status === 'failed')
  if (refused !== undefined) return [{ reason: `${what}: ${refused.source}: ${refused.error ?? refused.status}`, whole: true, incomplete: true }]
  if (entries.some(({ status, error }) => status === 'absent' && error !== null)) return []
  if (inventory.mode !== 'calico' && inventory.mode !== 'unknown')
    return [{ reason: `${what}: mode ${inventory.mode} takes none from Calico`, whole: true }]
  return [{ reason: `${what}: the input holds no ${plural}`, whole: true }]
}
