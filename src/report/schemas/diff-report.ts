// The machine contract of two reports held against each other.
import * as v from 'valibot'
import { changes } from '../../gate/compare-reports.ts'
import { confidences } from '../../model/finding.ts'
import { apiVersion, cidrs, count, described, failOn, family, finding, ofFleet, severity, share, size, text, time, tool } from './parts.ts'

const side = v.object({ source: text, cluster: text, generatedAt: text, observedAt: text, version: text, complete: v.boolean() })
const poolSide = v.nullable(v.object({ ranges: cidrs, capacity: size, allocated: size, utilization: share }))

export const diffReport = v.object({
  apiVersion,
  kind: v.literal('DiffReport'),
  metadata: v.object({ tool, generatedAt: time, old: side, new: side }),
  complete: described(v.boolean(), 'False when the new report is that of an incomplete run.'),
  summary: v.object({
    changes: v.object(v.entriesFromList(changes, count)),
    failOn,
    failing: described(count, 'Findings that are new, worse or no longer waived, at or above failOn, not waived, at least likely.'),
  }),
  pools: described(
    v.array(
      v.object({
        cluster: ofFleet,
        ...{ system: text, name: text, node: v.nullable(text), domain: text, family },
        before: described(poolSide, 'Null: the old report does not have it.'),
        after: described(poolSide, 'Null: the new report does not have it.'),
      }),
    ),
    'Pools whose usage moved by five points, or whose ranges or size changed.',
  ),
  findings: v.array(
    v.object({
      change: described(
        v.picklist(changes),
        'Fixed: the new report looked again and has it no more. Not-looked-at: it is not there, and the new report could not have seen it.',
      ),
      before: described(v.nullable(v.object({ severity, confidence: v.picklist(confidences) })), 'What it was, where both reports have it.'),
      reason: described(
        v.nullable(text),
        'Why the other report could not have seen it: what is new may then be old, and what is not there may not be fixed.',
      ),
      finding: described(finding, 'As the new report has it, else as the old one had it.'),
    }),
  ),
})
