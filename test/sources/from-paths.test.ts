import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.ts'
import { directorySource } from '../../src/sources/directory.ts'
import { coverageLines, folderWith, NODE, OWNER, POD, readSource } from './read-source.ts'

const pods = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [POD, POD] })
const stream = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)))

describe('folders and files', () => {
  test('a folder of dumps: every *.json, *.yaml and *.yml below it, and no other file', async () => {
    const root = folderWith({ 'b.json': pods, 'a/c.YAML': 'apiVersion: v1\nkind: Node\n', 'a/d.yml': '', 'notes.txt': 'x', 'pods.csv': 'x' })
    const { objects, summary } = await readSource({ from: [root] })
    expect(objects.map(({ kind, origin }) => `${kind} ${origin}`)).toEqual([`Node ${root}/a/c.YAML`, `Pod ${root}/b.json`, `Pod ${root}/b.json`])
    expect(coverageLines(summary)).toEqual([`${root}/a/d.yml failed 0: is empty`])
  })

  test('a file under any name, told by its content', async () => {
    const root = folderWith({ dump: pods, 'really.yaml': JSON.stringify(NODE), 'really.json': 'apiVersion: v1\nkind: Pod\n' })
    const { objects, summary } = await readSource({ from: ['dump', 'really.yaml', 'really.json'].map((name) => join(root, name)) })
    expect(objects.map(({ kind }) => kind)).toEqual(['Pod', 'Pod', 'Node', 'Pod'])
    expect(summary).toMatchObject({ coverage: [], name: 'dump, really.yaml, really.json' })
  })

  test('what is given twice is read once', async () => {
    const root = folderWith({ 'dumps/pods.json': pods })
    symlinkSync(join(root, 'dumps'), join(root, 'linked'))
    symlinkSync(join(root, 'dumps/pods.json'), join(root, 'linked.json'))
    const { objects, summary } = await readSource({
      from: ['dumps', 'dumps/pods.json', 'linked', 'linked.json', 'dumps/../dumps'].map((path) => `${root}/${path}`),
    })
    expect(objects).toHaveLength(2)
    expect(summary.coverage).toEqual([])
  })

  test('a bundle and one of its nodes as a state directory', async () => {
    const root = folderWith({ 'nodes/n1/var/lib/cni/networks/cbr0/10.244.1.2': OWNER })
    const { states } = await readSource({ from: [root], hostLocal: [{ node: 'n1', dir: join(root, 'nodes/n1/var/lib/cni/networks') }] })
    expect(states.map(({ origin }) => origin)).toEqual(['nodes/n1/var/lib/cni/networks/cbr0'])
  })

  test('what cannot be read is failed, never clean', async () => {
    const root = folderWith({ 'empty/notes.txt': '', 'networks/10.244.1.2': OWNER, 'torn/a.json': pods.slice(0, 150), 'file/x': '' })
    execFileSync('mkfifo', [join(root, 'fifo')])
    const { summary } = await readSource({
      from: ['nope.json', 'empty', 'networks', 'fifo', 'torn', 'file/x/y'].map((name) => `${root}/${name}`).concat('/dev/zero'),
    })
    expect(coverageLines(summary)).toEqual([
      `${root}/nope.json failed 0: ENOENT: no such file or directory: check the path`,
      `${root}/empty failed 0: holds no *.json, *.yaml or *.yml and none of cluster/, nodes/, peers/, external/, cloud/ and bundle.json, so there was nothing to read`,
      `${root}/networks failed 0: is a state directory of host-local: give it with --host-local`,
      `${root}/fifo failed 0: is a FIFO, neither a file nor a folder; for piped input give "-"`,
      `${root}/torn/a.json partial 1: is cut off: it ends at byte 150, inside the value that begins at byte 122`,
      `${root}/file/x/y failed 0: ENOTDIR: not a directory: check the path`,
      `/dev/zero failed 0: is a device, neither a file nor a folder; for piped input give "-"`,
    ])
  })

  test.each(['nope.json', 'fifo'])('what cannot be read has a name all the same: %s', async (name) => {
    const root = folderWith()
    execFileSync('mkfifo', [join(root, 'fifo')])
    expect((await readSource({ from: [`${root}/${name}`] })).summary.name).toBe(name)
  })

  test('many inputs are named in short', async () => {
    const root = folderWith(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, pods])))
    expect((await readSource({ from: ['a', 'b', 'c', 'd', 'e'].map((name) => join(root, name)) })).summary.name).toBe('a, b, c and 2 more')
  })
})

describe('streams', () => {
  test('standard input, once', async () => {
    const { objects, summary } = await readSource({ from: ['-', '-'], stdin: stream(pods.slice(0, 40), pods.slice(40)) })
    expect(objects.map(({ origin }) => origin)).toEqual(['stdin', 'stdin'])
    expect(summary).toMatchObject({ coverage: [], name: 'stdin', newestFile: undefined })
  })

  test.each([
    ['empty', stream(), 'stdin failed 0: is empty'],
    ['blank', stream('\n'), 'stdin failed 0: is empty'],
    ['cut off', stream(pods.slice(0, 150)), 'stdin partial 1: is cut off: it ends at byte 150, inside the value that begins at byte 122'],
  ])('%s standard input', async (_, stdin, line) => {
    expect(coverageLines((await readSource({ from: ['-'], stdin })).summary)).toEqual([line])
  })

  test('a stream that fails gives what came before', async () => {
    async function* failing() {
      yield Buffer.from(pods.slice(0, 150))
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    }
    expect(coverageLines((await readSource({ from: ['-'], stdin: failing() })).summary)).toEqual(['stdin partial 1: EIO: i/o error'])
  })

  test('a terminal is refused before anything is read', () => {
    const terminal = Object.assign(stream(pods), { isTTY: true })
    const make = () => directorySource({ from: ['-'], hostLocal: [], stdin: terminal })
    expect(make).toThrow(UsageError)
    expect(make).toThrow('--from - reads standard input, which is a terminal here: pipe something into it')
    expect(() => directorySource({ from: ['x'], hostLocal: [], stdin: terminal })).not.toThrow()
  })

  test('what a shell passes for <(command)', async () => {
    const root = folderWith()
    execFileSync('mkfifo', [join(root, 'pipe')])
    const writer = spawn('sh', ['-c', `exec 3> '${join(root, 'pipe')}'; printf %s '${pods}' >&3; cat`], { stdio: ['pipe', 'ignore', 'inherit'] })
    const fd = openSync(join(root, 'pipe'), 'r')
    const { objects, summary } = await readSource({ from: [`/dev/fd/${fd}`], onProgress: () => writer.stdin.end() })
    closeSync(fd)
    expect(objects.map(({ origin }) => origin)).toEqual([`/dev/fd/${fd}`, `/dev/fd/${fd}`])
    expect(summary.coverage).toEqual([])
  })
})

test('a dump of any size passes through piece by piece', async () => {
  const item = Buffer.from(`${JSON.stringify({ ...POD, spec: { padding: 'x'.repeat(16_000) } })},`)
  const piece = Buffer.concat(Array.from({ length: 256 }, () => item))
  let largest = 0
  async function* pieces() {
    yield Buffer.from('{"apiVersion":"v1","items":[')
    for (let i = 0; i < 32; i++) {
      yield piece
      largest = Math.max(largest, process.memoryUsage().arrayBuffers)
    }
    yield Buffer.from(`${JSON.stringify(NODE)}],"kind":"List"}`)
  }
  const start = process.memoryUsage().arrayBuffers
  let count = 0
  const summary = await directorySource({ from: ['-'], hostLocal: [], stdin: pieces() }).read(() => count++)
  expect(count).toBe(256 * 32 + 1)
  expect(summary.coverage).toEqual([])
  expect(largest - start).toBeLessThan(32 << 20) // of 131 MB that went by
})
