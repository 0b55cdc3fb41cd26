// --strict and --allow-incomplete: what they do to the exit code, the same in every output format, and what is said all the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import Audit from '../../src/commands/audit.ts'
import { runCli } from '../run-cli.ts'
import { runCommand } from './run-command.ts'

const nodeOf = (name: string, range: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { podCIDR: range, podCIDRs: [range] } })
const listOf = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const clean = listOf(nodeOf('node-1', '10.1.0.0/24'), nodeOf('node-2', '10.1.1.0/24'))
const twice = listOf(nodeOf('node-1', '10.1.0.0/24'), nodeOf('node-2', '10.1.0.0/24'))
const cut = clean.slice(0, -20)

const folder = mkdtempSync(join(tmpdir(), 'ipam-incomplete-'))
afterAll(() => rmSync(folder, { recursive: true }))

const INCOMPLETE = /INCOMPLETE: [^\n]+\n$/

const cases = [
  ['a clean input', clean, [], 0, false],
  ['rules without their input', clean, ['--strict'], 3, true],
  ['rules without their input, allowed', clean, ['--strict', '--allow-incomplete'], 0, true],
  ['one rule that has its input', clean, ['--strict', '--rule', 'DUP-102'], 0, false],
  ['a cut input', cut, [], 3, true],
  ['a cut input, allowed', cut, ['--allow-incomplete'], 0, true],
  ['a finding', twice, [], 1, false],
  ['a finding beside rules without their input', twice, ['--strict'], 1, true],
  ['a finding beside rules without their input, allowed', twice, ['--strict', '--allow-incomplete'], 1, true],
  ['a finding that is not asked for', twice, ['--fail-on', 'never'], 0, false],
  ['no rule that could be evaluated', clean, ['--rule', 'LEAK-201'], 3, true],
] as const

test.each(cases)('%s', async (_, input, flags, code, incomplete) => {
  const file = join(folder, 'input.json')
  writeFileSync(file, input)
  for (const format of [[], ['--json'], ['-o', 'yaml'], ['-o', 'name']]) {
    const result = await runCommand(Audit, ['--from', file, ...flags, ...format])
    expect([format, result.code]).toEqual([format, code])
    if (incomplete) expect(result.stderr).toMatch(INCOMPLETE)
    else expect(result.stderr).toBe('')
    if (format[0] === '--json') expect(JSON.parse(result.stdout).complete).toBe(!incomplete)
    if (incomplete || code !== 0) expect(result.stdout).not.toContain('no problems found')
  }
})

// One for each exit code, and for the flag that changes it.
test.each(cases.filter(([name]) => /clean|cut|^a finding$|no rule/.test(name)))(
  'from outside, through standard input: %s',
  async (...[, input, flags, code, incomplete]) => {
    const result = await runCli(['audit', '--from', '-', ...flags], { stdin: input })
    expect(result).toMatchObject({ code, stderr: incomplete ? expect.stringMatching(INCOMPLETE) : '' })
    if (code !== 0 || incomplete) expect(result.stdout).not.toContain('no problems found')
  },
)

test('a file that is not there is incomplete, and allowed with --allow-incomplete, which does not make it clean', async () => {
  const missing = join('/nonexistent', 'bundle')
  expect(await runCli(['audit', '--from', missing])).toMatchObject({ code: 3 })
  const allowed = await runCli(['audit', '--from', missing, '--allow-incomplete'])
  expect(allowed).toMatchObject({ code: 0, stderr: expect.stringMatching(INCOMPLETE) })
  expect(allowed.stdout).toContain(missing)
  expect(allowed.stdout).not.toContain('no problems found')
})
