// The straight line of an audit: source -> systems -> inventory -> rules -> report. No flags and no output here.
import { applyGate, type Gate, openGate } from '../gate/gate.ts'
import { isFailing, type Severity } from '../model/finding.ts'
import { type Inventory, mergeInventory } from '../model/merge-inventory.ts'
import type { AuditResult } from '../report/audit-report.ts'
import type { Rule } from '../rules/define-rule.ts'
import { type RuleResults, runRules, sortFindings } from '../rules/run-rules.ts'
import type { Document, Source } from '../sources/source.ts'
import { documentSink } from '../systems/document-sink.ts'
import { systems } from '../systems/index.ts'
import { needsOf } from '../systems/kubernetes/needs.ts'
import { confirmFindings, type SecondLook } from './confirm-findings.ts'
import { describeRule } from './describe-rule.ts'
import { thriftily } from './heap-growth.ts'
import { objectIndex } from './object-index.ts'

export interface AuditRequest {
  readonly source: Source
  readonly rules: readonly Rule[]
  /** Milliseconds. */
  readonly grace: number
  readonly failOn: Severity | 'never'
  /** Waivers and the baseline: findings that fail no run. */
  readonly gate?: Gate
  /** The context that this is one of several clusters by; undefined: there is this one. */
  readonly context?: string
  /** A rule without its input makes the run incomplete. */
  readonly strict: boolean
  /** Time of observation, instead of the input's own. */
  readonly now: number | undefined
  /** The clock of this machine. */
  readonly generatedAt: number
  readonly version: string
  /** Look at suspects once more where the source can be asked again. */
  readonly confirm: boolean
  /** Tells the user something beside the report. */
  readonly notice: (text: string) => void
}

export async function runAudit(request: AuditRequest): Promise<AuditResult> {
  return judge(request, await readInventory(request))
}

export interface Reading {
  readonly inventory: Inventory
  /** Only where suspects will be looked at once more. */
  readonly look?: SecondLook
}

/** Everything that the source has, in the terms of the model. */
export async function readInventory(request: Pick<AuditRequest, 'source' | 'now' | 'notice' | 'confirm'>): Promise<Reading> {
  const sink = documentSink(systems)
  const index = request.confirm && request.source.recheck !== undefined ? objectIndex() : undefined
  const accept = (document: Document): void => {
    if (document.type === 'object') index?.note(document)
    sink.accept(document)
  }
  const summary = await request.source.read(thriftily(accept), needsOf(systems))
  for (const warning of summary.warnings ?? []) request.notice(`warning: ${warning}`)
  const facts = {
    cluster: summary.name,
    now: request.now,
    collectedAt: summary.collectedAt,
    newestFile: summary.newestFile,
    coverage: summary.coverage,
  }
  const inventory = mergeInventory(sink.finish().parts, facts)
  if (index === undefined) return { inventory }
  const rebuild: SecondLook['rebuild'] = (documents) => {
    for (const document of documents) sink.accept(document)
    return mergeInventory(sink.finish().parts, facts)
  }
  return { inventory, look: { index, rebuild } }
}

/** @param further findings of rules that were run apart, and what these could not look at */
export async function judge(request: AuditRequest, { inventory, look }: Reading, further?: RuleResults): Promise<AuditResult> {
  const results = join(runRules(request.rules, inventory, { grace: request.grace }), further)
  const { findings, dropped, unasked } =
    look === undefined
      ? { findings: results.findings, dropped: 0, unasked: 0 }
      : await confirmFindings(results.findings, inventory, { source: request.source, rules: request.rules, grace: request.grace, look })
  if (dropped > 0)
    request.notice(`${dropped} ${dropped === 1 ? 'suspicion was' : 'suspicions were'} dropped: gone at a second look (--no-confirm keeps them)`)
  if (unasked > 0)
    request.notice(
      `${unasked} ${unasked === 1 ? 'suspicion' : 'suspicions'} could not be looked at a second time and ${unasked === 1 ? 'is' : 'are'} reported as first seen`,
    )
  const whole = inventory.coverage.every((coverage) => coverage.status === 'complete' || coverage.status === 'absent')
  const complete =
    whole && !results.incomplete && results.evaluated.some((rule) => rule !== 'SRC-901') && !(request.strict && results.notEvaluated.length > 0)
  const gated = applyGate(findings, request.gate ?? openGate, {
    cluster: request.context ?? inventory.cluster,
    isFleet: request.context !== undefined,
    pools: inventory.pools,
    // Input without any time is judged by the clock.
    time: inventory.observedAt > 0 ? inventory.observedAt : request.generatedAt,
    sawAll: (rule) => complete && results.evaluated.includes(rule) && !results.notEvaluated.some((gap) => gap.rule === rule),
  })
  return {
    inventory,
    rules: request.rules.map(describeRule),
    findings: gated.findings,
    notEvaluated: results.notEvaluated,
    evaluated: results.evaluated,
    pools: inventory.usage(),
    nodes: inventory.nodeUsage(),
    complete,
    failing: gated.findings.filter((finding) => isFailing(finding, request.failOn)).length,
    failOn: request.failOn,
    grace: request.grace,
    gate: { waivers: gated.waivers, baseline: gated.baseline },
    generatedAt: request.generatedAt,
    version: request.version,
  }
}

function join(one: RuleResults, other: RuleResults | undefined): RuleResults {
  if (other === undefined) return one
  return {
    findings: sortFindings([...one.findings, ...other.findings]),
    notEvaluated: [...one.notEvaluated, ...other.notEvaluated],
    evaluated: [...one.evaluated, ...other.evaluated],
    incomplete: one.incomplete || other.incomplete,
  }
}
