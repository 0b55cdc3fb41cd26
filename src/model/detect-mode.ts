// Which system hands out the default network's addresses: half of the rules are wrong in the wrong mode.
import { cidrHolds, formatCidr } from '../net/index.ts'
import type { Mode, ModeSignal, Node, Pod } from './inventory.ts'
import { isLive } from './pod-state.ts'

/** Pods sampled for the strongest signal: where live addresses lie. */
const SAMPLE = 2000

/** Live addresses inside their own node's podCIDR: nine in ten and more mean that node ranges are in use. */
export function liveAddressSignal(pods: readonly Pod[], nodes: readonly Node[]): ModeSignal | undefined {
  const ranges = new Map(nodes.map((node) => [node.name, node]))
  let inside = 0
  let seen = 0
  let example = ''
  for (const pod of pods) {
    if (!isLive(pod) || pod.node === undefined) continue
    const node = ranges.get(pod.node)
    const address = pod.addresses[0]
    if (node === undefined || node.podCidrs.length === 0 || address === undefined) continue
    seen++
    const range = node.podCidrs.find((cidr) => cidrHolds(cidr, address))
    if (range !== undefined) {
      inside++
      example = `${node.name} ${formatCidr(range)}`
    }
    if (seen >= SAMPLE) break
  }
  if (seen === 0 || inside / seen < 0.9) return undefined
  return {
    mode: 'nodeipam+host-local',
    weight: 3,
    fact: `${inside} of ${seen} live pod addresses lie in the podCIDR of their node (${example})`,
    origin: 'pods, nodes',
  }
}

/** Addresses in the podCIDRs of nodes are also what Cilium gives out in its mode kubernetes: where its objects say so, the sign is Cilium's. */
export function attributed(live: ModeSignal | undefined, signals: readonly ModeSignal[]): readonly ModeSignal[] {
  if (live === undefined) return signals
  const cilium = signals.some(({ mode, weight }) => mode === 'cilium-kubernetes' && weight > 1)
  return [cilium ? { ...live, mode: 'cilium-kubernetes' } : live, ...signals]
}

/** The mode with the strongest signal, then the most of them; none at all is `unknown`. */
export function detectMode(signals: readonly ModeSignal[]): Mode {
  const score = new Map<Mode, number>()
  for (const signal of signals) score.set(signal.mode, (score.get(signal.mode) ?? 0) + 10 ** signal.weight)
  return [...score].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? 'unknown'
}

/** Modes in which every node's pods take their addresses from the node's own range. */
export const usesNodeRanges = (mode: Mode): boolean => mode === 'nodeipam+host-local' || mode === 'cilium-kubernetes' || mode === 'gke'
