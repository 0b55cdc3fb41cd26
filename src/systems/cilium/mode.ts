// Which of Cilium's modes hands out the addresses: what cilium-config says, else what the CiliumNodes look like; and how much that proves.
import type { ModeSignal } from '../../model/inventory.ts'
import { formatCidr } from '../../net/index.ts'
import type { Joined } from './join-records.ts'
import { type CiliumConfig, modeOf } from './read-config.ts'
import type { CiliumNodeRecord } from './read-node.ts'

/** @param podCidrs text of the Nodes' own ranges, by node */
export function ipamOf(
  config: CiliumConfig | undefined,
  nodes: readonly CiliumNodeRecord[],
  podCidrs: ReadonlyMap<string, readonly string[]>,
): string {
  if (config !== undefined) return config.ipam
  if (nodes.some((node) => node.allocated.length > 0)) return 'multi-pool'
  const ranged = nodes.filter((node) => node.podCidrs.length > 0)
  if (ranged.length === 0) return nodes.some((node) => node.available.length > 0) ? 'crd' : ''
  const same = ranged.every((node) => node.podCidrs.every((cidr) => podCidrs.get(node.name)?.includes(formatCidr(cidr)) === true))
  return same ? 'kubernetes' : 'cluster-pool'
}

/** Objects left over from a removed CNI are common; addresses of endpoints inside the nodes' ranges are use. */
export function signalsOf(ipam: string, config: CiliumConfig | undefined, nodes: readonly CiliumNodeRecord[], { allocations }: Joined): ModeSignal[] {
  const mode = modeOf(ipam)
  if (mode === undefined) return []
  const signals: ModeSignal[] = []
  if (config !== undefined) signals.push({ mode, weight: 1, fact: `cilium-config has ipam "${config.ipam}"`, origin: config.origin })
  const holding = nodes.filter((node) => node.podCidrs.length + node.allocated.length + node.available.length > 0)
  const origin = holding[0]?.origin ?? ''
  if (holding.length > 0) signals.push({ mode, weight: 2, fact: `${holding.length} CiliumNodes hold addresses for their pods`, origin })
  const live = allocations.filter(({ owner, pool }) => owner.kind === 'pod' && pool !== '')
  const known = allocations.filter(({ owner }) => owner.kind === 'pod').length
  if (live.length > 0 && live.length >= known * 0.9 && ipam !== 'kubernetes')
    signals.push({ mode, weight: 3, fact: `${live.length} of ${known} Cilium endpoints have addresses of the ranges of CiliumNodes`, origin })
  return signals
}
