// Whose is each allocation file? The evidence, best first: the runtime's sandbox listing, libcni's result cache, events, and the address
// of the pods on the node. The pod API does not know sandbox ids, so without a listing the address decides.
import type { Confidence, Evidence, Gap } from '../../model/finding.ts'
import { domainOf, rangesOfDirectory } from '../../model/host-local-ranges.ts'
import type { Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { AllocationFile, CachedResult, NodeState, Sandbox, StateDirectory } from '../../model/node-state.ts'
import { isBlind, isLive, isOverdue, isTerminal, podId } from '../../model/pod-state.ts'
import { showSpan, showTime } from '../../model/show-time.ts'
import { addressKey, rangeHolds } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'

export type StaleCause = 'empty-file' | 'out-of-range' | 'before-last-boot' | 'retry' | 'unknown-owner'

export type Verdict =
  | { readonly kind: 'held'; readonly pods: readonly Pod[] }
  /** Only a finished pod, or one stuck in termination, shows the address. */
  | { readonly kind: 'finished'; readonly pod: Pod }
  /** Too young to judge, or kept for a pod that has not reported its address. */
  | { readonly kind: 'young' }
  | {
      readonly kind: 'stale'
      readonly cause: StaleCause
      readonly confidence: Confidence
      readonly pod: string | undefined
      readonly evidence: readonly Evidence[]
    }

export interface Judged {
  readonly file: AllocationFile
  readonly directory: StateDirectory
  readonly state: NodeState
  readonly inRange: boolean
  readonly verdict: Verdict
}

/** Why a node's files cannot be judged at all. */
export function nodeGap(inventory: Inventory, state: NodeState): Gap | undefined {
  if (inventory.nodeOf.has(state.node) || inventory.podsOfNode.has(state.node)) return undefined
  return { reason: `allocation files of ${state.node}: no node or pod of that name is in the input, so nothing says whose they are`, whole: false }
}

interface NodeEvidence {
  readonly pods: ReadonlyMap<number | bigint, readonly Pod[]>
  readonly sandboxes: ReadonlyMap<string, Sandbox> | undefined
  readonly results: ReadonlyMap<string, CachedResult>
  readonly failed: ReadonlyMap<string, string>
  readonly boot: { readonly at: number; readonly settled: boolean } | undefined
  /** Files must be older than this. */
  readonly youngAfter: number
}

function evidenceFor(inventory: Inventory, state: NodeState, domain: string, options: RuleOptions): NodeEvidence {
  const pods = new Map<number | bigint, Pod[]>()
  for (const pod of inventory.podsOfNode.get(state.node) ?? []) {
    if (pod.hostNetwork) continue
    const addresses = domain === 'default' ? pod.addresses : pod.interfaces.flatMap((attached) => attached.addresses)
    for (const address of addresses) pods.set(addressKey(address), [...(pods.get(addressKey(address)) ?? []), pod])
  }
  const uptime = state.bootTime === undefined ? 0 : state.collectedAt - state.bootTime
  return {
    pods,
    sandboxes: state.sandboxes === undefined ? undefined : new Map(state.sandboxes.map((sandbox) => [sandbox.id, sandbox])),
    results: new Map(state.results.map((result) => [result.sandbox, result])),
    failed: new Map(inventory.events.flatMap((event) => (event.sandbox === undefined ? [] : [[event.sandbox, event.subject] as const]))),
    boot: state.bootTime === undefined ? undefined : { at: state.bootTime, settled: uptime > options.grace },
    youngAfter: Math.min(state.collectedAt, inventory.podsReadAt ?? state.collectedAt) - options.grace,
  }
}

export function judgeDirectory(inventory: Inventory, state: NodeState, directory: StateDirectory, options: RuleOptions): Judged[] {
  const evidence = evidenceFor(inventory, state, domainOf(state, directory), options)
  const ranges = rangesOfDirectory(state, directory, inventory.nodeOf.get(state.node))
  const judged = directory.files.flatMap((file): Judged[] => {
    if (file.address === undefined) return []
    const address = file.address
    const inRange = ranges.length === 0 || ranges.some((range) => rangeHolds(range.range, address))
    return [{ file, directory, state, inRange, verdict: judge(file, inRange, evidence, inventory, state, options) }]
  })
  return spareBlindPods(judged, inventory, state)
}

function judge(
  file: AllocationFile,
  inRange: boolean,
  evidence: NodeEvidence,
  inventory: Inventory,
  state: NodeState,
  options: RuleOptions,
): Verdict {
  const shown = file.address === undefined ? [] : (evidence.pods.get(addressKey(file.address)) ?? [])
  const sandbox = evidence.sandboxes?.get(file.sandbox)
  const holding = shown.filter((pod) => isLive(pod) && !isOverdue(pod, inventory.observedAt, options.grace))
  if (holding.length > 0 || sandbox?.ready === true) return { kind: 'held', pods: holding }
  const finished = shown.find((pod) => isTerminal(pod) || isOverdue(pod, inventory.observedAt, options.grace))
  const beforeBoot = evidence.boot !== undefined && file.mtime < evidence.boot.at
  // A listing taken after the boot that does not know the owner settles it; else kubelet may still be cleaning up.
  const unknownToRuntime = evidence.sandboxes !== undefined && sandbox === undefined && file.sandbox !== ''
  const bootSettles = beforeBoot && (evidence.boot?.settled === true || unknownToRuntime)
  if (!bootSettles && file.mtime >= evidence.youngAfter) return { kind: 'young' }
  if (beforeBoot && !bootSettles) return { kind: 'young' }
  if (finished !== undefined && !bootSettles) return { kind: 'finished', pod: finished }
  const pod =
    evidence.results.get(file.sandbox)?.pod ??
    evidence.failed.get(file.sandbox) ??
    (sandbox === undefined ? undefined : `${sandbox.namespace}/${sandbox.name}`)
  const possible = !state.timesKnown || (inventory.podsReadAt !== undefined && inventory.podsReadAt - state.collectedAt > 120_000)
  return {
    kind: 'stale',
    cause: causeOf(file, inRange, bootSettles, pod, evidence),
    confidence: possible ? 'possible' : bootSettles || unknownToRuntime ? 'certain' : 'likely',
    pod,
    evidence: factsOf(file, inRange, beforeBoot, sandbox, pod, evidence, state),
  }
}

function causeOf(file: AllocationFile, inRange: boolean, beforeBoot: boolean, pod: string | undefined, evidence: NodeEvidence): StaleCause {
  if (file.fault === 'empty' || file.fault === 'nul-filled') return 'empty-file'
  if (!inRange) return 'out-of-range'
  if (beforeBoot) return 'before-last-boot'
  // The result is cached only after the whole chain succeeded: with a listing that does not know the id, the ADD failed or was superseded.
  return pod !== undefined || (evidence.sandboxes !== undefined && evidence.results.size > 0 && !evidence.results.has(file.sandbox))
    ? 'retry'
    : 'unknown-owner'
}

function factsOf(
  file: AllocationFile,
  inRange: boolean,
  beforeBoot: boolean,
  sandbox: Sandbox | undefined,
  pod: string | undefined,
  evidence: NodeEvidence,
  state: NodeState,
): Evidence[] {
  const owner = file.sandbox === '' ? 'no owner' : `owner ${file.sandbox}`
  const facts = [`${owner}, written ${showTime(file.mtime)}, ${showSpan(state.collectedAt - file.mtime)} before the node was read`]
  if (beforeBoot && evidence.boot !== undefined) facts.push(`the node booted ${showTime(evidence.boot.at)}, after the file was written`)
  if (evidence.sandboxes !== undefined)
    facts.push(
      sandbox === undefined ? 'the runtime lists no sandbox with this id' : `the runtime lists the sandbox as not ready (attempt ${sandbox.attempt})`,
    )
  if (evidence.results.has(file.sandbox)) facts.push(`the result cache still holds the attachment of ${pod}`)
  else if (evidence.failed.has(file.sandbox)) facts.push(`an event says that the sandbox could not be set up or torn down for ${pod}`)
  if (!inRange) facts.push('the address lies outside every range configured on the node; it takes no capacity')
  return facts.map((fact) => ({ source: `${state.origin}/${file.name}`, fact }))
}

/** kubelet reports an address after the ADD returned, so the newest file may belong to a pod that shows none yet (antrea #8239). */
function spareBlindPods(judged: readonly Judged[], inventory: Inventory, state: NodeState): Judged[] {
  const blind = (inventory.podsOfNode.get(state.node) ?? []).filter(isBlind)
  if (blind.length === 0) return [...judged]
  const candidates = judged
    .filter(({ verdict }) => verdict.kind === 'stale' && verdict.cause !== 'empty-file' && verdict.cause !== 'before-last-boot')
    .sort((a, b) => b.file.mtime - a.file.mtime)
  const spared = new Set<Judged>()
  for (const pod of blind.sort((a, b) => (b.scheduledAt ?? b.createdAt ?? 0) - (a.scheduledAt ?? a.createdAt ?? 0))) {
    const since = pod.scheduledAt ?? pod.createdAt ?? 0
    const found = candidates.find((candidate) => !spared.has(candidate) && candidate.file.mtime >= since && belongsTo(candidate, pod))
    if (found !== undefined) spared.add(found)
  }
  return judged.map((item) => (spared.has(item) ? { ...item, verdict: { kind: 'young' } } : item))
}

const belongsTo = ({ verdict }: Judged, pod: Pod): boolean => verdict.kind === 'stale' && (verdict.pod === undefined || verdict.pod === podId(pod))
