// Handles and affinities against the blocks that they speak of.
import type { Inconsistency } from '../../model/inventory.ts'
import { formatCidr } from '../../net/index.ts'
import { isWindowsReserved } from './owner.ts'
import type { BlockRecord } from './read-block.ts'
import type { AffinityRecord, HandleRecord } from './read-claim.ts'

interface Use {
  /** As the block writes it; handle objects are named in lower case. */
  readonly handle: string
  /** Addresses by block. */
  readonly counts: Map<string, number>
  origin: string
  unsettled: boolean
}

/** Addresses of each handle by block, cooling ones left out: their handle has been taken off. */
function usesOf(blocks: readonly BlockRecord[]): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>()
  for (const block of blocks) {
    const text = formatCidr(block.cidr)
    for (const slot of block.slots) {
      const attribute = slot === null ? undefined : block.attributes[slot]
      if (attribute?.handle === undefined || attribute.releasedAt !== undefined) continue
      const name = attribute.handle.toLowerCase()
      const use = uses.get(name) ?? { handle: attribute.handle, counts: new Map(), origin: block.origin, unsettled: false }
      uses.set(name, use)
      use.counts.set(text, (use.counts.get(text) ?? 0) + 1)
      if (block.unsettled) use.unsettled = true
    }
  }
  return uses
}

const countsText = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cidr, count]) => `${count} in ${cidr}`)
    .join(', ') || 'none'

const known = (createdAt: number | undefined) => (createdAt === undefined ? {} : { recordedAt: createdAt })

/** `empty-handle` is a leaked handle (LEAK-202), the others are contradictions (DRF-508). */
export function* checkHandles(handles: readonly HandleRecord[], blocks: readonly BlockRecord[]): Generator<Inconsistency> {
  const uses = usesOf(blocks)
  const unsettledBlocks = new Set(blocks.filter((block) => block.unsettled).map((block) => formatCidr(block.cidr)))
  const names = new Set<string>()
  for (const handle of handles) {
    const name = handle.name.toLowerCase()
    names.add(name)
    const use = uses.get(name)
    if (handle.unsettled || use?.unsettled === true || [...handle.counts.keys()].some((cidr) => unsettledBlocks.has(cidr))) continue
    const facts = {
      system: 'calico',
      subject: `handle ${handle.name}`,
      addresses: [...new Set([...handle.counts.keys(), ...(use?.counts.keys() ?? [])])].sort(),
      owners: [use?.handle ?? handle.name],
      origin: handle.origin,
      ...known(handle.createdAt),
    }
    if (use === undefined)
      yield {
        ...facts,
        cause: 'empty-handle',
        message: `handle ${handle.name} names ${countsText(handle.counts)}, and no block has an address of it`,
      }
    else if (countsText(use.counts) !== countsText(handle.counts))
      yield {
        ...facts,
        cause: 'handle-count',
        message: `handle ${handle.name} counts ${countsText(handle.counts)}, and the blocks hold ${countsText(use.counts)}`,
      }
  }
  for (const [name, use] of uses) {
    if (names.has(name) || use.unsettled || isWindowsReserved(use.handle)) continue
    yield {
      system: 'calico',
      subject: `handle ${use.handle}`,
      cause: 'handle-missing',
      message: `blocks hold ${countsText(use.counts)} of handle ${use.handle}, and there is no such handle: releasing it by handle frees nothing`,
      addresses: [...use.counts.keys()].sort(),
      owners: [use.handle],
      origin: use.origin,
    }
  }
}

/** Routes follow the block's own affinity; whoever else claims the block will fail to use it. */
export function* checkAffinities(affinities: readonly AffinityRecord[], blocks: readonly BlockRecord[]): Generator<Inconsistency> {
  const claims = new Map<string, AffinityRecord[]>()
  for (const affinity of affinities) {
    if (affinity.state !== 'confirmed') continue
    const text = formatCidr(affinity.cidr)
    claims.set(text, [...(claims.get(text) ?? []), affinity])
  }
  const blockOf = new Map(blocks.map((block) => [formatCidr(block.cidr), block]))
  for (const [text, claimants] of claims) {
    const block = blockOf.get(text)
    if (claimants.some((claim) => claim.unsettled) || block?.unsettled === true) continue
    const hosts = [...new Set(claimants.map(({ host }) => host))].sort()
    const newest = claimants.reduce<number | undefined>((a, { createdAt }) => Math.max(a ?? 0, createdAt ?? 0) || undefined, undefined)
    const holder = block?.host ?? block?.virtual
    const facts = {
      system: 'calico',
      subject: `block ${text}`,
      addresses: [text],
      owners: hosts,
      origin: claimants[0]?.origin ?? text,
      ...known(newest),
    }
    if (hosts.length > 1) {
      const said = holder === undefined ? '' : `; the block itself says ${holder}`
      yield { ...facts, cause: 'two-affinities', message: `block ${text} is claimed by ${hosts.join(' and ')}${said}` }
    } else if (block !== undefined && holder !== hosts[0])
      yield {
        ...facts,
        cause: 'affinity-mismatch',
        message: `block ${text} is claimed by ${hosts[0]}, and the block itself ${holder === undefined ? 'belongs to nobody' : `says ${holder}`}`,
      }
  }
}
