// Is the cluster meant to be dual stack, and who says so?
import type { Evidence } from '../../model/finding.ts'
import type { Node } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { Cidr, Family } from '../../net/index.ts'
import { cidrTexts } from './canonical-text.ts'

export const bothFamilies = (items: readonly { readonly family: Family }[]): boolean =>
  items.some((item) => item.family === 4) && items.some((item) => item.family === 6)

/** Nodes that a controller gives ranges to: no virtual ones, and none that is on its way out. */
export const rangedNodes = (inventory: Inventory): readonly Node[] =>
  inventory.nodes.filter((node) => !node.virtual && node.deletedAt === undefined && node.podCidrs.length > 0)

function declaredFor(inventory: Inventory, role: 'pods' | 'services'): { cidr: Cidr; by: string; origin: string }[] {
  return inventory.declared.filter((range) => range.role === role && range.certainty === 'declared')
}

/** One fact for each place that says so; none at all: single stack. A v6-only Service says nothing, its range does. */
export function dualStackFacts(inventory: Inventory): readonly Evidence[] {
  const facts: Evidence[] = []
  for (const role of ['pods', 'services'] as const) {
    const declared = declaredFor(inventory, role)
    if (!bothFamilies(declared.map((range) => range.cidr))) continue
    const ranges = cidrTexts(declared.map((range) => range.cidr)).join(', ')
    const [first] = declared.sort((a, b) => (`${a.by}\0${a.origin}` < `${b.by}\0${b.origin}` ? -1 : 1))
    facts.push({ source: first?.origin ?? role, fact: `the ranges of ${role} are ${ranges} (${first?.by})` })
  }
  const ranged = rangedNodes(inventory)
  const dual = ranged.filter((node) => bothFamilies(node.podCidrs))
  if (dual.length * 2 > ranged.length)
    facts.push({ source: dual[0]?.origin ?? 'nodes', fact: `${dual.length} of ${ranged.length} nodes have ranges of both families` })
  return facts
}
