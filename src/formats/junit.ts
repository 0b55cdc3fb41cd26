// JUnit XML for Jenkins, GitLab and whatever else shows test results: every rule is a test, so that a clean run shows what has passed.
import type { Judgement, Subject } from '../report/judgement.ts'
import { defineFormat } from './define-format.ts'
import { type Builder, createReport, type TestCase } from './junit/junit-builder.ts'
import { type Case, ruleCases } from './junit/rule-cases.ts'
import { judgedKinds, judgementOf } from './machine/judged-findings.ts'
import { incompleteText, unreadSources } from './machine/shortfalls.ts'
import { safe } from './safe.ts'

const families: Readonly<Record<string, string>> = {
  DUP: 'duplicates',
  LEAK: 'leaks',
  OVL: 'overlaps',
  CAP: 'exhaustion',
  DRF: 'drift',
  CFG: 'configuration',
  SRC: 'inputs',
  PLN: 'plan',
}

/** Readers take dots for the borders of packages. */
const partOf = (text: string): string => safe(text).replaceAll('.', '_')

function fill(test: TestCase, { failure, error, skipped, output }: Case, type: string): void {
  if (failure !== undefined) test.failure(failure.message, type).stacktrace(failure.text)
  if (error !== undefined) test.error(error.split('\n')[0], 'incomplete', error)
  if (skipped !== undefined) test.skipped().standardOutput(output === undefined ? skipped : `${skipped}\n${output}`)
  else if (output !== undefined) test.standardOutput(output)
}

function addSuite(report: Builder, subject: Subject, family: string, cases: readonly Case[]): void {
  const suite = report.testSuite().name(`${safe(subject.name)}: ${family}`)
  if (subject.observedAt !== undefined) suite.timestamp(subject.observedAt.replace(/Z$/, ''))
  for (const each of cases)
    fill(
      suite
        .testCase()
        .className(`ipam.${partOf(subject.name)}.${family}`)
        .name(each.name),
      each,
      family,
    )
}

/** What was read: the first thing to look at when something is missing. */
function inputCases(judgement: Judgement, subject: Subject): Case[] {
  const unread = unreadSources(judgement).filter((each) => each.subject === subject)
  return [
    { name: 'everything was read and evaluated', ...(subject.complete ? {} : { error: incompleteText }) },
    ...unread.map(({ source, text }): Case => ({ name: `source ${safe(source, { max: 300 })}`, error: safe(text) })),
  ]
}

function addSubject(report: Builder, judgement: Judgement, subject: Subject): void {
  addSuite(report, subject, 'completeness', inputCases(judgement, subject))
  const byFamily = new Map<string, Case[]>()
  for (const judged of subject.rules) {
    const family = families[judged.rule.id.replace(/-.*/, '')] ?? 'others'
    const found = subject.findings.filter(({ rule }) => rule === judged.rule.id)
    byFamily.set(family, [...(byFamily.get(family) ?? []), ...ruleCases(judged, found, judgement.isFailing)])
  }
  for (const [family, cases] of byFamily) addSuite(report, subject, family, cases)
}

export const junit = defineFormat({
  id: 'junit',
  title: 'JUnit XML: every rule a test',
  kinds: judgedKinds,
  *render(report) {
    const judgement = judgementOf(report)
    const built = createReport()
    for (const subject of judgement.subjects) addSubject(built, judgement, subject)
    // Jenkins' schema knows no such attribute of the whole: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
    yield `${built.build().replace(/(<testsuites [^>]*?) skipped="\d+"/, '$1')}\n`
  },
})
