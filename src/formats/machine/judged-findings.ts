// What every format for machines starts from: the judgement of a report, and its findings in the order in which they are cut.
import { type Finding, isOpen, severityRank } from '../../model/finding.ts'
import type { Judgement, Subject } from '../../report/judgement.ts'
import type { Report } from '../../report/report.ts'

/** Reports whose findings can be handed over. */
export const judgedKinds = ['AuditReport', 'AddressPlan'] as const

export interface JudgedFinding {
  readonly finding: Finding
  readonly subject: Subject
  readonly isFailing: boolean
}

/** @throws Error where a format is asked for something that its `kinds` does not name */
export function judgementOf(report: Report): Judgement {
  if (report.judgement === undefined) throw new Error(`a report of kind ${report.kind} has no findings to hand over`)
  return report.judgement()
}

/** 0: fails the run; 1: open; 2: accepted by a waiver or with the baseline. */
const standing = ({ finding, isFailing }: JudgedFinding): number => (isFailing ? 0 : isOpen(finding) ? 1 : 2)

/** Those that fail the run first, accepted ones last, otherwise worst first: what is cut off at the end matters least. */
export function judgedFindings({ subjects, isFailing }: Judgement): JudgedFinding[] {
  const all = subjects.flatMap((subject) => subject.findings.map((finding) => ({ finding, subject, isFailing: isFailing(finding) })))
  return all.sort((a, b) => standing(a) - standing(b) || severityRank(a.finding.severity) - severityRank(b.finding.severity))
}

/** `3 findings`, `1 finding`. */
export const numberOf = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
