// DRF-504: a live pod has an address that its node's range does not hold.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Gap, Severity, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Node, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive, podId } from '../model/pod-state.ts'
import { type Address, cidrHolds, compareAddresses, formatAddress, formatCidr, holds, type RangeSet, rangeOf, rangeSet } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { type DiskDrift, diskDrifts, explains } from './facts/disk-drift.ts'
import { nodesWithWrongFirst } from './facts/first-configuration.ts'
import { needs } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'
import { calicoPoolGaps, outsideCalicoPools } from './facts/outside-calico-pools.ts'
import { type SharedRanges, sharedRangesByNode } from './facts/shared-fixed-ranges.ts'

interface Known {
  readonly space: RangeSet
  readonly shared: ReadonlyMap<string, SharedRanges>
  readonly drifts: ReadonlyMap<string, DiskDrift>
  readonly wrongFirst: ReadonlySet<string>
  /** Given to the pod by another allocator of the default network: pool objects beside node ranges (Antrea's IPPool). */
  readonly byOthers: ReadonlySet<string>
}

/** Everything that pods of the default network may come from: declared ranges, the guess where nothing is declared for a family, and issued ranges. */
function podSpace(inventory: Inventory): RangeSet {
  const pools = inventory.pools.filter((pool) => pool.domain === 'default' && pool.system !== 'services' && pool.node === undefined)
  const declared = [
    ...pools.filter((pool) => pool.certainty === 'declared').flatMap((pool) => pool.ranges),
    ...inventory.declared.filter((range) => range.role === 'pods' && range.certainty === 'declared').map((range) => rangeOf(range.cidr)),
  ]
  const families = new Set(declared.map((range) => range.family))
  const guessed = pools.filter((pool) => pool.certainty === 'inferred' && !families.has(pool.family)).flatMap((pool) => pool.ranges)
  const issued = inventory.blocks.filter((block) => block.domain === 'default').map((block) => rangeOf(block.cidr))
  return rangeSet([...declared, ...guessed, ...issued])
}

const knownOf = (inventory: Inventory): Known => ({
  space: podSpace(inventory),
  shared: sharedRangesByNode(inventory),
  drifts: diskDrifts(inventory),
  wrongFirst: nodesWithWrongFirst(inventory),
  byOthers: new Set(
    inventory.allocations
      .filter(({ domain, owner }) => domain === 'default' && owner.kind !== 'service')
      .map(({ owner, address }) => `${owner.id} ${formatAddress(address)}`),
  ),
})

/** What a finding elsewhere already says about this address. */
function causeElsewhere(known: Known, node: string, address: Address): 'DUP-103' | 'CFG-601' | 'DRF-503' | undefined {
  const shared = known.shared.get(node)
  if (shared !== undefined && holds(shared.set, address)) return 'DUP-103'
  const drift = known.drifts.get(node)
  if (drift === undefined || !explains(drift, address)) return undefined
  return known.wrongFirst.has(node) ? 'CFG-601' : 'DRF-503'
}

type Verdict = 'DUP-103' | 'CFG-601' | 'DRF-503' | 'outside-every-pool' | 'outside-node-range'

const SEVERITIES: Readonly<Record<Verdict, Severity>> = {
  'DUP-103': 'low',
  'CFG-601': 'low',
  'DRF-503': 'low',
  'outside-every-pool': 'critical',
  'outside-node-range': 'high',
}

interface Outside {
  readonly node: Node
  readonly pod: Pod
  readonly address: Address
}

interface Misplaced extends Outside {
  readonly verdict: Verdict
}

/** A family that the node has no range of is not judged: CAP-401 and DRF-502 say that it is missing. */
const isOutside = ({ podCidrs }: Node, address: Address): boolean =>
  podCidrs.some((cidr) => cidr.family === address.family) && !podCidrs.some((cidr) => cidrHolds(cidr, address))

/** Only nodes where the count is short are looked at pod by pod: there may be half a million pods, and none of them misplaced. */
function* outsideOwnRange(inventory: Inventory): Generator<Outside> {
  for (const [name, pods] of inventory.podsOfNode) {
    const node = inventory.nodeOf.get(name)
    const shown = inventory.shownOn(name)
    if (node === undefined || shown.size === 0) continue
    const inside = rangeSet(node.podCidrs.map(rangeOf)).ranges.reduce((sum, range) => sum + shown.within(range), 0)
    if (inside === shown.size) continue
    for (const pod of pods) if (isLive(pod)) for (const address of pod.addresses) if (isOutside(node, address)) yield { node, pod, address }
  }
}

function misplaced(inventory: Inventory): Misplaced[] {
  const outside = [...outsideOwnRange(inventory)]
  if (outside.length === 0) return []
  const known = knownOf(inventory)
  return outside.flatMap(({ node, pod, address }): Misplaced[] => {
    if (known.byOthers.has(`${podId(pod)} ${formatAddress(address)}`)) return []
    const elsewhere = causeElsewhere(known, node.name, address)
    return [{ node, pod, address, verdict: elsewhere ?? (holds(known.space, address) ? 'outside-node-range' : 'outside-every-pool') }]
  })
}

function violationOf({ node, verdict }: Misplaced, found: readonly Misplaced[]): Violation {
  const ordered = [...found].sort((a, b) => compareAddresses(a.address, b.address))
  const addresses = [...new Set(ordered.map(({ address }) => formatAddress(address)))]
  const owners = [...new Set(ordered.map(({ pod }) => podId(pod)))]
  const ranges = node.podCidrs.map(formatCidr).join(', ')
  const severity = SEVERITIES[verdict]
  const tail =
    severity === 'low' ? ` (follows from ${verdict})` : verdict === 'outside-every-pool' ? ', and no known pool or node range holds them' : ''
  return {
    severity,
    cause: severity === 'low' ? 'range-of-the-node-is-wrong' : verdict,
    message: `${counted(owners.length, 'live pod')} on ${node.name} ${owners.length === 1 ? 'has an address' : 'have addresses'} outside of its range ${ranges}: ${nameList(addresses)}${tail}`,
    addresses,
    nodes: [node.name],
    owners,
    evidence: [
      { source: node.origin, fact: `Node ${node.name} has podCIDRs ${ranges}` },
      ...ordered.slice(0, 5).map(({ pod, address }) => ({ source: pod.origin, fact: `${podId(pod)} shows ${formatAddress(address)}` })),
    ],
  }
}

function* check(inventory: Inventory): Generator<Violation> {
  if (inventory.mode === 'calico' && calicoPoolGaps(inventory).length === 0) yield* outsideCalicoPools(inventory)
  if (!usesNodeRanges(inventory.mode)) return
  for (const found of groupBy(misplaced(inventory), ({ node, verdict }) => `${node.name}\0${verdict}`).values())
    yield violationOf(found[0] as Misplaced, found)
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'pod addresses against node ranges'
  const whole = [...needs(inventory, 'pods', what), ...needs(inventory, 'nodes', what)]
  if (whole.length > 0) return whole
  if (inventory.mode === 'calico') return calicoPoolGaps(inventory)
  if (!usesNodeRanges(inventory.mode)) {
    const why = inventory.mode === 'unknown' ? 'nothing says which system hands out the addresses' : `mode ${inventory.mode} takes none from podCIDRs`
    return [{ reason: `${what}: ${why}`, whole: true }]
  }
  const missing = [...inventory.podsOfNode].filter(([name, pods]) => !inventory.nodeOf.has(name) && pods.some(isLive)).map(([name]) => name)
  return missing.length === 0 ? [] : [{ reason: `${what}: the input holds no node object of ${nameList(missing.sort())}`, whole: false }]
}

export const podIpOutsideRange = defineRule({
  id: 'DRF-504',
  name: 'pod-ip-outside-range',
  title: 'A live pod has an address outside of its node’s range',
  severity: 'high',
  revision: 1,
  why: 'The other nodes send traffic for this address elsewhere or nowhere, for as long as the pod lives; it started under another configuration than the one in force.',
  predicate:
    'In modes that use node ranges: a default-network address of a live pod lies in none of its node’s podCIDRs. High; critical when no declared pool and no node range holds it. One finding per node and severity. Low where another finding is the cause: DUP-103, CFG-601 or DRF-503. With Calico: it lies in no IPPool, enabled or not. Critical; high when it lies in a range of another system; info when a block still holds it, since its pool was deleted.',
  guards: [
    'T11: with Calico, Cilium pools and cloud CNIs pod addresses outside of podCIDRs are normal; Calico’s are held against its pools instead.',
    'T18: cloud CNIs put pods into the node network by design.',
    'T21: addresses that move with a virtual machine exist only in modes that do not use node ranges.',
    'T1: finished pods keep their last address; host-network pods have the node’s; secondary networks are not compared.',
    'An address that a pool object beside the node ranges records for this pod (Antrea IPPool) is where it belongs.',
    'Nodes without a range of that family are CAP-401’s and DRF-502’s.',
  ],
  playbook: 'R9',
  links: [
    'https://github.com/flannel-io/flannel/issues/1437',
    'https://github.com/lf-edge/eve/issues/6613',
    'https://github.com/projectcalico/calico/issues/2592',
  ],
  gaps,
  check,
})
