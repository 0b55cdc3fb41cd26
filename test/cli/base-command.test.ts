// The base of all commands, inside this process: outcomes, errors and outputs; program.test.ts looks at the same from outside.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import Fail from './commands/fail.ts'
import Show from './commands/show.ts'
import Write from './commands/write.ts'
import { runCommand } from './run-command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipam-base-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every way to end without having finished: arguments, exit code, and words that the message must hold. */
const failures = [
  [Fail, ['--by', 'usage'], 2, ['10.244.3.7/16', 'write 10.244.0.0/16']],
  [Fail, ['--by', 'start'], 4, ['no kubeconfig found', '--kubeconfig']],
  [Fail, ['--by', 'source'], 3, ['nothing could be read']],
  [Fail, ['--by', 'output'], 5, ['cannot write']],
  [Fail, ['--by', 'bug'], 70, ['internal error, please report it: TypeError', 'DEBUG']],
  [Fail, ['--by', 'bug', '--failing'], 70, ['internal error, please report it']],
  [Fail, ['--by', 'output', '--failing'], 5, ['cannot write']],
  [Fail, ['--by', 'not-an-error'], 70, ['internal error, please report it', 'a string']],
  [Fail, ['--cidr', '10.1/16'], 2, ['Error: --cidr: "10.1/16" is no CIDR\n']],
  [Fail, ['--by', 'nothing'], 2, ['--by', 'bug', 'nothing', '(see ipam fail --help)']],
  [Fail, ['--first', 'a', '--second', 'b'], 2, ['--first', '--second', '(see ipam fail --help)']],
  [Fail, ['--failin'], 2, ['Error: --failin is no flag of this command; did you mean --failing? (see ipam fail --help)\n']],
  [Fail, ['--by'], 2, ['--by', '(see ipam fail --help)']],
  [Fail, ['--token=s3cr3t'], 2, ['Error: --token is no flag of this command (see ipam fail --help)\n']],
  [Fail, ['word'], 2, ['word', '(see ipam fail --help)']],
  [Fail, ['--by', 'early', '-o', 'json'], 70, ['internal error, please report it']],
  [Fail, ['--by', 'bug', '-o', 'yaml', '-o', 'name'], 2, ['standard output']], // refused before any work is done
  [Write, [], 2, ['folder', '(see ipam write --help)']],
  [Show, ['-o', 'jsn=x.json'], 2, ['Error: --output: "jsn" is no output format; did you mean json?']],
  [Show, ['-o', 'json='], 2, ['"json="', 'json=FILE']],
  [Show, ['--nodes', 'many'], 2, ['--nodes', 'many']],
  [Show, ['-o', 'table', '-o', 'name'], 2, ['table and name', 'standard output', '-o name=FILE']],
  [Show, ['-o', 'yaml=same.txt', '-o', 'name=same.txt'], 2, ['"same.txt"']],
  [Show, ['-o', 'name=/proc/none/x'], 5, ['cannot write "/proc/none/x"']],
] as const

describe('every failure', () => {
  test.each(failures)('%# %o ends with its code and one line', async (command, args, code, words) => {
    const result = await runCommand(
      command,
      args.map((word) => (word === 'json' ? 'yaml' : word)),
    )
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(/^Error: [^\n]+\n$/)
    for (const word of words) expect(result.stderr).toContain(word)
    expect(result.stderr).not.toContain('s3cr3t')
  })

  test.each(failures)('%# %o with --json ends with the same code, and standard output is one document', async (command, args, code) => {
    const result = await runCommand(command, [...args, '--json'])
    expect(result.code).toBe(code)
    const document = JSON.parse(result.stdout)
    expect(document).toEqual({ apiVersion: 'ipam/v1', kind: 'Error', error: { code, message: expect.any(String) } })
    expect(result.stderr).toBe(`Error: ${document.error.message}\n`)
    expect(result.stdout).not.toContain('s3cr3t')
  })
})

test('an error does not hide what was found before it', async () => {
  expect((await runCommand(Fail, ['--by', 'source', '--failing'])).code).toBe(1)
})

test('a hostile message is shown with nothing left that could move a cursor or start a line', async () => {
  const { stderr } = await runCommand(Fail, ['--by', 'hostile'])
  expect(stderr).toBe('Error: bad name "\\u{1b}]0;pwn\\u{7}\\u{d}\\u{8}\\u{202e}\\u{2028}\\u{a}::error::x\\u{e0041}"\n')
})

describe('outcomes', () => {
  test.each([
    [[], 0],
    [['--failing'], 1],
    [['--incomplete'], 3],
    [['--failing', '--incomplete'], 1],
  ] as const)('%j ends with %i in every format, with nothing on standard error', async (flags, code) => {
    for (const format of ['table', 'wide', 'json', 'yaml', 'name']) {
      expect(await runCommand(Show, [...flags, '--report', 'broken', '-o', format])).toEqual({
        code,
        stderr: '',
        stdout: expect.stringMatching(/\n$/),
      })
    }
  })
})

describe('outputs', () => {
  test('the table is the default; --json and -o json write the same bytes', async () => {
    expect((await runCommand(Show, [])).stdout).toBe((await runCommand(Show, ['-o', 'table'])).stdout)
    const { stdout } = await runCommand(Show, ['--json'])
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'AuditReport', complete: true })
    for (const flags of [['-o', 'json'], ['-ojson'], ['--output=json'], ['-o', 'json=-'], ['--json', '-o', 'json']]) {
      expect((await runCommand(Show, flags)).stdout).toBe(stdout)
    }
  })

  test('several at once: files of mode 0600 and standard output, in one run', async () => {
    const at = (name: string): string => join(folder, 'several', name)
    const { code, stdout, stderr } = await runCommand(Show, [
      '--report',
      'broken',
      '-o',
      `json=${at('r.json')}`,
      '-o',
      'name',
      '-o',
      `yaml=${at('r.yaml')}`,
      '--failing',
    ])
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'finding/DUP-101/10.244.1.7\nnode/worker-1\n' })
    expect(stderr).toBe(`wrote ${at('r.json')}\nwrote ${at('r.yaml')}\n`)
    const report = JSON.parse(readFileSync(at('r.json'), 'utf8'))
    expect(report.findings).toHaveLength(19)
    expect(parse(readFileSync(at('r.yaml'), 'utf8'))).toEqual(report)
    expect(statSync(at('r.json')).mode & 0o777).toBe(0o600)
  })

  test('--quiet keeps notices away, and only them', async () => {
    const file = join(folder, 'quiet.json')
    expect(await runCommand(Show, ['-q', '-o', `json=${file}`])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await runCommand(Show, ['-q', '-o', `json=${file}`])).toMatchObject({ code: 5, stderr: expect.stringContaining('--force') })
  })

  test('--ascii leaves ASCII only, in files too', async () => {
    const file = join(folder, 'ascii.txt')
    const { stdout } = await runCommand(Show, ['--report', 'broken', '--ascii', '-o', 'table', '-o', `wide=${file}`])
    for (const text of [stdout, readFileSync(file, 'utf8')]) expect(text).toMatch(/^[\n -~]+$/)
    expect((await runCommand(Show, ['--report', 'broken'])).stdout).toContain('█')
  })

  test('when one output cannot be written, there is none', async () => {
    const good = join(folder, 'good.json')
    const result = await runCommand(Show, ['-o', `json=${good}`, '-o', 'yaml=/proc/none/x', '-o', 'table'])
    expect(result).toMatchObject({ code: 5, stdout: '' })
    expect(() => statSync(good)).toThrow('ENOENT')
  })
})
