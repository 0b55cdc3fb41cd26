// The program from outside: its start, its streams and what the operating system sees.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliOptions, type CliResult, runCli } from '../run-cli.ts'
import { buildSampleProgram, type SampleProgram } from './sample-program.ts'

let sample: SampleProgram
beforeAll(() => {
  sample = buildSampleProgram()
}, 60_000)
afterAll(() => sample.remove())

const run = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  runCli(args, { program: sample.program, cwd: sample.folder, ...options })

test.each([
  [['show'], 0],
  [['show', '--failing'], 1],
  [['fail', '--by', 'usage'], 2],
  [['fail', '--no-such-flag'], 2],
  [['show', '--incomplete'], 3],
  [['fail', '--by', 'start'], 4],
  [['fail', '--by', 'output'], 5],
  [['fail', '--by', 'bug'], 70],
] as const)('%j ends with %i, with and without --json', async (args, code) => {
  const plain = await run(args)
  const json = await run([...args, '--json'])
  expect([plain.code, json.code]).toEqual([code, code])
  if (args[0] === 'show') expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'AuditReport' })
  else {
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'Error', error: { code } })
    expect(plain.stdout).toBe('')
    expect(plain.stderr).toMatch(/^Error: [^\n]+\n$/)
  }
})

test.each([
  [['shwo'], 'Error: "shwo" is no command of ipam; did you mean show? (see ipam --help)\n'],
  [['shwo', '--help'], 'Error: "shwo" is no command of ipam; did you mean show? (see ipam --help)\n'],
  [['help', 'xyzzy'], 'Error: "xyzzy" is no command of ipam (see ipam --help)\n'],
  [['--token=s3cr3t', 'show'], 'Error: "--token" stands before the command; write ipam COMMAND [FLAGS] (see ipam --help)\n'],
] as const)('%j is refused', async (args, stderr) => {
  expect(await run(args)).toMatchObject({ code: 2, stdout: '', stderr })
  const json = await run([...args, '--json'])
  expect(json).toMatchObject({ code: 2, stderr })
  expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'Error', error: { code: 2 } })
})

test('the stack appears under DEBUG only', async () => {
  expect((await run(['fail'], { env: { DEBUG: '*' } })).stderr).toMatch(/TypeError: [^\n]+\n\s+at /)
  expect((await run(['fail'], { env: { DEBUG: '' } })).stderr).not.toMatch(/\n\s+at /)
})

test('a fault outside of any promise is a fault of the program too', async () => {
  const { code, stdout, stderr } = await run(['fail', '--by', 'timer'])
  expect({ code, stdout }).toEqual({ code: 70, stdout: '' })
  expect(stderr).toMatch(/^Error: internal error, please report it: TypeError: [^\n]+\n$/)
})

test('no second document follows a broken-off one', async () => {
  const { code, stdout, stderr } = await run(['fail', '--by', 'late', '--json'])
  expect(code).toBe(70)
  expect(stdout.startsWith('{\n  "list": [\n')).toBe(true)
  expect(stdout).not.toContain('"kind": "Error"')
  expect(stderr).toContain('internal error, please report')
})

describe('the program itself', () => {
  test('--version, help, -h, and no arguments end with 0', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^kube-ipam\/\d/) })
    for (const args of [[], ['-h'], ['help']])
      expect(await run(args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('ipam [COMMAND]') })
    for (const args of [
      ['show', '--help'],
      ['help', 'show'],
      ['show', '--nodes', '2', '-h'],
    ]) {
      expect(await run(args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('$ ipam show [') })
    }
    expect(await run(['show', '--', '-h'])).toMatchObject({ code: 2, stdout: '' })
  })

  test('as kubectl-ipam it calls itself `kubectl ipam`', async () => {
    const program = join(sample.program, '../kubectl-ipam')
    expect((await run(['show', '-h'], { program })).stdout).toContain('$ kubectl ipam show [')
    expect((await run(['shwo'], { program })).stderr).toContain('(see kubectl ipam --help)')
    expect((await run(['fail', 'x'], { program })).stderr).toContain('(see kubectl ipam fail --help)')
  })

  test.each(['18.20.4', '20.18.3'])('Node %s is refused in one line', async (version) => {
    const fake = join(sample.folder, 'fake-version.cjs')
    writeFileSync(fake, `Object.defineProperty(process.versions, 'node', { value: '${version}' })`)
    const result = await run(['--version'], { env: { NODE_OPTIONS: `--require ${fake}` } })
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: `ipam needs Node 20.19 or newer; this is Node ${version}.\n` })
  })

  test('runs in development mode and without a way to change prototypes', async () => {
    const env = { NODE_ENV: 'development', NODE_OPTIONS: '--disable-proto=throw' }
    expect(await run(['show', '-o', 'yaml'], { env })).toMatchObject({ code: 0, stderr: '' })
  })
})

/** Runs a shell line with $IPAM as the program. */
function shell(line: string, env: Record<string, string> = {}): string {
  return execFileSync('bash', ['-c', line], {
    cwd: sample.folder,
    env: { ...process.env, ...env, IPAM: `${process.execPath} ${sample.program}` },
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe('streams', () => {
  test('a reader that goes away early is no fault, and does not hide what was found', () => {
    expect(shell('$IPAM show --report plan --nodes 65536 -o json 2>err | head -1; echo "$PIPESTATUS $(wc -c <err)"')).toBe('{\n0 0\n')
    expect(shell('$IPAM show --report plan --nodes 65536 --failing 2>err | head -1 >/dev/null; echo "$PIPESTATUS $(wc -c <err)"')).toBe('1 0\n')
  })

  test('a slow reader gets everything', () => {
    expect(shell('$IPAM show --report plan --nodes 65536 -o name | (sleep 0.5; wc -l)').trim()).toBe('65536')
    expect(JSON.parse(shell('$IPAM show --report plan --nodes 5000 -o json | (sleep 0.5; cat)')).nodes).toHaveLength(5_000)
  })

  test.each(['show', 'show --report plan --nodes 65536 -o json', 'show --json --failing', '--help', '--version'])(
    '`ipam %s` onto a full disk ends with 5 and says so once',
    (args) => {
      expect(shell(`$IPAM ${args} 2>err >/dev/full; echo "$? $(cat err)"`)).toMatch(/^5 Error: cannot write to standard output: ENOSPC[^\n]*\n$/)
    },
  )

  test('an error keeps its code when standard output is full too', () => {
    expect(shell('$IPAM fail --by usage --json 2>err >/dev/full; echo "$? $(grep -c host.bits err)"')).toBe('2 1\n')
  })

  test('a standard error that nobody reads changes nothing', () => {
    expect(shell('$IPAM fail --by usage 2>&-; echo $?')).toBe('2\n')
    expect(shell('($IPAM fail --by usage; echo $? >code) 2>&1 | true; cat code')).toBe('2\n')
  })
})

/** What the program writes when its streams are a terminal of that many columns. */
function onTerminal(args: string, env: Record<string, string>, columns = 100): string {
  const around = { NO_COLOR: '', FORCE_COLOR: '', TERM: 'xterm-256color', COLUMNS: '', ...env }
  return shell(`script -qfc "stty cols ${columns}; $IPAM ${args}" /dev/null </dev/null`, around)
}

describe('colour', () => {
  const code = '\u001b['

  test('a terminal gets it, unless the user or the terminal does not want it', () => {
    expect(onTerminal('show --report broken', {})).toContain(code)
    expect(onTerminal('show --report broken -o wide', { NO_COLOR: '1' })).not.toContain(code)
    expect(onTerminal('show --report broken', { NO_COLOR: '1', FORCE_COLOR: '1' })).not.toContain(code)
    expect(onTerminal('show --report broken', { TERM: 'dumb' })).not.toContain(code)
    expect(onTerminal('show --report broken', { FORCE_COLOR: '0' })).not.toContain(code)
    expect(onTerminal('show --report broken --no-color', {})).not.toContain(code)
  })

  test('help and errors keep to it too, and say nothing else', () => {
    const help = onTerminal('show --help', { NO_COLOR: '1', FORCE_COLOR: '1' })
    expect(help).toMatch(/^emit a report\r\n[\r\n -~]+$/)
    expect(help).not.toContain('Warning') // of Node, which finds the two together odd
    expect(onTerminal('fail --first a --second b', { NO_COLOR: '1' })).toMatch(/^Error: [ -~]+\r\n$/)
  })

  test('a pipe gets it by FORCE_COLOR only, a file and machine formats never', () => {
    const forced = { NO_COLOR: '', TERM: 'xterm', FORCE_COLOR: '1' }
    expect(shell('$IPAM show --report broken', { ...forced, FORCE_COLOR: '' })).not.toContain(code)
    expect(shell('$IPAM show --report broken', forced)).toContain(code)
    expect(shell('$IPAM show --report broken -q -o table=colour.txt; cat colour.txt', forced)).not.toContain(code)
    expect(onTerminal('show --report broken -o json', { FORCE_COLOR: '3' })).not.toContain(code)
  })

  test('lines stay within the terminal, and are whole in a pipe', () => {
    const longest = (text: string): number => Math.max(...text.split(/\r?\n/).map((line) => line.length))
    expect(longest(onTerminal('show --report broken', { NO_COLOR: '1' }, 72))).toBeLessThanOrEqual(72)
    expect(longest(shell('$IPAM show --report broken', { COLUMNS: '80' }))).toBeLessThanOrEqual(80)
    expect(shell('$IPAM show --report broken', { COLUMNS: '' })).toContain('ip-10-20-30-40.eu-central-1.compute.internal')
  })
})
