// The straight line of an audit: source -> systems -> inventory -> rules -> report. No flags and no output here.
import { atLeast, type Severity } from '../model/finding.ts'
import { mergeInventory } from '../model/merge-inventory.ts'
import { nodeUsage } from '../model/node-usage.ts'
import { poolUsage } from '../model/pool-usage.ts'
import type { AuditResult } from '../report/audit-report.ts'
import type { Rule } from '../rules/define-rule.ts'
import { runRules } from '../rules/run-rules.ts'
import type { Source } from '../sources/source.ts'
import { documentSink } from '../systems/document-sink.ts'
import { systems } from '../systems/index.ts'

export interface AuditRequest {
  readonly source: Source
  readonly rules: readonly Rule[]
  /** Milliseconds. */
  readonly grace: number
  readonly failOn: Severity | 'never'
  /** A rule without its input makes the run incomplete. */
  readonly strict: boolean
  /** Time of observation, instead of the input's own. */
  readonly now: number | undefined
  /** The clock of this machine. */
  readonly generatedAt: number
  readonly version: string
}

export async function runAudit(request: AuditRequest): Promise<AuditResult> {
  const sink = documentSink(systems)
  const summary = await request.source.read(sink.accept)
  const { parts } = sink.finish()
  const inventory = mergeInventory(parts, {
    cluster: summary.name,
    now: request.now,
    collectedAt: summary.collectedAt,
    newestFile: summary.newestFile,
    coverage: [
      ...summary.coverage,
      ...(summary.declaredPartial === undefined
        ? []
        : [{ source: 'bundle.json', status: 'partial' as const, read: 0, error: summary.declaredPartial }]),
    ],
  })
  const results = runRules(request.rules, inventory, { grace: request.grace })
  const failOn = request.failOn
  const failing =
    failOn === 'never'
      ? []
      : results.findings.filter((finding) => finding.waived === null && atLeast(finding.severity, failOn) && finding.confidence !== 'possible')
  const whole = inventory.coverage.every((coverage) => coverage.status === 'complete' || coverage.status === 'absent')
  return {
    inventory,
    findings: results.findings,
    notEvaluated: results.notEvaluated,
    evaluated: results.evaluated,
    pools: poolUsage(inventory),
    nodes: nodeUsage(inventory),
    complete:
      whole && !results.incomplete && results.evaluated.some((rule) => rule !== 'SRC-901') && !(request.strict && results.notEvaluated.length > 0),
    failing: failing.length,
    failOn,
    generatedAt: request.generatedAt,
    version: request.version,
  }
}
