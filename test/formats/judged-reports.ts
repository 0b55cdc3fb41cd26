// Reports with a judgement, as the commands make them, for the tests of the formats that machines act on.
import type { Finding } from '../../src/model/finding.ts'
import type { JudgedRule, Judgement, Subject } from '../../src/report/judgement.ts'
import type { Report } from '../../src/report/report.ts'
import { broken, brokenFindings, clean } from './sample-reports.ts'

export const described = (id: string, name: string, severity = 'high'): JudgedRule['rule'] => ({
  ...{ id, name, severity, title: `${name} title`, revision: 1, why: `Why ${id} matters.`, predicate: 'When [it] fires.', guards: ['not when idle'] },
  ...{ playbook: 'R1', steps: ['Look.', 'Repair.'], links: ['https://example.com/1'] },
})

const looked = (id: string, name: string, severity?: string): JudgedRule => ({ rule: described(id, name, severity), evaluated: true, gaps: [] })

export const rules: readonly JudgedRule[] = [
  looked('DUP-101', 'pod-ip-duplicate', 'critical'),
  { ...looked('LEAK-201', 'stale-allocation-file'), gaps: [{ reason: 'no host-local state of worker-9', incomplete: false }] },
  looked('CAP-402', 'node-range-nearly-full', 'medium'),
  { rule: described('OVL-304', 'external-network-overlap'), evaluated: false, gaps: [{ reason: 'no network outside is known', incomplete: false }] },
]

export const subject: Subject = {
  ...{ name: 'demo', observedAt: '2026-11-20T03:00:00Z', complete: true, rules, findings: [] },
  sources: [
    { source: 'pods', status: 'complete', read: 16, error: null },
    { source: 'ippools', status: 'absent', read: 0, error: null },
  ],
  pools: [
    {
      ...{ system: 'host-local', name: 'cbr0', node: 'worker-1', domain: 'default', family: 4 },
      ...{ capacity: '253', reserved: '1', allocated: '231', available: '21', utilization: 0.913 },
    },
    {
      ...{ system: 'cilium', name: 'six', node: null, domain: 'default', family: 6 },
      ...{ capacity: '18446744073709551616', reserved: '0', allocated: '3', available: '18446744073709551613', utilization: 0 },
    },
  ],
  nodes: [{ name: 'worker-1', capacity: '253', allocated: '231', available: '22', utilization: 0.913, maxPods: 110, pods: 29 }],
}

/** The gap that makes a run incomplete, and the source behind it. */
export const torn: Subject = {
  ...subject,
  complete: false,
  rules: [
    ...rules,
    { rule: described('DUP-102', 'node-range-overlap'), evaluated: false, gaps: [{ reason: 'nodes were not read whole', incomplete: true }] },
  ],
  sources: [...subject.sources, { source: 'nodes', status: 'forbidden', read: 0, error: 'nodes is forbidden' }],
}

/** True for what fails at the threshold `medium`. */
const isFailing = ({ severity, confidence, waived, known }: Finding): boolean =>
  ['critical', 'high', 'medium'].includes(severity) && confidence !== 'possible' && waived === null && known !== true

export const judgementOf = (subjects: readonly Subject[], more: Partial<Judgement> = {}): Judgement => ({
  ...{ version: '1.2.3', generatedAt: '2026-11-23T12:00:00Z', failOn: 'medium', isFailing, subjects, file: undefined },
  complete: subjects.every(({ complete }) => complete),
  ...more,
})

export const judged = (base: Report, subjects: readonly Subject[], more: Partial<Judgement> = {}): Report => ({
  ...base,
  findings: subjects.flatMap(({ findings }) => findings),
  judgement: () => judgementOf(subjects, more),
})

export const cleanRun: Report = judged(clean, [subject])
export const tornRun: Report = judged(clean, [torn])
export const brokenRun: Report = judged(broken, [{ ...subject, findings: brokenFindings }])

export const [first] = brokenFindings as readonly [Finding, ...Finding[]]
/** A run with exactly these findings. */
export const runWith = (...findings: readonly Finding[]): Report => judged(broken, [{ ...subject, findings }])
export const waived: Finding = { ...first, waived: { reason: 'moves on Friday', until: '2026-12-01', approvedBy: 'ann', source: 'waivers.yaml:1:1' } }
export const known: Finding = { ...first, known: true }
