// Waivers and a baseline over several clusters that have the same nodes and the same fault: fingerprints alike must not be taken for one another.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runFleet } from '../../src/cli/fleet-run.ts'
import { readReportFile } from '../../src/cli/report-file.ts'
import { readWaiversFile } from '../../src/cli/waivers-file.ts'
import { json } from '../../src/formats/json.ts'
import type { Gate } from '../../src/gate/gate.ts'
import { StartError } from '../../src/model/errors.ts'
import { fleetReport } from '../../src/report/fleet-report.ts'
import { rules } from '../../src/rules/index.ts'
import { directorySource } from '../../src/sources/directory.ts'
import type { Source } from '../../src/sources/source.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-fleet-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const state = join(folder, 'state.json')
const nodeOf = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24'] } })
writeFileSync(state, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [nodeOf('node-1'), nodeOf('node-2')] }))
const down: Source = { read: () => Promise.reject(new StartError('down')) } as unknown as Source
const up = () => directorySource({ from: [state], hostLocal: [], stdin: process.stdin })

async function audit(gate: Gate, ...names: readonly string[]) {
  const result = await runFleet({
    ...{
      rules,
      grace: 0,
      failOn: 'medium',
      strict: false,
      now: undefined,
      generatedAt: 0,
      version: '1',
      confirm: false,
      notice: () => {},
      link: undefined,
    },
    gate,
    sources: new Map(names.map((name) => [name, name === 'down' ? down : up()])),
  })
  const report = fleetReport(result)
  const text = [...json.render(report, { color: false, width: 80, unicode: true })].join('')
  return { failing: result.failing, report, data: JSON.parse(text), text }
}
const none: Gate = { waivers: undefined, baseline: undefined }
const waiversOf = async (text: string): Promise<Gate> => {
  writeFileSync(join(folder, 'w.yaml'), text)
  return { ...none, waivers: await readWaiversFile(join(folder, 'w.yaml'), rules) }
}

test('the baseline of one cluster says nothing of another', async () => {
  writeFileSync(join(folder, 'east.json'), (await audit(none, 'east', 'west')).text)
  const baseline = await readReportFile(join(folder, 'east.json'))
  const east = { ...baseline, findings: baseline.findings.filter(({ cluster }) => cluster === 'east') }
  expect(east.findings).toHaveLength(1)
  expect((await audit({ ...none, baseline }, 'east', 'west')).failing).toBe(0)
  const { failing, data, report } = await audit({ ...none, baseline: east }, 'east', 'west', 'north')
  expect(failing).toBe(2)
  expect(data.findings.map(({ cluster, known }: { cluster: string; known: boolean }) => [cluster, known])).toEqual([
    ['east', true],
    ['west', false],
    ['north', false],
  ])
  expect(data.summary).toMatchObject({ known: 1, failing: 2 })
  expect(report.notes.join('\n')).toContain('is of the clusters east, west and not of north: all its findings count as new')
})

test('a waiver speaks of all clusters, or of those that it names, and is told of once', async () => {
  const all = await audit(await waiversOf('waivers: [{rule: DUP-102, node: node-?, reason: r}]'), 'east', 'west')
  expect([all.failing, all.data.summary.waived, all.data.waivers]).toMatchObject([0, 2, [{ status: 'used', findings: 2 }]])
  const one = await audit(await waiversOf('waivers: [{rule: DUP-102, node: node-?, cluster: east, reason: r}]'), 'east', 'west')
  expect([one.failing, one.data.summary.waived]).toEqual([1, 1])
  const ended = await audit(await waiversOf('waivers: [{rule: DUP-102, node: node-?, until: 2020-01-01, reason: r}]'), 'east', 'west')
  expect([ended.failing, ended.data.waivers]).toMatchObject([2, [{ status: 'expired', findings: 2 }]])
  expect(ended.report.notes.filter((note) => note.startsWith('expired:') || note.includes(': expired:'))).toHaveLength(1)
})

test('one that matches nothing is not stale while a cluster could not be read', async () => {
  const gate = await waiversOf('waivers: [{rule: DUP-102, node: other, reason: r}]')
  expect((await audit(gate, 'east')).data.waivers).toMatchObject([{ status: 'stale' }])
  expect((await audit(gate, 'east', 'down')).data.waivers).toMatchObject([{ status: 'unproven' }])
})
