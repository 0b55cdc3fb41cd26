// OVL-304: what pods send to a network outside ends at a pod or a Service instead.
import type { Gap, Violation } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { overlappingPairs, type Range, rangeHolds } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { guessedServiceRanges, podRanges, type StatedRange, serviceRanges } from './facts/cluster-ranges.ts'
import { strayRanges, unknownRanges } from './facts/issued-ranges.ts'
import { counted, nameList } from './facts/name-list.ts'
import { type OutsideEntry, outsideEntries } from './facts/outside-networks.ts'

interface Target extends StatedRange {
  readonly what: 'pod range' | 'Service range'
  readonly nodes: readonly string[]
  /** Of several ranges. */
  readonly texts?: readonly string[]
}

interface Item {
  readonly range: Range
  readonly entry?: OutsideEntry
  readonly target?: Target
}

function targetsOf(inventory: Inventory): Target[] {
  return [
    ...podRanges(inventory).map((pool): Target => ({ ...pool, what: 'pod range', nodes: [] })),
    ...strayRanges(inventory).map(
      ({ range, text, nodes, evidence }): Target => ({ range, text, evidence, confidence: 'certain', what: 'pod range', nodes }),
    ),
    ...[...serviceRanges(inventory), ...guessedServiceRanges(inventory)].map((range): Target => ({ ...range, what: 'Service range', nodes: [] })),
  ]
}

/** With ENI and VNet plugins the nodes' own network is where pods get their addresses, by design (T18). */
function isPodNetwork({ range }: OutsideEntry, inventory: Inventory): boolean {
  if (inventory.mode !== 'aws-vpc' && inventory.mode !== 'azure-flat') return false
  return inventory.nodes.some((node) => node.addresses.some(({ address }) => rangeHolds(range, address)))
}

/** Ranges of single nodes, where nobody states what they were cut from, are one subject. */
const together = (targets: readonly Target[]): Target => ({
  ...(targets[0] as Target),
  text: nameList(targets.map(({ text }) => text)),
  texts: targets.map(({ text }) => text),
  nodes: [...new Set(targets.flatMap(({ nodes }) => nodes))].sort(),
  evidence: targets.slice(0, 10).flatMap(({ evidence }) => evidence),
})

const compared = (inventory: Inventory): readonly OutsideEntry[] =>
  outsideEntries(inventory, 'external').filter((entry) => entry.network.reachable && !isPodNetwork(entry, inventory))

function violationOf({ network, text }: OutsideEntry, target: Target): Violation {
  const what = network.what === undefined ? '' : ` (${network.what})`
  // A register of all networks holds the cluster's own ranges too.
  const own = network.fromRegister === true && text === target.text
  const named = network.name === text ? '' : `${JSON.stringify(network.name)} `
  return {
    message: own
      ? `the register has ${text} as ${named}${what}, which is just the cluster's ${target.what}: its own entry, or another user of the range`
      : `network ${named}${text}${what} overlaps ${target.what} ${target.text}: what pods send to the shared addresses never leaves the cluster`,
    ...(own ? { severity: 'low' } : {}),
    confidence: own ? 'possible' : target.confidence,
    addresses: [...new Set([text, ...(target.texts ?? [target.text])])],
    nodes: target.nodes,
    subject: [network.name],
    evidence: [{ source: network.origin, fact: `${named}is ${text}${what}` }, ...target.evidence],
    cause: target.what === 'pod range' ? 'pods' : 'services',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const entries = outsideEntries(inventory, 'external')
  if (entries.length === 0)
    return [{ reason: 'no network outside the cluster is known: list them in the bundle’s external/ or with --external FILE', whole: true }]
  const blind = targetsOf(inventory).length === 0
  const missing = unknownRanges(inventory).map((gap) => ({ ...gap, whole: blind }))
  const hidden = entries.filter(({ network }) => network.vrf !== undefined)
  if (blind || hidden.length === 0) return missing
  const vrfs = [...new Set(hidden.map(({ network }) => network.vrf ?? ''))].sort()
  return [
    ...missing,
    { reason: `${counted(hidden.length, 'network')} of VRF ${nameList(vrfs)} could be anywhere and were not compared`, whole: false },
  ]
}

export const externalNetworkOverlap = defineRule({
  id: 'OVL-304',
  name: 'external-network-overlap',
  title: 'Cluster range overlaps a network outside',
  severity: 'high',
  revision: 1,
  why: 'A node routes an address that is in a pod or Service range inside the cluster, whoever else has it. One host behind a VPN, a peered network or a cloud service is then unreachable from pods, often only once a pod or Service happens to get its very address.',
  predicate:
    'A range stated for pods, a range issued to a node, or a Service range shares an address with a network of the lists of external networks. One finding for each network and range.',
  guards: [
    'Entries marked unreachable or viaNat (nobody routes to them, or only through address translation), and entries of kind own.',
    'T16: other clusters with the same pod range, unless they are declared as connected (OVL-308).',
    'T18: with the AWS VPC CNI and flat Azure networking the network that holds the nodes is where pods live.',
    'Registers (NetBox, phpIPAM): containers and master subnets only sum up what they hold; networks of a VRF are not compared, and are named as such; an entry that equals the cluster’s range is possible only, since it may be the cluster’s own.',
    'Without a stated Service range the smallest network around all ClusterIPs stands for it, and the finding is possible only.',
    'T13: ranges written first-last are compared as ranges.',
  ],
  playbook: 'R12',
  links: [
    'https://github.com/projectcalico/calico/issues/7345',
    'https://github.com/MicrosoftDocs/azure-aks-docs/pull/291',
    'https://github.com/Azure/AKS/issues/1175',
    'https://github.com/aws/containers-roadmap/issues/216',
  ],
  gaps,
  *check(inventory) {
    const items: Item[] = [
      ...compared(inventory).map((entry) => ({ range: entry.range, entry })),
      ...targetsOf(inventory).map((target) => ({ range: target.range, target })),
    ]
    const issued = new Map<OutsideEntry, Target[]>()
    for (const [a, b] of overlappingPairs(items, ({ range }) => range)) {
      const entry = a.entry ?? b.entry
      const target = a.target ?? b.target
      if (entry === undefined || target === undefined) continue
      if (target.nodes.length === 0) yield violationOf(entry, target)
      else if (issued.get(entry)?.push(target) === undefined) issued.set(entry, [target])
    }
    for (const [entry, targets] of issued) yield violationOf(entry, together(targets))
  },
})
