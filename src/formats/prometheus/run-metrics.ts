// The metrics of a run. Labels name clusters, pools, nodes and rules, never pods or addresses: their number is bounded by what an operator has set up.
import { isOpen, severities } from '../../model/finding.ts'
import type { Judgement, Subject } from '../../report/judgement.ts'

export type Labels = Readonly<Record<string, string>>
export type Sample = readonly [Labels, number]

export interface Metric {
  /** Without the prefix. https://prometheus.io/docs/practices/naming/ */
  readonly name: string
  readonly help: string
  samples(subject: Subject, judgement: Judgement): Iterable<Sample>
}

const seconds = (time: string): number => Math.floor(globalThis.Date.parse(time) / 1000)

/** Zero for a rule that looked and found nothing, so that an alert ends; nothing for one that did not look. */
function* openFindings({ name, rules, findings }: Subject): Generator<Sample> {
  for (const { rule, evaluated } of rules) {
    const open = findings.filter((finding) => finding.rule === rule.id && isOpen(finding))
    for (const severity of severities) {
      const count = open.filter((finding) => finding.severity === severity).length
      if (count > 0 || (evaluated && severity === rule.severity)) yield [{ cluster: name, rule: rule.id, severity }, count]
    }
  }
}

const statuses = ['complete', 'partial', 'forbidden', 'failed'] as const

export const runMetrics: readonly Metric[] = [
  {
    name: 'audit_info',
    help: 'Always 1; says which version of ipam wrote this file.',
    samples: ({ name }, { version }) => [[{ cluster: name, version }, 1]],
  },
  {
    name: 'audit_complete',
    help: '1 when everything that is there was read and evaluated, else 0: then a zero elsewhere proves nothing.',
    samples: ({ name, complete }) => [[{ cluster: name }, complete ? 1 : 0]],
  },
  {
    name: 'audit_last_run_timestamp_seconds',
    help: 'When the audit ended.',
    samples: ({ name }, { generatedAt }) => [[{ cluster: name }, seconds(generatedAt)]],
  },
  {
    name: 'audit_last_success_timestamp_seconds',
    help: 'When the audit ended; missing when it was not complete.',
    samples: ({ name, complete }, { generatedAt }) => (complete ? [[{ cluster: name }, seconds(generatedAt)]] : []),
  },
  {
    name: 'audit_observed_timestamp_seconds',
    help: 'When the state that was audited was collected.',
    samples: ({ name, observedAt }) => (observedAt === undefined ? [] : [[{ cluster: name }, seconds(observedAt)]]),
  },
  {
    name: 'audit_sources',
    help: 'Lists and directories by how they were read.',
    samples: ({ name, sources }) =>
      statuses.map((status) => [{ cluster: name, status }, sources.filter((source) => source.status === status).length]),
  },
  {
    name: 'audit_rule_evaluated',
    help: '1 when the rule looked at something, 0 when its input was missing.',
    samples: ({ name, rules }) => rules.map(({ rule, evaluated }) => [{ cluster: name, rule: rule.id }, evaluated ? 1 : 0]),
  },
  {
    name: 'audit_rule_gaps',
    help: 'Parts that the rule could not look at.',
    samples: ({ name, rules }) => rules.map(({ rule, gaps }) => [{ cluster: name, rule: rule.id }, gaps.length]),
  },
  {
    name: 'audit_findings',
    help: 'Findings that nobody has accepted.',
    samples: openFindings,
  },
  {
    name: 'audit_failing_findings',
    help: 'Findings that make the run fail: at or above --fail-on, at least likely, neither waived nor known.',
    samples: ({ name, findings }, { isFailing }) => [[{ cluster: name }, findings.filter(isFailing).length]],
  },
  {
    name: 'audit_accepted_findings',
    help: 'Findings that are waived, or known from the baseline.',
    samples: ({ name, findings }) => [[{ cluster: name }, findings.filter((finding) => !isOpen(finding)).length]],
  },
]
