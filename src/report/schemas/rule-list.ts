// The machine contract of the list of rules.
import * as v from 'valibot'
import { apiVersion, count, severity, text, texts } from './parts.ts'

export const ruleList = v.object({
  apiVersion,
  kind: v.literal('RuleList'),
  rules: v.array(
    v.object({
      ...{ id: text, name: text, title: text, severity, revision: count, why: text, predicate: text, guards: texts },
      ...{ playbook: v.nullable(text), steps: texts, links: texts },
    }),
  ),
})
