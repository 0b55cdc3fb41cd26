// Files appear whole and together or not at all, and what is there stays.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configurationMode, reportMode, writeFiles } from '../../src/cli/write-files.ts'
import { OutputError } from '../../src/model/errors.ts'
import { runCli } from '../run-cli.ts'
import { buildSampleProgram, type SampleProgram } from './sample-program.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipam-write-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const file = (name: string, text: string | Iterable<string> = `new ${name}`, mode: number = configurationMode) => ({ path: at(name), text, mode })

/** Everything below a folder, with the content of files and the targets of links. */
function contents(path = folder): Record<string, unknown> {
  return Object.fromEntries(
    readdirSync(path, { withFileTypes: true }).map((entry) => {
      const name = join(path, entry.name)
      return [
        entry.name,
        entry.isDirectory() ? contents(name) : entry.isFile() ? readFileSync(name, 'utf8') : entry.isSymbolicLink() ? 'link' : 'other',
      ]
    }),
  )
}

/** The message of the OutputError that the call must end with. */
async function refusal(call: Promise<void>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(OutputError)
  return (error as OutputError).message
}

describe('what is written', () => {
  test('several files, in folders that are made, from text and from pieces', async () => {
    await writeFiles([file('a.conflist'), file('deep/er/b.json', ['one ', 'two']), file('deep/c', '')], { force: false })
    expect(contents()).toEqual({ 'a.conflist': 'new a.conflist', deep: { er: { 'b.json': 'one two' }, c: '' } })
  })

  test('large pieces arrive whole', async () => {
    await writeFiles(
      [
        file(
          'big',
          Array.from({ length: 300 }, (_, index) => String.fromCharCode(97 + (index % 26)).repeat(10_000)),
        ),
      ],
      { force: false },
    )
    const text = readFileSync(at('big'), 'utf8')
    expect(text).toHaveLength(3_000_000)
    expect(text.slice(2_980_000, 2_980_002)).toBe('mm')
  })

  test.each([0o000, 0o022, 0o077])('the mode is the given one under umask %o', async (mask) => {
    const before = process.umask(mask)
    try {
      await writeFiles([file('conf', 'x', configurationMode), file('report', 'x', reportMode)], { force: false })
    } finally {
      process.umask(before)
    }
    expect(statSync(at('conf')).mode & 0o777).toBe(0o644)
    expect(statSync(at('report')).mode & 0o777).toBe(0o600)
  })

  test('no file at all is fine', async () => {
    await writeFiles([], { force: false })
    expect(contents()).toEqual({})
  })
})

describe('what is there stays', () => {
  test('without force an existing file is refused and named, and the others are not written', async () => {
    writeFileSync(at('b'), 'old')
    expect(await refusal(writeFiles([file('a'), file('b'), file('c')], { force: false }))).toBe(
      `cannot write ${JSON.stringify(at('b'))}: the file exists already; give --force to replace it, or choose another name`,
    )
    expect(contents()).toEqual({ b: 'old' })
  })

  test('with force it is replaced, as a new file: other names of the old one keep the old text', async () => {
    writeFileSync(at('b'), 'old')
    chmodSync(at('b'), 0o600)
    linkSync(at('b'), at('other name of b'))
    await writeFiles([file('a'), file('b')], { force: true })
    expect(contents()).toEqual({ a: 'new a', b: 'new b', 'other name of b': 'old' })
    expect(statSync(at('b')).mode & 0o777).toBe(0o644)
  })

  test.each([true, false])('a link, a directory and a pipe are refused (force: %s)', async (force) => {
    writeFileSync(at('target'), 'old')
    symlinkSync('target', at('link'))
    symlinkSync('nowhere', at('dangling'))
    mkdirSync(at('directory'))
    execFileSync('mkfifo', [at('pipe')])
    const before = contents()
    expect(await refusal(writeFiles([file('new'), file('link')], { force }))).toMatch(
      /"[^"]*link": it is a symbolic link, which is not followed; remove it or/,
    )
    expect(await refusal(writeFiles([file('new'), file('dangling')], { force }))).toContain('symbolic link')
    expect(await refusal(writeFiles([file('new'), file('directory')], { force }))).toMatch(/directory": it is a directory; name a file in it/)
    expect(await refusal(writeFiles([file('new'), file('pipe')], { force }))).toMatch(/pipe": it is not a regular file/)
    expect(contents()).toEqual(before)
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
  })

  test('two files of one name are refused', async () => {
    expect(await refusal(writeFiles([file('a'), file('x/../a')], { force: true }))).toContain('two outputs have this name')
    expect(contents()).toEqual({})
  })

  test('a path through a file, through a dangling link and below /proc is refused', async () => {
    writeFileSync(at('plain'), 'old')
    symlinkSync('nowhere', at('dangling'))
    expect(await refusal(writeFiles([file('plain/x/y')], { force: false }))).toMatch(/plain\/x\/y": a part of the path is not a directory/)
    expect(await refusal(writeFiles([file('dangling/x')], { force: false }))).toMatch(/dangling\/x": its folder cannot be made/)
    expect(await refusal(writeFiles([{ path: '/proc/none/x', text: '', mode: 0o600 }], { force: false }))).toMatch(
      /"\/proc\/none\/x": its folder cannot be made/,
    )
    expect(contents()).toEqual({ plain: 'old', dangling: 'link' })
  })

  test('a text that breaks off leaves nothing, and what broke it is not dressed up', async () => {
    function* breaking(): Iterable<string> {
      yield 'x'.repeat(100_000)
      throw new TypeError('bug')
    }
    writeFileSync(at('old'), 'old')
    const call = writeFiles([file('old'), file('new/folder/a'), file('new/b', breaking())], { force: true })
    await expect(call).rejects.toThrow(new TypeError('bug'))
    expect(contents()).toEqual({ old: 'old' })
  })

  test('when publishing fails in the middle, what was replaced comes back and what was new goes', async () => {
    writeFileSync(at('replaced'), 'old')
    /** Another process takes the last name while its text is being written. */
    function* taken(): Iterable<string> {
      yield 'x'
      mkdirSync(at('z'))
    }
    expect(await refusal(writeFiles([file('replaced'), file('new'), file('z', taken())], { force: true }))).toContain('z')
    expect(contents()).toEqual({ replaced: 'old', z: {} })
  })

  test('a file that appears in the last moment is not overwritten', async () => {
    function* taken(): Iterable<string> {
      yield 'mine'
      writeFileSync(at('z'), 'theirs')
    }
    expect(await refusal(writeFiles([file('new'), file('z', taken())], { force: false }))).toMatch(/z": the file exists already; give --force/)
    expect(contents()).toEqual({ z: 'theirs' })
  })

  test('folders that others have put something into are left', async () => {
    function* taken(): Iterable<string> {
      yield 'mine'
      writeFileSync(at('folder/theirs'), 'theirs')
      throw new TypeError('bug')
    }
    await expect(writeFiles([file('folder/sub/z', taken())], { force: false })).rejects.toThrow(TypeError)
    expect(contents()).toEqual({ folder: { theirs: 'theirs' } })
  })
})

/** Runs the command line as root of a mount namespace of its own; undefined where this machine does not allow it. */
function inNamespace(line: string, env: Record<string, string>): string | undefined {
  try {
    execFileSync('unshare', ['--mount', '--map-root-user', 'true'], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return execFileSync('unshare', ['--mount', '--map-root-user', 'bash', '-c', line], { encoding: 'utf8', env: { ...process.env, ...env } })
}

describe('from outside', () => {
  let sample: SampleProgram
  beforeAll(() => {
    sample = buildSampleProgram()
  }, 60_000)
  afterAll(() => sample.remove())
  const write = (...args: string[]) => runCli(['write', folder, ...args], { program: sample.program })

  test('a full disk, a full quota of names and a read-only disk are told, and nothing is left', (context) => {
    const env = { FOLDER: folder, IPAM: `${process.execPath} ${sample.program}` }
    const mount = (options: string): string => `mount -t tmpfs -o ${options} none "$FOLDER"; echo old >"$FOLDER/0.json"`
    const look = 'echo "$? $(ls -A "$FOLDER") $(cat "$FOLDER/0.json")"'
    const full = inNamespace(`${mount('size=64k')}; $IPAM write "$FOLDER" --force --size 200000 2>&1; ${look}`, env)
    if (full === undefined) return context.skip('mount namespaces are not allowed here (unshare --mount)')
    expect(full).toMatch(/^Error: cannot write "[^"]*\/0\.json": no space left on the device; [^\n]*\n5 0\.json old\n$/)
    expect(inNamespace(`${mount('nr_inodes=4')}; $IPAM write "$FOLDER" --force 2>&1; ${look}`, env)).toMatch(
      /no space left on the device; [^\n]*\n5 0\.json old\n$/,
    )
    expect(inNamespace(`${mount('size=64k')}; mount -o remount,ro "$FOLDER"; $IPAM write "$FOLDER" --force 2>&1; ${look}`, env)).toMatch(
      /the file system is read-only; [^\n]*\n5 0\.json old\n$/,
    )
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s in the middle ends with %i and leaves nothing', async (signal, code) => {
    writeFileSync(at('0.json'), 'old')
    expect(await write('--signal', signal, '--force')).toMatchObject({ code, stdout: '', stderr: '' })
    expect(contents()).toEqual({ '0.json': 'old' })
  })

  test('killed at any moment, a file is the old one or the new one', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 8; round++) {
      const { signal } = await write('--kill-after', String(round * 7), '--rounds', '1000000', '--size', '300000', '--files', '2', '--force')
      expect(signal).toBe('SIGKILL')
      for (const name of ['0.json', '1.json'].filter((name) => existsSync(at(name)))) {
        const text = readFileSync(at(name), 'utf8')
        expect([text.length, new Set(text).size]).toEqual([300_000, 1])
        seen.add(text.slice(0, 1))
      }
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  test('two at once: one wins, the other ends with 5, and nothing is torn or mixed', async () => {
    const results = await Promise.all(['x', 'y'].map((mark) => write('--mark', mark, '--files', '40', '--size', '1000')))
    const codes = results.map(({ code }) => code)
    expect([...codes].sort()).toEqual([0, 5])
    const winner = codes[0] === 0 ? 'x' : 'y'
    expect(contents()).toEqual(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.json`, winner.repeat(1000)])))
  })
})
