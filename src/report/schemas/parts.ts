// What the schemas of several reports share. Keys are only ever added.
import * as v from 'valibot'
import { confidences, severities } from '../../model/finding.ts'

export const described = <T extends v.GenericSchema>(schema: T, description: string) => v.pipe(schema, v.description(description))

export const text = v.string()
export const texts = v.array(text)
export const count = v.pipe(v.number(), v.integer(), v.minValue(0))
export const share = described(v.pipe(v.number(), v.minValue(0)), 'Used part of one, to four decimals.')
export const size = described(v.pipe(text, v.regex(/^[0-9]+$/)), 'Number of addresses or blocks as a decimal string: IPv6 needs more than 53 bits.')
export const time = described(v.pipe(text, v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)), 'UTC.')
export const cidrs = described(texts, 'Canonical text (RFC 5952).')
export const family = v.picklist([4, 6])
export const severity = v.picklist(severities)
export const failOn = v.picklist([...severities, 'never'])

export const apiVersion = v.literal('ipam/v1')
export const tool = v.object({ name: v.literal('ipam'), version: text })

export const ofFleet = described(v.optional(text), 'Only where several clusters were audited in one run: its context.')

export const finding = v.object({
  cluster: ofFleet,
  rule: described(v.pipe(text, v.regex(/^[A-Z]{3,4}-\d{3}$/)), 'Never used again for another rule.'),
  name: text,
  severity,
  confidence: described(v.picklist(confidences), '`possible` never fails a run.'),
  message: text,
  domain: described(text, 'Addresses are compared inside one domain only.'),
  addresses: described(texts, 'Every address, range or CIDR that the finding is about.'),
  nodes: texts,
  owners: described(texts, 'namespace/name, else the store’s own id.'),
  cause: described(v.nullable(text), 'Named variant of the rule.'),
  evidence: v.array(v.object({ source: text, fact: text })),
  fix: v.object({ playbook: v.nullable(text), steps: texts }),
  fingerprint: described(v.pipe(text, v.regex(/^[0-9a-f]{32}$/)), 'Stable over runs: rule, domain and subjects; no counts, no times.'),
  waived: described(
    v.nullable(
      v.object({
        reason: text,
        until: described(v.nullable(text), 'Last day on which it holds, to 24:00 UTC; null: without an end.'),
        approvedBy: v.nullable(text),
        source: described(v.nullable(text), 'Where the waiver stands: file, line and column.'),
      }),
    ),
    'Who has accepted it and why; a waived finding never fails a run.',
  ),
  known: described(v.optional(v.boolean()), 'Only where a baseline was given: whether it has this finding. A known finding never fails a run.'),
  before: described(
    v.optional(v.object({ severity, confidence: v.picklist(confidences) })),
    'Only where the baseline has it and it has become worse, which makes it new.',
  ),
})

export const summaryKeys = {
  findings: described(v.object(v.entriesFromList(severities, count)), 'Findings that are not waived, by severity.'),
  waived: count,
  failOn,
  failing: described(count, 'Findings at or above failOn, not waived, not known, at least likely.'),
}

export const coverageKeys = {
  ...{ source: text, status: v.picklist(['complete', 'partial', 'forbidden', 'absent', 'failed']), read: count, error: v.nullable(text) },
}
