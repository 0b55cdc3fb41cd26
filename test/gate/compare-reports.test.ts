// Two reports held against each other; above all, what may be called fixed.
import { describe, expect, test } from 'vitest'
import { comparePools } from '../../src/gate/compare-pools.ts'
import { type Change, compareReports } from '../../src/gate/compare-reports.ts'
import type { SavedPool, SavedReport } from '../../src/gate/saved-report.ts'
import type { Confidence, Finding, Severity } from '../../src/model/finding.ts'
import { makeFinding } from '../../src/model/make-finding.ts'
import { reportOf } from './report-of.ts'

type Coverage = SavedReport['coverage'][number]

const finding = (address: string, severity: Severity = 'medium', confidence: Confidence = 'certain', node = 'n1'): Finding =>
  makeFinding({ id: 'LEAK-201', name: 'x', severity, playbook: null, steps: [] }, { message: 'm', addresses: [address], confidence, nodes: [node] })
const waived = (one: Finding): Finding => ({ ...one, waived: { reason: 'r', until: null } })
const list = (source: string, status = 'complete', read = 5): Coverage => ({ source, status, read })
const lists = [list('pods'), list('nodes'), list('nodes/n1/var/lib/cni/networks/a'), list('events', 'complete', 3)]

/** A report that has looked everywhere. */
const report = (findings: readonly Finding[], more: Partial<SavedReport> = {}, clusters?: readonly string[]): SavedReport => ({
  ...reportOf(findings, clusters),
  evaluated: [{ rule: 'LEAK-201' }],
  coverage: lists,
  nodes: [{ name: 'n1' }, { name: 'n2' }],
  ...more,
})
const changesOf = (older: SavedReport, newer: SavedReport) => compareReports(older, newer, 'medium').findings.map(({ change }) => change)
const failing = (older: SavedReport, newer: SavedReport, failOn: Severity | 'never' = 'medium') => compareReports(older, newer, failOn).failing

const a = finding('10.0.0.1')

test.each<[string, readonly Finding[], readonly Finding[], readonly Change[], number]>([
  ['nothing in both', [], [], [], 0],
  ['one more', [], [a], ['new'], 1],
  ['one less', [a], [], ['fixed'], 0],
  ['the same, said in other words', [a], [{ ...a, message: 'other' }], ['unchanged'], 0],
  ['it has become worse', [finding('10.0.0.1', 'low')], [a], ['worse'], 1],
  ['it has become worse, below the threshold', [finding('10.0.0.1', 'info')], [finding('10.0.0.1', 'low')], ['worse'], 0],
  ['it has become likely', [finding('10.0.0.1', 'medium', 'possible')], [finding('10.0.0.1', 'medium', 'likely')], ['worse'], 1],
  ['it has become better', [a], [finding('10.0.0.1', 'low')], ['better'], 0],
  ['it has become less certain', [a], [finding('10.0.0.1', 'medium', 'possible')], ['unchanged'], 0],
  ['it has been waived', [a], [waived(a)], ['waived'], 0],
  ['its waiver is gone', [waived(a)], [a], ['reopened'], 1],
  ['waived in both', [waived(a)], [waived(a)], ['unchanged'], 0],
  ['new, and waived', [], [waived(a)], ['new'], 0],
  ['new, and merely possible', [], [finding('10.0.0.1', 'high', 'possible')], ['new'], 0],
  ['new, and low', [], [finding('10.0.0.1', 'low')], ['new'], 0],
  ['two under one fingerprint, where there was one', [a], [a, a], ['new', 'unchanged'], 1],
])('%s', (_, before, after, changes, fail) => {
  expect(changesOf(report(before), report(after))).toEqual(changes)
  expect(failing(report(before), report(after))).toBe(fail)
  expect(failing(report(before), report(after), 'never')).toBe(0)
})

describe('a finding that is not there any more', () => {
  const without = (source: string) => lists.filter((one) => one.source !== source)
  const gap = (reason: string) => [{ rule: 'LEAK-201', reason }]
  test.each<[string, Partial<SavedReport>, Partial<SavedReport>, string | undefined]>([
    ['is fixed where all was looked at', {}, {}, undefined],
    ['the rule was left out', {}, { evaluated: [{ rule: 'DUP-101' }] }, 'it left the rule out'],
    ['the rule had no input', {}, { evaluated: [], notEvaluated: gap('no files') }, 'it did not evaluate the rule: no files'],
    ['the rule could not see a part', {}, { notEvaluated: gap('no files of n9') }, 'it evaluated the rule in part: no files of n9'],
    ['another rule could not see a part', {}, { notEvaluated: [{ rule: 'DUP-101', reason: 'x' }] }, undefined],
    ['a part that was not seen then either', { notEvaluated: gap('no files of n9') }, { notEvaluated: gap('no files of n9') }, undefined],
    [
      'a number of nodes that may be others now',
      { notEvaluated: gap('no files of n2, n3 and 4 more') },
      { notEvaluated: gap('no files of n2, n3 and 4 more') },
      'it evaluated the rule in part: no files of n2, n3 and 4 more',
    ],
    ['it does not say what was evaluated', {}, { evaluated: undefined }, 'it does not say which rules were evaluated'],
    ['a list in part', {}, { coverage: [...without('pods'), list('pods', 'partial', 4)] }, 'it could not read all of pods (partial)'],
    [
      'a list in part, as it was then',
      { coverage: [...without('pods'), list('pods', 'partial', 4)] },
      { coverage: [...without('pods'), list('pods', 'partial', 4)] },
      'it could not read all of pods (partial)',
    ],
    ['a list that is forbidden now', {}, { coverage: [...lists, list('services', 'forbidden', 0)] }, 'it could not read all of services (forbidden)'],
    [
      'a list that was forbidden then too',
      { coverage: [...lists, list('services', 'forbidden', 0)] },
      { coverage: [...lists, list('services', 'forbidden', 0)] },
      undefined,
    ],
    ['a list that is absent', {}, { coverage: [...without('pods'), list('pods', 'absent', 0)] }, 'it has no pods'],
    ['a list that is not spoken of', {}, { coverage: without('pods') }, 'it has no pods'],
    ['a list that came empty', {}, { coverage: [...without('pods'), list('pods', 'complete', 0)] }, undefined],
    ['events that are gone', {}, { coverage: without('events') }, undefined],
    ['the files of its node', {}, { coverage: without('nodes/n1/var/lib/cni/networks/a') }, 'it has no files of n1'],
    ['the files of a node that is gone', {}, { coverage: without('nodes/n1/var/lib/cni/networks/a'), nodes: [{ name: 'n2' }] }, undefined],
    [
      'the files of a node that is not listed, where nodes were not read',
      { coverage: without('nodes') },
      { coverage: [list('pods')], nodes: [] },
      'it has no files of n1',
    ],
    [
      'one directory of its node, while another was read',
      {},
      { coverage: [...without('nodes/n1/var/lib/cni/networks/a'), list('nodes/n1/var/lib/cni/networks/b')] },
      undefined,
    ],
    ['the files of another node', { coverage: [...lists, list('nodes/n2/var/lib/cni/networks/a')] }, {}, undefined],
    ['a longer grace', {}, { metadata: { ...report([]).metadata, graceSeconds: 3600 } }, 'it gave records a grace of 3600 s, the other of 900 s'],
    ['a shorter grace', {}, { metadata: { ...report([]).metadata, graceSeconds: 60 } }, undefined],
  ])('%s', (_, before, after, reason) => {
    const [change] = compareReports(report([a], before), report([], after), 'medium').findings
    expect(change?.change).toBe(reason === undefined ? 'fixed' : 'not-looked-at')
    if (reason === undefined) expect(change?.reason).toBeUndefined()
    else expect(change?.reason).toContain(reason)
  })

  test('whose evidence is in files of a node that it does not name', () => {
    const one: Finding = { ...a, nodes: [], evidence: [{ source: 'nodes/n1/etc/cni', fact: 'f' }] }
    expect(changesOf(report([one]), report([], { coverage: without('nodes/n1/var/lib/cni/networks/a') }))).toEqual(['not-looked-at'])
  })
})

test('what the old report could not see is new, fails, and says that it may be old', () => {
  const { findings, failing: count } = compareReports(report([], { evaluated: [] }), report([a]), 'medium')
  expect(findings).toMatchObject([{ change: 'new', reason: 'it left the rule out' }])
  expect(count).toBe(1)
})

describe('several clusters', () => {
  const of = (cluster: string): Finding => ({ ...a, cluster })
  const fleet = (findings: readonly Finding[], ...names: readonly string[]) =>
    report(
      findings,
      {
        evaluated: names.map((cluster) => ({ cluster, rule: 'LEAK-201' })),
        coverage: names.flatMap((cluster) => lists.map((one) => ({ ...one, cluster }))),
        nodes: names.flatMap((cluster) => [{ cluster, name: 'n1' }]),
      },
      names,
    )
  test.each<[string, SavedReport, SavedReport, readonly Change[]]>([
    ['one fingerprint in two clusters is two findings', fleet([of('east')], 'east', 'west'), fleet([of('west')], 'east', 'west'), ['new', 'fixed']],
    ['a cluster that is left out', fleet([of('east'), of('west')], 'east', 'west'), fleet([of('east')], 'east'), ['not-looked-at', 'unchanged']],
    ['one cluster and then two', report([a]), fleet([of('east'), of('west')], 'east', 'west'), ['new', 'unchanged']],
    ['two clusters and then one', fleet([of('east'), of('west')], 'east', 'west'), report([a]), ['not-looked-at', 'unchanged']],
  ])('%s', (_, older, newer, changes) => {
    expect([...changesOf(older, newer)].sort()).toEqual([...changes].sort())
  })
})

describe('pools', () => {
  const pool = (allocated: number, more: Partial<SavedPool> = {}): SavedPool => ({
    ...{ system: 'calico', name: 'blue', domain: 'default', family: 4, ranges: ['10.0.0.0/24'], capacity: '256' },
    ...{ allocated: String(allocated), utilization: Math.floor((allocated * 10_000) / 256) / 10_000 },
    ...more,
  })
  const compare = (before: readonly SavedPool[], after: readonly SavedPool[]) =>
    comparePools(report([], { pools: [...before] }), report([], { pools: [...after] }), false).map(({ before: was, after: is }) => [
      was?.allocated,
      is?.allocated,
    ])
  test.each<[string, readonly SavedPool[], readonly SavedPool[], unknown]>([
    ['four points are nothing', [pool(100)], [pool(110)], []],
    ['five points are told', [pool(100)], [pool(113)], [['100', '113']]],
    ['five points less, too', [pool(113)], [pool(100)], [['113', '100']]],
    ['another range', [pool(100)], [pool(100, { ranges: ['10.0.1.0/24'] })], [['100', '100']]],
    ['another size', [pool(0)], [pool(0, { capacity: '253' })], [['0', '0']]],
    ['one more', [], [pool(1)], [[undefined, '1']]],
    ['one less', [pool(1)], [], [['1', undefined]]],
    [
      'the same name of another node',
      [pool(1, { node: 'n1' })],
      [pool(1, { node: 'n2' })],
      [
        [undefined, '1'],
        ['1', undefined],
      ],
    ],
    ['the same name twice', [pool(1), pool(200)], [pool(1), pool(200)], []],
  ])('%s', (_, before, after, expected) => {
    expect(compare(before, after)).toEqual(expected)
  })
})
