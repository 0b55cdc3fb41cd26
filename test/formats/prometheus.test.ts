// Metrics as node_exporter's textfile collector reads them.
import { describe, expect, test } from 'vitest'
import { prometheus } from '../../src/formats/prometheus.ts'
import type { Report } from '../../src/report/report.ts'
import { brokenRun, cleanRun, first, judged, known, runWith, subject, torn, tornRun, waived } from './judged-reports.ts'
import { readPrometheus, type Sample } from './prometheus-reader.ts'
import { clean } from './sample-reports.ts'

const options = { color: false, width: 80, unicode: true }
const samplesOf = async (report: Report): Promise<Sample[]> => readPrometheus([...(await prometheus.render(report, options))].join(''))

async function values(report: Report, name: string): Promise<readonly (readonly [string, number])[]> {
  const samples = await samplesOf(report)
  return samples.filter((sample) => sample.name === name).map(({ labels, value }) => [Object.values(labels).join(' '), value])
}

test('a complete run succeeded at the time at which it ended', async () => {
  const ended = Date.parse('2026-11-23T12:00:00Z') / 1000
  expect(await values(cleanRun, 'ipam_audit_complete')).toEqual([['demo', 1]])
  expect(await values(cleanRun, 'ipam_audit_last_success_timestamp_seconds')).toEqual([['demo', ended]])
  expect(await values(cleanRun, 'ipam_audit_last_run_timestamp_seconds')).toEqual([['demo', ended]])
  expect(await values(cleanRun, 'ipam_audit_observed_timestamp_seconds')).toEqual([['demo', Date.parse('2026-11-20T03:00:00Z') / 1000]])
})

test('an incomplete run ended and did not succeed', async () => {
  expect(await values(tornRun, 'ipam_audit_complete')).toEqual([['demo', 0]])
  expect(await values(tornRun, 'ipam_audit_last_success_timestamp_seconds')).toEqual([])
  expect(await values(tornRun, 'ipam_audit_last_run_timestamp_seconds')).toHaveLength(1)
  expect(await values(tornRun, 'ipam_audit_sources')).toContainEqual(['demo forbidden', 1])
  expect(await values(tornRun, 'ipam_audit_rule_evaluated')).toContainEqual(['demo DUP-102', 0])
})

test('a rule that looked and found nothing is zero, one that did not look is not there', async () => {
  expect(await values(cleanRun, 'ipam_audit_findings')).toEqual([
    ['demo DUP-101 critical', 0],
    ['demo LEAK-201 high', 0],
    ['demo CAP-402 medium', 0],
  ])
  expect(await values(cleanRun, 'ipam_audit_rule_gaps')).toEqual([
    ['demo DUP-101', 0],
    ['demo LEAK-201', 1],
    ['demo CAP-402', 0],
    ['demo OVL-304', 1],
  ])
})

test('findings are counted by rule and severity, accepted ones apart', async () => {
  expect(await values(brokenRun, 'ipam_audit_findings')).toEqual([
    ['demo DUP-101 critical', 1],
    ['demo LEAK-201 high', 16],
    ['demo CAP-402 medium', 1],
  ])
  expect(await values(brokenRun, 'ipam_audit_failing_findings')).toEqual([['demo', 18]])
  expect(await values(runWith(waived, known, { ...first, severity: 'low' }), 'ipam_audit_findings')).toContainEqual(['demo DUP-101 low', 1])
  expect(await values(runWith(waived, known), 'ipam_audit_findings')).toContainEqual(['demo DUP-101 critical', 0])
  expect(await values(runWith(waived, known), 'ipam_audit_accepted_findings')).toEqual([['demo', 2]])
})

describe('pools and nodes', () => {
  test('are as full as they are, large ones too', async () => {
    expect(await values(cleanRun, 'ipam_pool_capacity_addresses')).toEqual([
      ['demo host-local cbr0 worker-1 default ipv4', 253],
      ['demo cilium six  default ipv6', 2 ** 64],
    ])
    expect(await values(cleanRun, 'ipam_pool_reserved_addresses')).toContainEqual(['demo host-local cbr0 worker-1 default ipv4', 1])
    expect((await values(cleanRun, 'ipam_pool_utilization_ratio'))[0]?.[1]).toBe(0.913)
    expect(await values(cleanRun, 'ipam_node_pods')).toEqual([['demo worker-1', 29]])
    expect(await values(cleanRun, 'ipam_node_max_pods')).toEqual([['demo worker-1', 110]])
  })
  test('of one name are added up: a series that is there twice makes the file unreadable', async () => {
    const [pool] = subject.pools
    const twice = judged(clean, [{ ...subject, pools: pool === undefined ? [] : [pool, { ...pool, allocated: '22' }] }])
    expect(await values(twice, 'ipam_pool_allocated_addresses')).toEqual([['demo host-local cbr0 worker-1 default ipv4', 253]])
    expect(await values(twice, 'ipam_pool_utilization_ratio')).toEqual([['demo host-local cbr0 worker-1 default ipv4', 0.5]])
  })
  test('without any there is no metric of them, rather than a zero', async () => {
    const names = (await samplesOf(judged(clean, [{ ...subject, pools: [], nodes: [] }]))).map(({ name }) => name)
    expect(names.filter((name) => /^ipam_(pool|node)_/.test(name))).toEqual([])
  })
})

test('a fleet is one file; a cluster that could not be read is incomplete in it', async () => {
  const lost = { ...torn, name: 'west', observedAt: undefined, rules: [], pools: [], nodes: [] }
  expect(await values(judged(clean, [subject, lost]), 'ipam_audit_complete')).toEqual([
    ['demo', 1],
    ['west', 0],
  ])
})

test('names are those of Prometheus’ conventions, and no label names a pod or an address', async () => {
  for (const { name, labels } of await samplesOf(brokenRun)) {
    expect(name).toMatch(/^ipam_[a-z0-9_]+$/)
    expect(name).not.toMatch(/_(total|count|sum|bucket)$/)
    for (const label of Object.keys(labels)) {
      expect(['cluster', 'version', 'status', 'rule', 'severity', 'system', 'pool', 'node', 'domain', 'family']).toContain(label)
    }
  }
})
