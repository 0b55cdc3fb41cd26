// What is known of one pod: its addresses by each source, and where it has none, why.
import type { Finding } from '../model/finding.ts'
import type { ClusterEvent, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { nodeUsage } from '../model/node-usage.ts'
import { isTerminal, podId } from '../model/pod-state.ts'
import { showTime } from '../model/show-time.ts'
import { specialUses } from '../model/special-use.ts'
import { type Address, addressKey, formatAddress, formatRange, rangeOfAddress } from '../net/index.ts'
import type { Judged } from './explain-address.ts'
import { addressRows } from './explain-range.ts'
import type { Account, Mention, RangeRow, SourceRow } from './explanation.ts'
import { sandboxesOf } from './file-mentions.ts'
import { namesAddress } from './findings-about.ts'
import { latestEvents } from './latest-events.ts'
import { mentionsOf } from './mentions.ts'
import { type Cause, causeOf } from './pod-cause.ts'
import { podVerdict } from './pod-verdict.ts'
import { rangesAround } from './ranges-around.ts'
import { brokenRows, factRow, fileRows, mentionRow, silentRows } from './source-rows.ts'
import { counted } from './wording.ts'

/** The runtime gives every sandbox its loopback, and caches that too. */
const isLoopback = (address: Address): boolean => specialUses(rangeOfAddress(address), 'pods').some(({ kind }) => kind === 'loopback')

/** Every address that any source gives to the pod. */
function addressesOf(inventory: Inventory, id: string, pod: Pod | undefined): ReadonlyMap<number | bigint, Address> {
  const found: Address[] = []
  if (pod !== undefined && !pod.hostNetwork)
    found.push(...pod.addresses, ...pod.interfaces.flatMap(({ addresses }) => addresses), ...(pod.recorded?.addresses ?? []))
  for (const { owner, address } of inventory.allocations)
    if (owner.id === id && (owner.kind === 'pod' || owner.kind === 'unknown')) found.push(address)
  const sandboxes = sandboxesOf(inventory, id)
  for (const { results, directories } of inventory.nodeStates) {
    for (const result of results) if (result.pod === id) found.push(...result.addresses.filter((address) => !isLoopback(address)))
    if (sandboxes.size > 0)
      for (const { files } of directories)
        for (const { address, sandbox } of files) if (address !== undefined && sandboxes.has(sandbox)) found.push(address)
  }
  return new Map(found.map((address) => [addressKey(address), address]))
}

const at = (what: string, time: number | undefined): string[] => (time === undefined ? [] : [`${what} ${showTime(time)}`])

function podRow(pod: Pod): SourceRow {
  const facts = [
    `${pod.phase}${pod.reason === undefined ? '' : ` (${pod.reason})`}`,
    pod.node === undefined ? 'on no node yet' : `on ${pod.node}`,
    ...(pod.hostNetwork ? ['on the host network'] : []),
    ...at('created', pod.createdAt),
    ...at('scheduled', pod.scheduledAt),
    ...at('sandbox with network since', pod.sandboxAt),
    ...at('finished', pod.finishedAt),
    ...at('to be gone by', pod.deletedAt),
    ...(pod.requested === undefined || pod.requested.length === 0 ? [] : [`asks for ${pod.requested.join(', ')}`]),
    ...(!pod.hostNetwork && pod.addresses.length === 0 && pod.interfaces.length === 0 ? ['shows no address'] : []),
  ]
  return factRow('pod', facts.join('; '), pod.origin)
}

const WORDS = { 'sandbox-failed': 'sandbox failed', 'not-scheduled': 'not scheduled', 'no-node-range': 'no node range' } as const

function eventRow(event: ClusterEvent): SourceRow {
  const times = event.count === undefined || event.count === 1 ? '' : ` (${event.count} times)`
  return factRow('events', `${WORDS[event.kind]}${times}: ${event.message ?? ''}`, event.origin, event.lastAt)
}

/** Findings name pods and Services alike. */
function naming(findings: readonly Finding[], inventory: Inventory, id: string, texts: ReadonlySet<string>): Finding[] {
  const service = inventory.services.some(({ namespace, name }) => `${namespace}/${name}` === id)
  return findings.filter((finding) => finding.owners.includes(id) && (!service || finding.addresses.some((text) => texts.has(text))))
}

export function rangesOfAddresses(inventory: Inventory, addresses: Iterable<Address>): RangeRow[] {
  const usage = nodeUsage(inventory)
  const rows = new Map<string, RangeRow>()
  for (const address of addresses)
    for (const row of rangesAround(inventory, usage, rangeOfAddress(address)))
      rows.set([row.kind, row.system, row.name, row.node, formatRange(row.range), row.origin].join('\0'), row)
  return [...rows.values()]
}

/** The ranges that a pod without an address would draw from: those of its node. */
const rangesOfNode = (inventory: Inventory, node: string): RangeRow[] =>
  nodeUsage(inventory)
    .filter(({ name }) => name === node)
    .flatMap(({ ranges, sets, origin }) =>
      ranges.map((range): RangeRow => {
        const set = sets.find((one) => one.family === range.family)
        const [capacity, allocated] = [set?.usable ?? 0n, BigInt(set?.used ?? 0)]
        const usage = { capacity, allocated, available: capacity > allocated ? capacity - allocated : 0n }
        return { kind: 'block', system: inventory.mode, name: '', node, range, usage, note: '', origin }
      }),
    )

export interface PodFacts {
  readonly inventory: Inventory
  readonly id: string
  readonly pod: Pod | undefined
  readonly mentions: readonly Mention[]
  readonly cause: Cause | undefined
  readonly failing: readonly Finding[]
}

export function explainPod(inventory: Inventory, id: string, judged: Judged, grace: number): Account {
  const pod = inventory.podOf(id)
  const addresses = addressesOf(inventory, id, pod)
  const mentions = [...mentionsOf(inventory, (address) => addresses.has(addressKey(address)))]
  const waits = pod !== undefined && !pod.hostNetwork && !isTerminal(pod) && pod.addresses.length === 0
  const events = latestEvents(inventory.events.filter(({ kind, subject }) => kind !== 'no-node-range' && subject === id))
  const cause = waits ? causeOf(inventory, pod, events, judged.findings, grace) : undefined
  // Who else has an address of the pod is part of what is wrong with the pod.
  const own = new Set((pod === undefined || isTerminal(pod) ? [] : pod.addresses).map(formatAddress))
  const named = naming(judged.findings, inventory, id, own)
  const further = judged.findings.filter((finding) => !named.includes(finding) && (namesAddress(finding, own) || cause?.findings.includes(finding)))
  const findings = judged.findings.filter((finding) => named.includes(finding) || further.includes(finding))
  const heard = new Set([...mentions.map(({ source }) => source), 'nodes', ...(pod === undefined ? [] : ['pod status'])])
  const failing = findings.filter(judged.fails)
  const node = pod?.node
  return {
    verdict: podVerdict({ inventory, id, pod, mentions, cause, failing }),
    sources: [
      ...(pod === undefined ? [] : [podRow(pod)]),
      ...mentions.map((mention) => mentionRow(mention, addresses.size > 1)),
      ...events.slice(0, 5).map(eventRow),
      ...(events.length > 5 ? [factRow('events', `and ${counted(events.length - 5, 'event')} of other words`, undefined)] : []),
      ...brokenRows(inventory),
      ...silentRows(inventory, heard),
      ...fileRows(inventory, node === undefined || pod?.hostNetwork === true ? [] : [node], heard),
      ...(inventory.coverage.some(({ source }) => source === 'events') || !waits ? [] : [absentEvents]),
    ],
    why: cause?.steps ?? [],
    ranges:
      addresses.size > 0 || node === undefined || pod?.hostNetwork === true
        ? rangesOfAddresses(inventory, addresses.values())
        : rangesOfNode(inventory, node),
    addresses: addressRows(mentions),
    findings,
    around: [],
  }
}

const absentEvents: SourceRow = {
  ...{ source: 'events', status: 'absent', says: 'not in the input: it holds no events, which would say why the sandbox failed' },
  ...{ holder: undefined, address: undefined, origin: undefined, recordedAt: undefined },
}

export const knownPod = (inventory: Inventory, id: string): boolean =>
  inventory.pods.some((pod) => podId(pod) === id) ||
  addressesOf(inventory, id, undefined).size > 0 ||
  inventory.events.some(({ subject }) => subject === id)
