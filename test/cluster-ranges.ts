// Parts of small inventories: what a cluster states about its ranges, and who hands out addresses.
import type { Block, DeclaredRange, InventoryPart, Mode, OutsideNetwork, Pool } from '../src/model/inventory.ts'
import { serviceCapacity } from '../src/model/service-range.ts'
import { parseCidr, rangeOf } from '../src/net/index.ts'

const MANIFEST = 'cluster/pods.json'

export function declared(role: DeclaredRange['role'], text: string, rest: Partial<DeclaredRange> = {}): DeclaredRange {
  return { role, cidr: parseCidr(text), by: `flag for ${role}`, certainty: 'declared', origin: MANIFEST, ...rest }
}

function nodePool(text: string, nodePrefix: number, certainty: Pool['certainty']): Pool {
  const cidr = parseCidr(text)
  return {
    system: 'node-cidr',
    name: 'cluster',
    domain: 'default',
    family: cidr.family,
    ranges: [rangeOf(cidr)],
    blockPrefix: nodePrefix,
    certainty,
    origin: certainty === 'declared' ? `flag (${MANIFEST})` : 'nodes',
  }
}

/** A cluster CIDR as the node-cidr system reads it from a controller's flags. */
export const clusterCidr = (text: string, nodePrefix: number): InventoryPart => ({
  declared: [declared('pods', text, { nodePrefix, by: 'flag --cluster-cidr' })],
  pools: [nodePool(text, nodePrefix, 'declared')],
})

/** What that system makes of node ranges alone. */
export const guessedCidr = (text: string, nodePrefix: number): InventoryPart => ({ pools: [nodePool(text, nodePrefix, 'inferred')] })

export function serviceCidr(text: string, name = 'kubernetes'): InventoryPart {
  const cidr = parseCidr(text)
  const origin = 'cluster/servicecidrs.json'
  return {
    declared: [declared('services', text, { by: `ServiceCIDR ${name}`, origin })],
    pools: [
      {
        system: 'services',
        name,
        domain: 'services',
        family: cidr.family,
        ranges: [rangeOf(cidr)],
        capacity: serviceCapacity(cidr),
        certainty: 'declared',
        origin,
      },
    ],
  }
}

/** Stronger than any signal that pods and nodes give by themselves. */
export const inMode = (mode: Mode): InventoryPart => ({
  signals: [1, 2].map(() => ({ mode, weight: 3, fact: 'says the test', origin: 'test' })),
})

export function outside(kind: OutsideNetwork['kind'], name: string, text: string, rest: Partial<OutsideNetwork> = {}): InventoryPart {
  return { outside: [{ name, cidr: parseCidr(text), kind, reachable: true, origin: `${rest.node ?? 'external'}/file`, ...rest }] }
}

/** A block of another system than node-cidr. */
export const block = (system: string, text: string, node: string): Block => ({
  system,
  pool: 'pool',
  domain: 'default',
  cidr: parseCidr(text),
  node,
  origin: `${system}.json`,
})

/** Joins parts list by list. */
export function together(...parts: readonly InventoryPart[]): InventoryPart {
  const joined: Record<string, unknown[]> = {}
  for (const part of parts) for (const [key, list] of Object.entries(part)) joined[key] = [...(joined[key] ?? []), ...(list as unknown[])]
  return joined
}
