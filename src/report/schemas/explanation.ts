// The machine contract of an explanation.
import * as v from 'valibot'
import { apiVersion, coverageKeys, described, finding, share, size, summaryKeys, text, time, tool } from './parts.ts'

const orNull = v.nullable(text)
const STATES = [
  ...(['held', 'duplicate', 'shared', 'leaked', 'recorded', 'reserved', 'free', 'unknown', 'outside', 'nobody', 'in-use', 'empty'] as const),
  ...(['running', 'host-network', 'finished', 'waiting', 'gone', 'ok', 'full', 'no-range'] as const),
] as const

export const explanation = v.object({
  apiVersion,
  kind: v.literal('Explanation'),
  metadata: v.object({ tool, generatedAt: time, observedAt: time, cluster: text, systems: v.array(text), mode: text }),
  subject: v.object({
    kind: v.picklist(['address', 'range', 'pod', 'node']),
    name: described(text, 'Canonical: 10.0.0.1, 10.0.0.0/24, pod/NAMESPACE/NAME, node/NAME.'),
    note: described(orNull, 'What was odd about the text that named it.'),
  }),
  verdict: v.object({
    state: described(v.picklist(STATES), 'The answer in one word.'),
    text: described(text, 'The answer in one line, for people.'),
  }),
  complete: described(v.boolean(), 'False when something that is there could not be read or evaluated.'),
  summary: described(v.object(summaryKeys), 'Of the findings that concern the subject.'),
  sources: v.array(
    v.object({
      source: text,
      status: described(v.picklist(['says', 'nothing', 'not-read', 'absent']), '`not-read` and `absent` are no answer: nobody could look.'),
      says: text,
      holder: v.nullable(v.object({ kind: v.picklist(['pod', 'node', 'service', 'machine', 'unknown']), id: text, node: orNull })),
      address: orNull,
      origin: described(orNull, 'Object or file.'),
      recordedAt: v.nullable(time),
    }),
  ),
  why: described(v.array(v.object({ what: text, source: orNull })), 'From the symptom to its cause.'),
  ranges: described(
    v.array(
      v.object({
        kind: v.picklist(['pool', 'block', 'declared', 'attachment', 'subnet', 'outside', 'reservation', 'special use']),
        ...{ system: text, name: text, node: orNull, range: text },
        ...{ capacity: v.nullable(size), allocated: v.nullable(size), available: v.nullable(size), utilization: v.nullable(share) },
        ...{ note: text, source: text },
      }),
    ),
    'Ranges that hold the subject or that it has; counts are null where nothing records what was given out.',
  ),
  addresses: described(
    v.array(
      v.object({
        address: text,
        state: v.picklist(['in use', 'recorded', 'past', 'named', 'no pod has it']),
        ...{ holder: text, node: orNull, since: v.nullable(time), source: text },
      }),
    ),
    'Of a pod, in a range, or on a node those that no live pod has.',
  ),
  findings: described(v.array(finding), 'Those that concern the subject.'),
  around: described(v.array(finding), 'Those about ranges around it.'),
  coverage: v.array(v.object(coverageKeys)),
  notEvaluated: described(v.array(v.object({ rule: text, reason: text })), 'Never to be taken as passed.'),
})
