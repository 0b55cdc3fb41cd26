// The machine contract of an audit.
import * as v from 'valibot'
import {
  apiVersion,
  cidrs,
  count,
  coverageKeys,
  described,
  family,
  finding,
  ofFleet,
  share,
  size,
  summaryKeys,
  text,
  texts,
  time,
  tool,
} from './parts.ts'

export const auditReport = v.object({
  apiVersion,
  kind: v.literal('AuditReport'),
  metadata: v.object({
    tool,
    generatedAt: time,
    observedAt: described(time, 'When the state was collected; ages are judged at this time.'),
    graceSeconds: described(v.pipe(v.number(), v.minValue(0)), 'How old a record must have been before it could be stale.'),
    cluster: described(text, 'Context or bundle name.'),
    systems: texts,
    mode: described(text, 'Who hands out the addresses of the default network.'),
    modeSignals: v.array(v.object({ cluster: ofFleet, mode: text, fact: text, source: text })),
    clusters: described(
      v.optional(v.array(v.object({ name: text, observedAt: v.nullable(time), systems: texts, mode: v.nullable(text), complete: v.boolean() }))),
      'Only where several clusters were audited in one run.',
    ),
  }),
  complete: described(v.boolean(), 'False when something that is there could not be read or evaluated.'),
  coverage: v.array(v.object({ cluster: ofFleet, ...coverageKeys })),
  notEvaluated: described(v.array(v.object({ cluster: ofFleet, rule: text, reason: text })), 'Never to be taken as passed.'),
  evaluated: described(
    v.array(v.object({ cluster: ofFleet, rule: text })),
    'Rules that looked at something; one that is under notEvaluated too has not seen all. A rule that is in neither was not asked for.',
  ),
  summary: v.object({
    ...summaryKeys,
    known: described(count, 'Findings that the baseline has already and that are not waived; they do not fail.'),
    rulesEvaluated: count,
  }),
  waivers: v.optional(
    described(
      v.array(
        v.object({
          source: described(text, 'File, line and column.'),
          ...{ rule: text, reason: text, until: v.nullable(text), approvedBy: v.nullable(text) },
          status: described(
            v.picklist(['used', 'expired', 'stale', 'unproven']),
            'Stale: it matches nothing. Unproven: it matches nothing, and the rule could not look everywhere.',
          ),
          findings: described(count, 'Findings that it waives; of an expired one, those that count again.'),
        }),
      ),
      'Only where waivers were given: what became of each.',
    ),
  ),
  baseline: v.optional(
    described(
      v.object({ source: text, generatedAt: text, observedAt: text, cluster: text, complete: v.boolean() }),
      'Only where a baseline was given: the report that it is.',
    ),
  ),
  pools: v.array(
    v.object({
      cluster: ofFleet,
      ...{ system: text, name: text, node: v.nullable(text), domain: text, family, ranges: cidrs },
      ...{ capacity: size, reserved: size, allocated: size, available: size, utilization: share },
      certainty: described(v.picklist(['declared', 'inferred']), 'Inferred pools are guesses.'),
      source: text,
    }),
  ),
  nodes: v.array(
    v.object({
      cluster: ofFleet,
      ...{ name: text, ranges: cidrs, capacity: size, allocated: size, available: size, utilization: share },
      ...{ maxPods: v.nullable(count), pods: count },
    }),
  ),
  findings: v.array(finding),
})
