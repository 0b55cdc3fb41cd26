// The built program: libraries load, exit codes do not hang on the format, and a format that does not fit is refused.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FormatId, formats } from '../../src/formats/index.ts'
import { runCli } from '../run-cli.ts'
import { readPrometheus } from './prometheus-reader.ts'
import { readXml } from './xml-reader.ts'

const demo = new URL('../../fixtures/demo', import.meta.url).pathname
const all = Object.keys(formats) as FormatId[]
const forFindings: readonly FormatId[] = ['sarif', 'junit', 'github', 'gitlab', 'prometheus']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipam-formats-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('every format in one run, into files: reports for their owner, metrics for the collector', async () => {
  const args = all.flatMap((id) => ['-o', `${id}=${join(folder, id)}`])
  const { code, stdout } = await runCli(['audit', '--from', demo, ...args])
  expect([code, stdout]).toEqual([1, ''])
  const text = (id: FormatId) => readFile(join(folder, id), 'utf8')
  expect(JSON.parse(await text('sarif')).runs[0].results).toHaveLength(11)
  expect(JSON.parse(await text('gitlab'))).toHaveLength(11)
  expect(readXml((await text('junit')).trimEnd()).attributes['failures']).toBe('5')
  expect(await text('github')).toMatch(/^::error title=ipam DUP-101 pod-ip-duplicate::critical: 2 alike/)
  expect(readPrometheus(await text('prometheus'))).toContainEqual({ name: 'ipam_audit_failing_findings', labels: { cluster: 'demo' }, value: 11 })
  expect(await text('html')).toContain('11 findings at or above medium')
  for (const id of all) expect((await stat(join(folder, id))).mode & 0o777, id).toBe(id === 'prometheus' ? 0o644 : 0o600)
})

describe.each<[string, readonly string[], number]>([
  ['clean', ['--from', demo, '--rule', 'CFG-602'], 0],
  ['failing', ['--from', demo, '--rule', 'DUP-102'], 1],
  ['incomplete', ['--from', demo, '--rule', 'LEAK-204'], 3],
])('a run that is %s', (_, args, expected) => {
  test.each(forFindings)('exits the same with -o %s', async (id) => {
    expect((await runCli(['audit', ...args, '-o', id])).code).toBe(expected)
  })
})

test.each([
  ['rules', 'sarif', 'table, wide, json, yaml, name, csv, markdown, html, svg'],
  ['plan', 'prometheus', 'table, wide, json, yaml, name, csv, markdown, html, svg, sarif, junit, github, gitlab'],
])('%s refuses -o %s and names those that fit', async (command, id, others) => {
  const { code, stdout, stderr } = await runCli([command, '-o', id])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(`-o ${id} cannot show what \`ipam ${command}\` reports; use one of ${others}\n`)
})

test('a plan is handed over too, with the checks that had nothing to look at skipped', async () => {
  const { code, stdout } = await runCli(['plan', '--cluster-cidr', '10.244.0.0/16', '--node-prefix', '24', '--nodes', '300', '-o', 'junit'])
  expect(code).toBe(1)
  const cases = readXml(stdout.trimEnd()).children.flatMap(({ children }) => children)
  const verdicts = new Map(cases.map(({ attributes, children }) => [attributes['name'], children[0]?.name]))
  expect(verdicts.get('PLN-003 surge')).toBe('failure')
  expect(verdicts.get('PLN-009 service-range-size')).toBe('skipped')
  expect(verdicts.get('PLN-005 dual-stack-masks')).toBeUndefined()
})
