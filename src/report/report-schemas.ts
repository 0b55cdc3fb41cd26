// The machine contract of `-o json` and `-o yaml`, from which schemas/ is made and against which tests hold real output. Keys are only ever added.
import * as v from 'valibot'
import { confidences, severities } from '../model/finding.ts'
import { explanationSchema } from './explanation-schema.ts'

const described = <T extends v.GenericSchema>(schema: T, description: string) => v.pipe(schema, v.description(description))

const text = v.string()
const texts = v.array(text)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const share = described(v.pipe(v.number(), v.minValue(0)), 'Used part of one, to four decimals.')
const size = described(v.pipe(text, v.regex(/^[0-9]+$/)), 'Number of addresses or blocks as a decimal string: IPv6 needs more than 53 bits.')
const time = described(v.pipe(text, v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)), 'UTC.')
const cidrs = described(texts, 'Canonical text (RFC 5952).')
const family = v.picklist([4, 6])
const severity = v.picklist(severities)
const failOn = v.picklist([...severities, 'never'])

const apiVersion = v.literal('ipam/v1')
const tool = v.object({ name: v.literal('ipam'), version: text })

const ofFleet = described(v.optional(text), 'Only where several clusters were audited in one run: its context.')

const finding = v.object({
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

const summaryKeys = {
  findings: described(v.object(v.entriesFromList(severities, count)), 'Findings that are not waived, by severity.'),
  waived: count,
  failOn,
  failing: described(count, 'Findings at or above failOn, not waived, not known, at least likely.'),
}

const coverageKeys = {
  ...{ source: text, status: v.picklist(['complete', 'partial', 'forbidden', 'absent', 'failed']), read: count, error: v.nullable(text) },
}

const auditReport = v.object({
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

const addressPlan = v.object({
  apiVersion,
  kind: v.literal('AddressPlan'),
  metadata: v.object({ tool, generatedAt: time }),
  spec: described(v.record(text, v.unknown()), 'The request in normal form, as in plan-request.json.'),
  summary: v.object(summaryKeys),
  pools: described(
    v.array(
      v.object({
        ...{ name: text, cidr: text, family, nodePrefix: count },
        ...{ slots: size, reserved: size, used: size, available: size, utilization: share },
      }),
    ),
    'Counts are in blocks: slots = reserved + used + available.',
  ),
  nodes: v.array(
    v.object({
      name: text,
      pool: text,
      subnets: described(texts, 'One of each family.'),
      usable: described(size, 'Addresses for pods.'),
      maxPods: v.nullable(count),
    }),
  ),
  services: v.array(
    v.object({
      cidr: text,
      family,
      capacity: size,
      staticBand: described(v.nullable(text), 'Addresses that are kept for ClusterIPs chosen by hand.'),
    }),
  ),
  otherRanges: described(
    v.array(v.object({ name: text, ranges: texts, capacity: size, needed: v.nullable(size) })),
    'Load-balancer addresses and secondary networks.',
  ),
  free: described(texts, 'The fewest CIDRs that make up the blocks that are left.'),
  forecast: described(
    v.array(
      v.object({
        limit: v.picklist(['blocks', 'node-network', 'routes', 'vendor', 'services']),
        subject: text,
        unit: v.picklist(['nodes', 'services']),
        ...{ now: size, most: size },
        podsLeft: v.nullable(size),
        full: described(v.nullable(text), 'Month in which it is reached at the stated growth; null when it is not in sight.'),
      }),
    ),
    'How long the plan lasts, by each limit.',
  ),
  findings: v.array(finding),
  proposals: v.optional(
    described(
      v.array(v.object({ cidr: text, chosen: v.boolean(), within: text, around: text, doublings: count, why: text })),
      'Free ranges that --within found, the best first.',
    ),
  ),
  changes: v.optional(
    described(
      v.object({
        ...{ kept: count, new: count, renumber: count, retired: cidrs, gained: cidrs },
        nodes: described(
          v.array(v.object({ node: text, change: v.picklist(['kept', 'new', 'renumber']), from: texts, to: texts, why: text })),
          'Nodes of which there is something to say.',
        ),
        whatIf: v.nullable(texts),
      }),
      'What the plan changes, where it was made around an earlier one or a cluster.',
    ),
  ),
})

const ruleList = v.object({
  apiVersion,
  kind: v.literal('RuleList'),
  rules: v.array(
    v.object({
      ...{ id: text, name: text, title: text, severity, revision: count, why: text, predicate: text, guards: texts },
      ...{ playbook: v.nullable(text), steps: texts, links: texts },
    }),
  ),
})

const error = v.object({
  apiVersion,
  kind: v.literal('Error'),
  error: v.object({ code: described(count, 'The exit code.'), message: text }),
})

const explanation = explanationSchema({
  ...{ finding, time, size, share, tool, coverage: v.object(coverageKeys) },
  ...{ notEvaluated: v.object({ rule: text, reason: text }), summary: v.object(summaryKeys) },
})

/** By file name in schemas/. */
export const reportSchemas = { 'audit-report': auditReport, 'address-plan': addressPlan, 'rule-list': ruleList, explanation, error } as const
