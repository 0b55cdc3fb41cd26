// What an earlier report makes known, what has become worse, and that clusters are told apart.
import { describe, expect, test } from 'vitest'
import { applyBaseline } from '../../src/gate/apply-baseline.ts'
import type { Confidence, Finding, Severity } from '../../src/model/finding.ts'
import { makeFinding } from '../../src/model/make-finding.ts'
import { reportOf } from './report-of.ts'

const finding = (address: string, severity: Severity = 'medium', confidence: Confidence = 'certain'): Finding =>
  makeFinding({ id: 'LEAK-201', name: 'x', severity, playbook: null, steps: [] }, { message: 'm', addresses: [address], confidence })

const at = { cluster: 'east', isFleet: false }
const known = (findings: readonly Finding[]) => findings.map((one) => one.known)

test('what it holds is known, whatever the message says now, and the rest is new', () => {
  const now = [{ ...finding('10.0.0.1'), message: 'other words' }, finding('10.0.0.2')]
  expect(known(applyBaseline(now, reportOf([finding('10.0.0.1')]), at))).toEqual([true, false])
})

test.each<[Severity, Confidence, Severity, Confidence, boolean]>([
  ['medium', 'certain', 'medium', 'certain', true],
  ['medium', 'certain', 'low', 'certain', true],
  ['low', 'certain', 'medium', 'certain', false],
  ['high', 'likely', 'critical', 'likely', false],
  ['medium', 'likely', 'medium', 'certain', true],
  ['medium', 'possible', 'medium', 'likely', false],
  ['medium', 'possible', 'medium', 'possible', true],
])('%s, %s and now %s, %s: known is %j', (severity, confidence, nowSeverity, nowConfidence, expected) => {
  const [now] = applyBaseline([finding('10.0.0.1', nowSeverity, nowConfidence)], reportOf([finding('10.0.0.1', severity, confidence)]), at)
  expect(now?.known).toBe(expected)
  expect(now?.before).toEqual(expected ? undefined : { severity, confidence })
})

test('what it had waived is not known by it: the end of the waiver must be seen', () => {
  const waived = { ...finding('10.0.0.1'), waived: { reason: 'r', until: '2026-11-02' } }
  expect(applyBaseline([finding('10.0.0.1')], reportOf([waived]), at)).toMatchObject([{ known: false }])
})

test('a second finding under one fingerprint is not known by the first', () => {
  expect(known(applyBaseline([finding('10.0.0.1'), finding('10.0.0.1')], reportOf([finding('10.0.0.1')]), at))).toEqual([true, false])
})

describe('clusters', () => {
  const one = finding('10.0.0.1')
  const inFleet = (cluster: string) => ({ cluster, isFleet: true })
  const ofEast = reportOf([{ ...one, cluster: 'east' }], ['east', 'west'])

  test('of several clusters, each knows its own', () => {
    expect(known(applyBaseline([one], ofEast, inFleet('east')))).toEqual([true])
    expect(known(applyBaseline([one], ofEast, inFleet('west')))).toEqual([false])
  })
  test('the baseline of one cluster is that of one of several', () => {
    expect(known(applyBaseline([one], reportOf([one]), inFleet('east')))).toEqual([true])
    expect(known(applyBaseline([one], reportOf([one]), inFleet('west')))).toEqual([false])
  })
  test('one of several clusters is looked up by its name', () => {
    expect(known(applyBaseline([one], ofEast, { cluster: 'west', isFleet: false }))).toEqual([false])
    expect(known(applyBaseline([one], ofEast, at))).toEqual([true])
  })
  test('of one cluster each, the name does not matter: a bundle may be called anything', () => {
    expect(known(applyBaseline([one], reportOf([one]), { cluster: 'bundle-2', isFleet: false }))).toEqual([true])
  })
})
