// Each system's fixtures: as its schema says, silent where they are clean, and the faults found where they are not.
import { describe, expect, test } from 'vitest'
import Audit from '../../src/commands/audit.ts'
import { runCommand } from '../cli/run-command.ts'
import { schemas as antrea } from './schemas/antrea.ts'
import { schemas as clusterApi } from './schemas/cluster-api-ipam.ts'
import { schemas as kubeOvn } from './schemas/kube-ovn.ts'
import { schemas as kubeVip } from './schemas/kube-vip.ts'
import { schemas as metallb } from './schemas/metallb.ts'
import { schemas as nvIpam } from './schemas/nv-ipam.ts'
import { schemas as ovnKubernetes } from './schemas/ovn-kubernetes.ts'
import type { SystemSchemas } from './schemas/parts.ts'
import { schemas as spiderpool } from './schemas/spiderpool.ts'
import { fixturePath, refused, type Side } from './system-fixtures.ts'

interface Case {
  readonly schemas: SystemSchemas
  /** What the audit must find in the faulty one, as `rule address or subject`. */
  readonly found: readonly (readonly [rule: string, words: string])[]
}

const cases: Readonly<Record<string, Case>> = {
  antrea: {
    schemas: antrea,
    found: [
      ['CFG-602', 'IPPool inverted'],
      ['OVL-305', '192.168.7.1'],
    ],
  },
  'kube-ovn': {
    schemas: kubeOvn,
    found: [
      ['DUP-101', '10.16.0.5'],
      ['CFG-602', 'Subnet backwards'],
      ['CFG-602', 'IPPool pool-outside'],
    ],
  },
  spiderpool: {
    schemas: spiderpool,
    found: [
      ['CFG-602', '198.18.8.50-198.18.8.10 starts after'],
      ['CFG-602', '198.18.9.1 lies outside'],
    ],
  },
  'ovn-kubernetes': {
    schemas: ovnKubernetes,
    found: [
      ['DUP-101', '10.128.0.5'],
      ['DUP-102', '10.128.0.0/23'],
    ],
  },
  'nv-ipam': {
    schemas: nvIpam,
    found: [
      ['DUP-102', '198.18.16.48'],
      ['CFG-602', 'exclusions'],
      ['CFG-602', '198.18.64.0/24 lies outside'],
    ],
  },
  metallb: {
    schemas: metallb,
    found: [
      ['OVL-305', '192.168.7.2'],
      ['OVL-305', '10.244.1.192/26'],
      ['OVL-305', 'share'],
      ['CFG-602', 'backwards'],
    ],
  },
  'kube-vip': {
    schemas: kubeVip,
    found: [
      ['OVL-305', '192.168.7.1'],
      ['CFG-602', 'range-shop'],
    ],
  },
  'cluster-api-ipam': {
    schemas: clusterApi,
    found: [
      ['CFG-602', 'backwards'],
      ['CFG-602', 'pool-m'],
    ],
  },
}

interface Report {
  readonly complete: boolean
  readonly metadata: { readonly systems: readonly string[] }
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly confidence: string; readonly message: string }[]
}

async function audit(id: string, side: Side): Promise<{ code: number | null; report: Report }> {
  const { code, stdout } = await runCommand(Audit, ['--from', fixturePath(id, side), '--now', '2026-11-23T12:00:00Z', '-o', 'json'])
  return { code, report: JSON.parse(stdout) as Report }
}

const failing = ({ findings }: Report) =>
  findings.filter(({ severity, confidence }) => ['critical', 'high', 'medium'].includes(severity) && confidence !== 'possible')

describe.each(Object.entries(cases))('%s', (id, { schemas, found }) => {
  test('the clean objects are as the schema says', () => {
    const { names, checked } = refused(id, 'clean', schemas)
    expect(names).toEqual([])
    expect(checked).toBeGreaterThan(0)
  })
  test('of the faulty ones the malformed are refused, and no others', () =>
    expect([...refused(id, 'faulty', schemas).names].sort()).toEqual([...schemas.malformed].sort()))
  test('the clean cluster gives no failing finding, and was read whole', async () => {
    const { code, report } = await audit(id, 'clean')
    expect(failing(report)).toEqual([])
    expect(report.metadata.systems).toContain(id)
    expect([code, report.complete]).toEqual([0, true])
  })
  test('the faulty cluster gives its faults, and its malformed records make the run incomplete', async () => {
    const { code, report } = await audit(id, 'faulty')
    const missed = found.filter(([rule, words]) => !failing(report).some((finding) => finding.rule === rule && finding.message.includes(words)))
    expect(missed).toEqual([])
    expect([code, report.complete]).toEqual([1, false])
  })
})
