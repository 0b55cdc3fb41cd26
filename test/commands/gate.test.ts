// --baseline and `ipam diff`: what is refused and how to get out of it, exit codes, standard input, several clusters.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readReportFile } from '../../src/cli/report-file.ts'
import { UsageError } from '../../src/model/errors.ts'
import { runCli } from '../run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-gate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const nodeOf = (name: string, range: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { podCIDR: range, podCIDRs: [range] } })
const clean = [nodeOf('node-1', '10.1.0.0/24'), nodeOf('node-2', '10.1.1.0/24')]
const twice = [nodeOf('node-1', '10.1.0.0/24'), nodeOf('node-2', '10.1.0.0/24')]
const put = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return name
}
const run = (args: string, stdin?: string) => runCli(args.split(' '), { cwd: folder, ...(stdin === undefined ? {} : { stdin }) })
const reportText = (name: string) => readFileSync(join(folder, name), 'utf8')

beforeAll(async () => {
  for (const [name, items] of Object.entries({ clean, twice })) {
    put(`${name}-state.json`, { apiVersion: 'v1', kind: 'List', items })
    await run(`audit --from ${name}-state.json --fail-on never -o json=${name}.json -o yaml=${name}.yaml`)
  }
  const whole = JSON.parse(reportText('twice.json'))
  put('plan.json', { apiVersion: 'ipam/v1', kind: 'AddressPlan', spec: {}, nodes: [] })
  put('v2.json', { ...whole, apiVersion: 'ipam/v2' })
  put('error.json', { apiVersion: 'ipam/v1', kind: 'Error', error: { code: 2, message: 'x' } })
  put('state.json', { apiVersion: 'v1', kind: 'List', items: clean })
  put('cut.json', JSON.stringify(whole).slice(0, -40))
  put('text.json', 'hello')
  put('list.json', '[]')
  put('wrong.json', { ...whole, findings: [{ ...whole.findings[0], severity: 'awful' }] })
  put('odd.json', { ...whole, findings: 'none' })
  put('half.json', { ...whole, complete: false })
  put('late.json', { ...whole, later: { a: [1] }, findings: whole.findings.map((one: object) => ({ ...one, later: 1 })) })
  put('deep.json', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
}, 60_000)

describe('what is no report of an audit', () => {
  const cases: [string, string][] = [
    ['plan.json', 'plan.json: it is a "AddressPlan", no report of an audit; what a new plan changes is told by: ipam plan'],
    ['v2.json', 'v2.json: it is a "AuditReport" of apiVersion "ipam/v2", and this program reads ipam/v1'],
    ['error.json', 'error.json: it is a "Error", no report of an audit; the run that wrote it has failed; write one with: ipam audit -o json=FILE'],
    ['state.json', 'state.json: it is a "List" of apiVersion "v1"'],
    ['cut.json', 'cut.json: it is not JSON'],
    ['cut.json', 'is it cut off? write one with: ipam audit -o json=FILE'],
    ['text.json', 'text.json: it is no report of an audit; write one with'],
    ['list.json', 'list.json: it is no report of an audit; write one with'],
    ['deep.json', 'deep.json: it is no report of an audit; write one with'],
    ['wrong.json', 'wrong.json: findings[0].severity must be one of critical, high, medium, low, info, not "awful"'],
    ['odd.json', 'odd.json: findings must be a list of findings, not "none"'],
    ['none.json', 'none.json: there is no such file'],
    ['.', 'it is a directory'],
  ]
  test.each(cases)('%s: %s', async (name, message) => {
    const fault = await readReportFile(join(folder, name)).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(UsageError)
    expect((fault as UsageError).message).toContain(message)
  })

  test.each(['audit --from clean-state.json --baseline cut.json', 'diff cut.json clean.json', 'diff clean.json cut.json'])('%s', async (args) => {
    const result = await run(args)
    expect([result.code, result.stdout]).toEqual([2, ''])
    expect(result.stderr).toMatch(/^Error: cut\.json: it is not JSON: .*; is it cut off\? write one with: ipam audit -o json=FILE\n$/)
  })

  test('a baseline of an incomplete run is refused, with two ways out', async () => {
    const refused = await run('audit --from twice-state.json --baseline half.json')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/half\.json: it is the report of an incomplete run; write one of a complete run, or .*--allow-incomplete/)
    const taken = await run('audit --from twice-state.json --baseline half.json --allow-incomplete')
    expect(taken.code).toBe(0)
    expect(taken.stdout).toContain('baseline: half.json is incomplete: what it lacks counts as new')
  })
})

describe('--baseline', () => {
  test.each([
    ['what it holds does not fail', 'twice', 'twice.json', 0],
    ['nor as YAML', 'twice', 'twice.yaml', 0],
    ['nor with keys of a later version', 'twice', 'late.json', 0],
    ['what it does not hold fails', 'twice', 'clean.json', 1],
    ['what is gone does not', 'clean', 'twice.json', 0],
  ])('%s', async (_, state, baseline, code) => {
    for (const format of ['table', 'json', 'csv'])
      expect((await run(`audit --from ${state}-state.json --baseline ${baseline} -o ${format}`)).code).toBe(code)
  })

  test('says in JSON what is known, and no other report has the keys', async () => {
    const known = JSON.parse((await run('audit --from twice-state.json --baseline twice.json -o json')).stdout)
    expect(known.findings).toMatchObject([{ rule: 'DUP-102', known: true }])
    expect(known.summary).toMatchObject({ findings: { critical: 1 }, known: 1, failing: 0 })
    expect(known.baseline).toMatchObject({ source: 'twice.json', cluster: 'twice-state.json', complete: true })
    const without = JSON.parse(reportText('twice.json'))
    expect(Object.keys(without)).not.toContain('baseline')
    expect(Object.keys(without.findings[0])).not.toContain('known')
    expect(without.summary).toMatchObject({ known: 0, failing: 0 })
  })

  test('"no problems found" is not said of what is known', async () => {
    const { stdout } = await run('audit --from twice-state.json --baseline twice.json')
    expect(stdout).not.toContain('no problems found')
    expect(stdout).toMatch(/1 finding, all known; 0 new at or above\s+medium/)
  })

  test('two names are told of, and a rule that it did not look for', async () => {
    await run('audit --from clean-state.json --rule DUP-101 --rule CAP --fail-on never -o json=narrow.json')
    const { code, stdout } = await run('audit --from twice-state.json --baseline narrow.json -o wide')
    expect(code).toBe(1)
    expect(stdout).toContain('baseline: narrow.json is of clean-state.json, this report of twice-state.json')
    expect(stdout).toContain('baseline: narrow.json did not look for DUP-102: 1 finding of it may be old and counts as new')
  })

  test('only one file comes from standard input', async () => {
    expect(await run('audit --from - --baseline -', '')).toMatchObject({ code: 2 })
    expect((await run('audit --from x --waivers - --baseline -', '')).stderr).toContain('--waivers and --baseline cannot both read standard input')
    expect(await run('audit --from twice-state.json --baseline -', reportText('twice.json'))).toMatchObject({ code: 0 })
    expect(await run('audit --from twice-state.json --waivers -', 'waivers: [{rule: DUP-102, node: "node-?", reason: r}]')).toMatchObject({ code: 0 })
  })
})

describe('diff', () => {
  test.each([
    ['clean.json twice.json', 1],
    ['twice.json clean.json', 0],
    ['twice.json twice.json', 0],
    ['clean.json twice.json --fail-on never', 0],
    ['twice.json half.json', 3],
    ['twice.json half.json --allow-incomplete', 0],
    ['clean.json half.json', 1],
    ['half.json twice.json', 0],
  ])('%s exits %i', async (args, code) => {
    expect(await run(`diff ${args}`)).toMatchObject({ code })
  })

  test.each(['wide', 'json', 'yaml', 'name', 'csv', 'markdown'])('%s has the same exit code and names what is new', async (format) => {
    const { code, stdout } = await run(`diff clean.json twice.json -o ${format}`)
    expect(code).toBe(1)
    expect(stdout).toContain('10.1.0.0/24')
  })

  test('either side may be standard input, and not both', async () => {
    expect(await run('diff - clean.json -o name', reportText('twice.json'))).toMatchObject({ code: 0, stdout: 'fixed/DUP-102/10.1.0.0/24\n' })
    expect(await run('diff clean.json - -o name', reportText('twice.json'))).toMatchObject({ code: 1, stdout: 'new/DUP-102/10.1.0.0/24\n' })
    expect((await run('diff - -', '')).stderr).toContain('both reports cannot come from standard input')
  })

  test('tells of reports in the wrong order and of different clusters', async () => {
    const { observedAt: _, ...metadata } = JSON.parse(reportText('twice.json')).metadata
    put('old.json', { ...JSON.parse(reportText('twice.json')), metadata: { ...metadata, observedAt: '2020-01-01T00:00:00Z' } })
    const { stdout } = await run('diff clean.json old.json')
    expect(stdout).toMatch(/warning: old\.json is of 2020-01-01T00:00:00Z, before clean\.json/)
    expect(stdout).toMatch(/warning: clean\.json is of clean-state\.json and old\.json of twice-state\.json/)
  })
})
