// One bundle of the corpus through the audit: what was expected, what was missed, what was a false alarm.

import { parseSpan, parseTime } from '../../src/cli/audit-flags.ts'
import { runAudit } from '../../src/cli/audit-run.ts'
import { atLeast, type Finding } from '../../src/model/finding.ts'
import { rules } from '../../src/rules/index.ts'
import { directorySource } from '../../src/sources/directory.ts'
import type { CaseFile, Expected } from './read-cases.ts'

/** What makes `ipam audit` exit with 1 by default. */
const isFailing = ({ severity, confidence }: Finding): boolean => atLeast(severity, 'medium') && confidence !== 'possible'

function options(args: CaseFile['args']): { now: number | undefined; grace: number } {
  let now: number | undefined
  let grace = parseSpan('--grace', '15m')
  for (let i = 0; i < args.length; i += 2) {
    const [flag, given] = [args[i], args[i + 1]]
    const value = given instanceof Date ? given.toISOString() : String(given)
    if (flag === '--now') now = parseTime('--now', value)
    else if (flag === '--grace') grace = parseSpan('--grace', value)
    else throw new Error(`the corpus knows --now and --grace, not ${JSON.stringify(flag)}`)
  }
  return { now, grace }
}

/** All findings of the audit of one path. */
export async function findingsIn(path: string, args: CaseFile['args']): Promise<readonly Finding[]> {
  const source = directorySource({ from: [path], hostLocal: [] })
  const request = { ...options(args), source, rules, failOn: 'medium', strict: false, generatedAt: 0, version: 'test', confirm: false } as const
  const { findings } = await runAudit({ ...request, notice: () => {} })
  return findings
}

export const answers =
  ({ rule, severity, addresses, nodes, owners }: Expected) =>
  (finding: Finding): boolean =>
    finding.rule === rule &&
    (severity === undefined || finding.severity === severity) &&
    addresses.every((address) => finding.addresses.includes(address)) &&
    nodes.every((node) => finding.nodes.includes(node)) &&
    owners.every((owner) => finding.owners.includes(owner))

/** Failing findings that nobody expected. What never fails a run may be said beside them. */
export const unexpected = (findings: readonly Finding[], expected: readonly Expected[]): readonly Finding[] =>
  findings.filter((finding) => isFailing(finding) && !expected.some((each) => answers(each)(finding)))

/** What a silent twin must not hear: a hint is no alarm. */
export const falseAlarms = (findings: readonly Finding[]): readonly Finding[] => findings.filter(isFailing)

export const missed = (findings: readonly Finding[], expected: readonly Expected[]): readonly Expected[] =>
  expected.filter((each) => !findings.some(answers(each)))
