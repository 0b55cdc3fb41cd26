// JUnit XML as Jenkins and GitLab read it: what passed, what failed, what was not looked at.
import { describe, expect, test } from 'vitest'
import { junit } from '../../src/formats/junit.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Report } from '../../src/report/report.ts'
import { brokenRun, cleanRun, first, judged, known, runWith, subject, torn, tornRun, waived } from './judged-reports.ts'
import { clean } from './sample-reports.ts'
import { type Element, readXml } from './xml-reader.ts'

const options = { color: false, width: 80, unicode: true }
const render = (report: Report): Element => readXml([...junit.render(report, options)].join('').trimEnd())

const verdicts = ['failure', 'error', 'skipped'] as const
const verdictOf = ({ children }: Element): string => verdicts.find((name) => children.some((child) => child.name === name)) ?? 'passed'
const casesOf = (report: Report): Element[] => render(report).children.flatMap(({ children }) => children)
const outcomes = (report: Report): Record<string, string> =>
  Object.fromEntries(casesOf(report).map((each) => [each.attributes['name'] ?? '', verdictOf(each)]))

const passed = {
  'everything was read and evaluated': 'passed',
  'DUP-101 pod-ip-duplicate': 'passed',
  'LEAK-201 stale-allocation-file': 'passed',
  'LEAK-201 stale-allocation-file, in part: no host-local state of worker-9': 'skipped',
  'CAP-402 node-range-nearly-full': 'passed',
  'OVL-304 external-network-overlap': 'skipped',
}

test('a clean run shows what has passed, and what was not looked at is skipped', () => {
  expect(outcomes(cleanRun)).toEqual(passed)
  const skipped = casesOf(cleanRun).find(({ attributes }) => attributes['name']?.startsWith('OVL-304'))
  expect(skipped?.children.find(({ name }) => name === 'system-out')?.text).toBe('no network outside is known')
})

test('an incomplete run has errors: for itself, for the source, and for the rule that lacks it', () => {
  expect(outcomes(tornRun)).toEqual({
    ...passed,
    'everything was read and evaluated': 'error',
    'source nodes': 'error',
    'DUP-102 node-range-overlap': 'error',
  })
})

test('findings that fail the run are failures of their rule, whose name stays the same', () => {
  expect(outcomes(brokenRun)).toEqual({
    ...passed,
    'DUP-101 pod-ip-duplicate': 'failure',
    'LEAK-201 stale-allocation-file': 'failure',
    'CAP-402 node-range-nearly-full': 'failure',
    'CAP-402 node-range-nearly-full, accepted': 'skipped',
  })
  const leak = casesOf(brokenRun).find(({ attributes }) => attributes['name'] === 'LEAK-201 stale-allocation-file')?.children[0]
  expect(leak?.attributes['message']).toMatch(/^16 findings, such as: 10\.244\.1\.3 is held/)
  expect(leak?.text.match(/Cordon the node/g)).toHaveLength(1)
  expect(leak?.text).toContain('nodes/worker-1/crictl-pods.json: 31 sandboxes')
})

test.each<[string, Finding, string]>([
  ['waived', waived, 'skipped'],
  ['known', known, 'skipped'],
])('a %s finding is skipped, and the rule itself passes', (_, finding, verdict) => {
  expect(outcomes(runWith(finding))).toEqual({ ...passed, 'DUP-101 pod-ip-duplicate, accepted': verdict })
})

test('a finding below the threshold passes and is told of', () => {
  const report = runWith({ ...first, severity: 'low' })
  expect(outcomes(report)).toEqual(passed)
  const [, duplicate] = casesOf(report)
  expect(duplicate?.children[0]?.text).toContain('1 finding below the threshold, or merely possible\nlow: 10.244.1.7 is used')
})

test('a finding of a rule that could look at a part only does not hide the part that it could not', () => {
  const report = judged(clean, [{ ...torn, findings: [{ ...first, rule: 'DUP-102' }] }])
  expect(outcomes(report)['DUP-102 node-range-overlap']).toBe('failure')
})

describe('the counts', () => {
  test('of every suite and of the whole are those of its cases', () => {
    for (const report of [cleanRun, tornRun, brokenRun]) {
      const whole = render(report)
      const count = (cases: readonly Element[], verdict: string) => String(cases.filter((each) => verdictOf(each) === verdict).length)
      for (const suite of [...whole.children, { ...whole, children: casesOf(report) }]) {
        expect(suite.attributes['tests']).toBe(String(suite.children.length))
        expect(suite.attributes['failures']).toBe(count(suite.children, 'failure'))
        expect(suite.attributes['errors']).toBe(count(suite.children, 'error'))
      }
      expect(Object.keys(whole.attributes)).toEqual(['tests', 'failures', 'errors']) // all that junit-10.xsd knows
    }
  })
})

test('suites are families of rules, apart for every cluster', () => {
  const fleet = judged(clean, [subject, { ...subject, name: 'west.example' }])
  expect(render(fleet).children.map(({ attributes }) => attributes['name'])).toEqual([
    ...['demo: completeness', 'demo: duplicates', 'demo: leaks', 'demo: exhaustion', 'demo: overlaps'],
    ...['west.example: completeness', 'west.example: duplicates', 'west.example: leaks', 'west.example: exhaustion', 'west.example: overlaps'],
  ])
  expect(casesOf(fleet).at(-1)?.attributes['classname']).toBe('ipam.west_example.overlaps')
})
