// Several clusters in one run: each is audited by itself, then those that are connected are compared pair by pair.
import { joinUses } from '../gate/apply-waivers.ts'
import { type GateResult, openGate } from '../gate/gate.ts'
import { StartError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { ClusterLink } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { podId } from '../model/pod-state.ts'
import type { FleetMember, FleetResult } from '../report/fleet-report.ts'
import { connectedRanges } from '../rules/facts/connected-ranges.ts'
import { type RuleResults, runRules } from '../rules/run-rules.ts'
import type { Source } from '../sources/source.ts'
import { type AuditRequest, judge, readInventory } from './audit-run.ts'
import { describeRule } from './describe-rule.ts'

export interface FleetRequest extends Omit<AuditRequest, 'source'> {
  /** By the name of the context. */
  readonly sources: ReadonlyMap<string, Source>
  /** How the clusters reach each other's pods; undefined: they do not, and may use the same ranges. */
  readonly link: ClusterLink | undefined
}

const CONNECTED_RULE = 'OVL-308'

/** @throws StartError when none of them could be started */
export async function runFleet(request: FleetRequest): Promise<FleetResult> {
  const read: { readonly name: string; readonly source: Source; readonly inventory: Inventory }[] = []
  const members = new Map<string, FleetMember>()
  for (const [name, source] of request.sources) {
    try {
      // One after the other: four lists at once are what a client may ask for, and memory is finite.
      read.push({ name, source, inventory: await readInventory({ ...request, source, notice: (text) => request.notice(`${name}: ${text}`) }) })
    } catch (cause) {
      if (!(cause instanceof StartError)) throw cause
      members.set(name, { name, failure: cause.message })
    }
  }
  if (read.length === 0) throw new StartError(`none of the clusters can be read: ${[...members.values()].map(({ failure }) => failure).join('; ')}`)
  const rules = request.link === undefined ? request.rules : request.rules.filter(({ id }) => id !== CONNECTED_RULE)
  for (const [at, { name, source, inventory }] of read.entries()) {
    const others = read.slice(at + 1).map((one) => one.inventory)
    const connected = request.link === undefined ? undefined : compare(request, request.link, inventory, others)
    const result = await judge(
      { ...request, source, rules, context: name, notice: (text) => request.notice(`${name}: ${text}`) },
      inventory,
      connected,
    )
    members.set(name, {
      name,
      result: { ...result, rules: request.rules.map(describeRule), findings: result.findings.map((finding) => ({ ...finding, cluster: name })) },
    })
  }
  const inOrder = [...request.sources.keys()].flatMap((name) => members.get(name) ?? [])
  return {
    members: inOrder,
    complete: inOrder.every(({ result }) => result?.complete === true),
    failing: inOrder.reduce((sum, { result }) => sum + (result?.failing ?? 0), 0),
    gate: gateOf(request, inOrder),
    failOn: request.failOn,
    generatedAt: request.generatedAt,
    version: request.version,
  }
}

/** A waiver speaks of all clusters; in one that could not be read, what it waives may still be there. */
function gateOf({ gate = openGate }: FleetRequest, members: readonly FleetMember[]): GateResult {
  const uses = members.flatMap(({ result }) => (result?.gate.waivers === undefined ? [] : [result.gate.waivers]))
  const unread = members.some(({ result }) => result === undefined)
  return { waivers: gate.waivers === undefined ? undefined : joinUses(uses, unread), baseline: gate.baseline }
}

/** Each pair is looked at once, from its first cluster. */
function compare(request: FleetRequest, link: ClusterLink, own: Inventory, others: readonly Inventory[]): RuleResults {
  const rules = request.rules.filter(({ id }) => id === CONNECTED_RULE)
  const findings = new Map<string, Finding>()
  const reasons = new Map<string, string>()
  let evaluated: readonly string[] = []
  let incomplete = false
  for (const other of others) {
    if (samePods(own, other)) {
      request.notice(
        `warning: contexts ${JSON.stringify(own.cluster)} and ${JSON.stringify(other.cluster)} show the same pods: they are one cluster and were not compared`,
      )
      continue
    }
    const id = other.clusters.find((one) => one.link === undefined && one.id !== undefined)?.id
    const identity = { name: other.cluster, link, origin: `context ${other.cluster}`, ...(id === undefined ? {} : { id }) }
    const results = runRules(
      rules,
      { ...own, outside: [...own.outside, ...connectedRanges(other, link)], clusters: [...own.clusters, identity] },
      { grace: request.grace },
    )
    // Routed clusters may have one Service range: a ClusterIP is never routed to.
    for (const finding of results.findings) if (link === 'mesh' || finding.cause !== 'services-services') findings.set(finding.fingerprint, finding)
    for (const { rule, reason } of results.notEvaluated) reasons.set(reason, rule)
    evaluated = results.evaluated
    incomplete ||= results.incomplete
  }
  if (others.length === 0) return { findings: [], notEvaluated: [], evaluated: [], incomplete: false }
  return { findings: [...findings.values()], notEvaluated: [...reasons].map(([reason, rule]) => ({ rule, reason })), evaluated, incomplete }
}

/** A context of another name, or another address of the same server. */
function samePods(one: Inventory, other: Inventory): boolean {
  const uids = new Set(one.pods.map((pod) => `${podId(pod)} ${pod.uid}`))
  return other.pods.some((pod) => uids.has(`${podId(pod)} ${pod.uid}`))
}
