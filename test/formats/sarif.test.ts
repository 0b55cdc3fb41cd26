// SARIF as code scanning takes it: facts of the specification and of GitHub's limits.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Log, Result, Run } from 'sarif'
import { describe, expect, test } from 'vitest'
import { sarif } from '../../src/formats/sarif.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Report } from '../../src/report/report.ts'
import { brokenRun, cleanRun, first, judged, known, runWith, subject, tornRun, waived } from './judged-reports.ts'
import { broken, clean } from './sample-reports.ts'

const options = { color: false, width: 80, unicode: true }
const render = (report: Report): string => [...sarif.render(report, options)].join('')
const logOf = (report: Report): Log => JSON.parse(render(report))
const runOf = (report: Report): Run => {
  const { runs } = logOf(report)
  expect(runs).toHaveLength(1)
  return runs[0] as Run
}
const resultsOf = (report: Report): Result[] => runOf(report).results ?? []
const resultOf = (report: Report): Result => {
  const results = resultsOf(report)
  expect(results).toHaveLength(1)
  return results[0] as Result
}

test('is a log of the version that it says it is, one result a line', () => {
  const log = logOf(brokenRun)
  expect(log.version).toBe('2.1.0')
  expect(Object.keys(log)).toEqual(['$schema', 'version', 'runs'])
  expect(render(brokenRun).match(/^\{"ruleId"/gm)).toHaveLength(19)
})

test('a clean run has no results, every rule, and says that it went well', () => {
  const { tool, invocations, results } = runOf(cleanRun)
  expect(results).toEqual([])
  expect(tool.driver.rules?.map(({ id }) => id)).toEqual(['CAP-402', 'DUP-101', 'LEAK-201', 'OVL-304'])
  expect(invocations?.[0]?.executionSuccessful).toBe(true)
  expect(invocations?.[0]?.toolExecutionNotifications?.map(({ level }) => level)).toEqual(['note', 'note'])
})

test('an incomplete run did not succeed, and says why', () => {
  const [invocation] = runOf(tornRun).invocations ?? []
  expect(invocation?.executionSuccessful).toBe(false)
  const notes = invocation?.toolExecutionNotifications ?? []
  expect(notes.filter(({ level }) => level === 'error').map(({ message }) => message.text)).toEqual([
    'INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing',
    'demo: nodes is forbidden: nodes is forbidden',
    'demo: DUP-102 not evaluated: nodes were not read whole',
  ])
  expect(notes.find(({ associatedRule }) => associatedRule?.id === 'LEAK-201')?.message.text).toContain('in part not evaluated')
})

test('rules have a reason and a repair, and results point at them', () => {
  const { tool, results = [] } = runOf(brokenRun)
  const rules = tool.driver.rules ?? []
  for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId)
  const rule = rules.find(({ id }) => id === 'DUP-101')
  expect(rule?.help?.text).toContain('Why DUP-101 matters.')
  expect(rule?.help?.markdown).toContain('When \\[it\\] fires.')
  expect(rule?.help?.markdown).toContain('1. Repair.')
  expect(rule?.properties).not.toHaveProperty('security-severity')
})

test.each([
  ['critical', 'certain', 'error'],
  ['high', 'likely', 'error'],
  ['medium', 'certain', 'warning'],
  ['low', 'certain', 'note'],
  ['info', 'certain', 'note'],
  ['critical', 'possible', 'note'],
] as const)('%s and %s is %s', (severity, confidence, level) => {
  expect(resultOf(runWith({ ...first, severity, confidence })).level).toBe(level)
})

describe('places', () => {
  const uriOf = (report: Report) => resultOf(report).locations?.[0]?.physicalLocation?.artifactLocation?.uri
  const from = (source: string, more: Partial<Finding> = {}) => runWith({ ...first, evidence: [{ source, fact: 'x' }], ...more })

  test.each([
    ['cluster/pods.json', 'cluster/pods.json'],
    ['/var/lib/cni/networks/pods/10.0.0.1', 'var/lib/cni/networks/pods/10.0.0.1'],
    ['../../etc/passwd', 'etc/passwd'],
    ['nodes/a b/c', 'nodes/worker-1'],
    ['pods, nodes', 'nodes/worker-1'],
    ['javascript:/alert(1)', 'javascript%3A/alert(1)'],
    ['cluster/\u202e?#%.json', 'cluster/u%7B202e%7D%3F%23%25.json'],
  ])('%s is shown at %s', (source, uri) => {
    expect(uriOf(from(source))).toBe(uri)
  })
  test('without file and node the rule stands for them', () => {
    expect(uriOf(from('pods', { nodes: [] }))).toBe('cluster/DUP-101')
  })
  test('a plan is shown in its own file', () => {
    expect(uriOf(judged({ ...broken, kind: 'AddressPlan' }, [{ ...subject, findings: [first] }], { file: './plans/prod.yaml' }))).toBe(
      'plans/prod.yaml',
    )
  })
})

test('owners and nodes are logical locations', () => {
  expect(resultOf(runWith(first)).locations?.[0]?.logicalLocations?.map(({ fullyQualifiedName }) => fullyQualifiedName)).toEqual([
    ...['demo', 'nodes/worker-1', 'nodes/worker-2', 'shop/web-7d4b9c6f5-x2x8p', 'shop/api-0'],
  ])
})

test('a fingerprint does not hang on words, and in a fleet it says the cluster', () => {
  const prints = (report: Report) => resultsOf(report).map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash'])
  expect(prints(runWith(first))).toEqual([first.fingerprint])
  expect(prints(runWith({ ...first, message: 'other words', evidence: [] }))).toEqual([first.fingerprint])
  const fleet = judged(broken, [
    { ...subject, name: 'east', findings: [first] },
    { ...subject, name: 'west', findings: [first] },
  ])
  expect(prints(fleet)).toEqual([`east/${first.fingerprint}`, `west/${first.fingerprint}`])
  expect(resultsOf(fleet).map((result) => result.locations?.[0]?.physicalLocation?.artifactLocation?.uri)).toEqual([
    ...['east/cluster/pods.json', 'west/cluster/pods.json'],
  ])
})

describe('accepted findings', () => {
  test('a waived one is suppressed with its reason, and then every result says whether it is', () => {
    const results = resultsOf(runWith(first, { ...waived, fingerprint: 'f'.repeat(32) }))
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      [],
      [{ kind: 'external', status: 'accepted', justification: 'moves on Friday; approved by ann; until 2026-12-01' }],
    ])
    expect(resultOf(runWith(first))).not.toHaveProperty('suppressions')
  })
  test('with a baseline every result is new, unchanged or updated', () => {
    const worse: Finding = { ...first, known: false, before: { severity: 'low', confidence: 'likely' } }
    expect(resultsOf(runWith({ ...first, known: false }, worse, known)).map(({ baselineState }) => baselineState)).toEqual([
      'new',
      'updated',
      'unchanged',
    ])
    expect(resultOf(runWith(first))).not.toHaveProperty('baselineState')
  })
})

test('braces and brackets of foreign text are no placeholders and no links', () => {
  const { text } = resultOf(
    runWith({ ...first, message: 'see [this](https://evil.example) {0}', evidence: [], fix: { playbook: null, steps: [] } }),
  ).message
  expect(text).toBe('see \\[this\\](https://evil.example) {{0}}')
})

test('steps that are not the rule’s own stand in the message', () => {
  expect(resultOf(runWith({ ...first, fix: { playbook: 'R1', steps: ['Look.', 'Repair.'] } })).message.text).not.toContain('Repair')
  expect(resultOf(runWith({ ...first, fix: { playbook: null, steps: ['Renumber it.'] } })).message.text).toContain('\n1. Renumber it.')
})

test('of 30,000 findings the 25,000 worst stay, the rest is told of, and the file fits GitHub’s 10 MB', () => {
  let count = 0
  const noise = () => createHash('sha256').update(String(count++)).digest('hex')
  const findings = Array.from({ length: 30_000 }, (_, index): Finding => {
    const id = noise()
    return {
      ...first,
      severity: index % 3 === 0 ? 'low' : 'high',
      message: `10.${index % 200}.0.${index % 250} on node-${index} is held by sandbox ${id}, which is gone since the node booted`,
      addresses: [`10.${index % 200}.0.${index % 250}`],
      nodes: [`node-${index}`],
      owners: [id],
      evidence: Array.from({ length: 5 }, () => ({ source: `nodes/node-${index}/var/lib/cni/networks/pods/10.0.0.1`, fact: `owner ${noise()}` })),
      fingerprint: noise().slice(0, 32),
    }
  })
  const text = render(judged(clean, [{ ...subject, findings }]))
  const { results = [], invocations } = (JSON.parse(text) as Log).runs[0] as Run
  expect(results).toHaveLength(25_000)
  expect(results.filter(({ level }) => level === 'error')).toHaveLength(20_000)
  expect(invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text)).toContain(
    '5000 findings beyond the 25,000 worst are left out here; -o json has all',
  )
  expect(gzipSync(text).length).toBeLessThan(10_000_000)
}, 60_000)

test('a finding of a rule that was not asked for still has a rule to point at', () => {
  const { tool, results = [] } = runOf(runWith({ ...first, rule: 'NEW-999', name: 'brand-new' }))
  expect(tool.driver.rules?.[results[0]?.ruleIndex ?? -1]?.id).toBe('NEW-999')
})
