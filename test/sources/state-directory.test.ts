import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listDirectory } from '../../src/sources/list-directory.ts'
import { entryReader } from '../../src/sources/state-entry.ts'
import { coverageLines, entryNamed, folderWith, OWNER, readSource } from './read-source.ts'

const DIR = 'var/lib/cni/networks/cbr0'
const OLD = new Date('2026-11-20T09:14:02Z')

const age = (path: string): void => utimesSync(path, OLD, OLD)
const unread = { text: undefined, error: undefined }

async function readState(root: string, options: Parameters<typeof readSource>[0] = {}) {
  const read = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, 'var/lib/cni/networks') }], ...options })
  return { ...read, state: read.states[0] }
}

describe('rows 23 and 24: nothing but regular files is read', () => {
  test('a symbolic link to a file outside', async () => {
    const secret = join(folderWith({ secret: 'canary' }), 'secret')
    const root = folderWith({ [`${DIR}/lock`]: '' })
    symlinkSync(secret, join(root, DIR, '10.244.1.5'))
    const { state, documents, summary } = await readState(root)
    expect(entryNamed(state, '10.244.1.5')).toMatchObject({ kind: 'symlink', ...unread })
    expect(JSON.stringify(documents)).not.toContain('canary')
    expect(summary.coverage).toEqual([])
  })

  test('FIFO, socket, device and directory, without waiting', async () => {
    const root = folderWith({ [`${DIR}/10.244.1.2`]: OWNER, [`${DIR}/10.244.1.9/x`]: 'never read' })
    execFileSync('mkfifo', [join(root, DIR, '10.244.1.3')])
    const server = createServer().listen(join(root, DIR, '10.244.1.4'))
    onTestFinished(() => void server.close())
    const asRoot = process.getuid?.() === 0
    if (asRoot) execFileSync('mknod', [join(root, DIR, '10.244.1.6'), 'c', '1', '5']) // /dev/zero has no end
    const { state, documents } = await readState(root)
    expect(entryNamed(state, '10.244.1.3')).toMatchObject({ kind: 'fifo', ...unread })
    expect(entryNamed(state, '10.244.1.4')).toMatchObject({ kind: 'socket', ...unread })
    if (asRoot) expect(entryNamed(state, '10.244.1.6')).toMatchObject({ kind: 'device', ...unread })
    expect(entryNamed(state, '10.244.1.9')).toMatchObject({ kind: 'directory', ...unread })
    expect(entryNamed(state, '10.244.1.2')).toMatchObject({ kind: 'file', size: 70, text: OWNER })
    expect(JSON.stringify(documents)).not.toContain('never read')
  })

  test('what turns into something else between listing and opening', () => {
    const root = folderWith({ file: OWNER, target: 'canary' })
    symlinkSync(join(root, 'target'), join(root, 'link'))
    execFileSync('mkfifo', [join(root, 'fifo')])
    const server = createServer().listen(join(root, 'socket'))
    onTestFinished(() => void server.close())
    const read = entryReader(root)
    const listedAsFile = (name: string) => read({ name, kind: 'file', raw: undefined }, undefined)
    expect(listedAsFile('link')).toMatchObject({ kind: 'symlink', ...unread })
    expect(listedAsFile('fifo')).toMatchObject({ kind: 'fifo', ...unread })
    expect(listedAsFile('socket')).toMatchObject({ kind: 'socket', ...unread })
    expect(listedAsFile('gone')).toBeUndefined()
    expect(read({ name: 'gone', kind: 'symlink', raw: undefined }, undefined)).toBeUndefined()
    expect(read({ name: 'fifo', kind: 'file', raw: undefined }, 5)).toMatchObject({ kind: 'file', size: 0, text: '', mtime: 5 })
  })
})

describe('rows 25 to 28: contents and names', () => {
  test('an empty file is delivered as empty when it stays so', async () => {
    const { state } = await readState(folderWith({ [`${DIR}/10.244.1.2`]: '', [`${DIR}/10.244.1.3`]: OWNER }))
    expect(entryNamed(state, '10.244.1.2')).toMatchObject({ kind: 'file', size: 0, text: '', error: undefined })
  })

  test('an empty file that is written a moment later is whole, one that goes is dropped', async () => {
    const root = folderWith({ [`${DIR}/10.244.1.2`]: '', [`${DIR}/10.244.1.3`]: '', [`${DIR}/lock`]: '' })
    const { state } = await readState(root, {
      onProgress: () => {
        setTimeout(() => {
          writeFileSync(join(root, DIR, '10.244.1.2'), OWNER)
          rmSync(join(root, DIR, '10.244.1.3'), { force: true })
        }, 10)
      },
    })
    expect(state?.entries.map(({ name, text }) => [name, text])).toEqual([
      ['10.244.1.2', OWNER],
      ['lock', ''],
    ])
  })

  test('contents come byte by byte, at most 4,096 of them', async () => {
    const bytes = Buffer.from([...Array(256).keys()])
    const root = folderWith({
      [`${DIR}/10.244.1.2`]: 'c1',
      [`${DIR}/10.244.1.3`]: 'c1\neth0',
      [`${DIR}/10.244.1.4`]: ' c1\r\neth0 \n',
      [`${DIR}/10.244.1.5`]: bytes,
      [`${DIR}/10.244.1.6`]: 'x'.repeat(4096),
      [`${DIR}/10.244.1.7`]: `${'x'.repeat(4096)}y`,
    })
    writeFileSync(join(root, DIR, '10.244.1.8'), '')
    truncateSync(join(root, DIR, '10.244.1.8'), 5_000_000)
    age(join(root, DIR, '10.244.1.2'))
    const { state } = await readState(root)
    expect(entryNamed(state, '10.244.1.2')).toEqual({ name: '10.244.1.2', kind: 'file', size: 2, mtime: OLD.getTime(), text: 'c1', error: undefined })
    expect(entryNamed(state, '10.244.1.3')?.text).toBe('c1\neth0')
    expect(entryNamed(state, '10.244.1.4')?.text).toBe(' c1\r\neth0 \n')
    expect(Buffer.from(entryNamed(state, '10.244.1.5')?.text ?? '', 'latin1')).toEqual(bytes)
    expect(entryNamed(state, '10.244.1.6')).toMatchObject({ size: 4096, text: 'x'.repeat(4096) })
    expect(entryNamed(state, '10.244.1.7')).toMatchObject({ size: 4097, text: 'x'.repeat(4096) })
    expect(entryNamed(state, '10.244.1.8')).toMatchObject({ size: 5_000_000, text: '\0'.repeat(4096) })
  })

  test('names of every kind, also those that are not UTF-8', async () => {
    const names = ['10.244.1.05', '10.244.1.300', 'fd00__1', 'evil\x1b[31m\n', 'last_reserved_ip.0', 'lock', 'foo', 'wéb']
    const root = folderWith(Object.fromEntries(names.map((name) => [`${DIR}/${name}`, `owner of ${name}`])))
    writeFileSync(Buffer.concat([Buffer.from(`${join(root, DIR)}/`), Buffer.from([0x31, 0xff, 0x32])]), 'bytes')
    const { state, summary } = await readState(root)
    expect(new Map(state?.entries.map(({ name, text }) => [name, text]))).toEqual(
      new Map([...names.map((name) => [name, Buffer.from(`owner of ${name}`).toString('latin1')] as const), ['1\ufffd2', 'bytes']]),
    )
    expect(summary.coverage).toEqual([])
  })
})

describe('row 31: what cannot be read', () => {
  test('a file with an input error', () => {
    expect(entryReader('/proc/self')({ name: 'mem', kind: 'file', raw: undefined }, undefined)).toMatchObject({
      text: undefined,
      error: 'EIO: i/o error',
    })
  })

  const canDrop = process.getuid?.() === 0 && process.seteuid !== undefined
  const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
    if (canDrop) process.seteuid?.(65_534)
    try {
      return await work()
    } finally {
      if (canDrop) process.seteuid?.(0)
    }
  }

  test('a file, a network directory and the parent without permission', async () => {
    const root = folderWith({
      [`${DIR}/10.244.1.2`]: OWNER,
      [`${DIR}/10.244.1.3`]: OWNER,
      'var/lib/cni/networks/closed/10.9.0.1': OWNER,
      'var/lib/cni/networks/open/lock': '',
    })
    execFileSync('chmod', ['-R', 'a+rX', root])
    execFileSync('chmod', ['000', join(root, DIR, '10.244.1.2'), join(root, 'var/lib/cni/networks/closed')])
    const { states, summary } = await asNobody(() => readState(root))
    const [cbr0, closed, open] = states
    expect(entryNamed(cbr0, '10.244.1.2')).toMatchObject({ kind: 'file', size: 70, text: undefined, error: 'EACCES: permission denied' })
    expect(entryNamed(cbr0, '10.244.1.3')).toMatchObject({ text: OWNER })
    expect(closed).toMatchObject({ path: 'var/lib/cni/networks/closed', entries: [], error: 'cannot be listed: EACCES: permission denied' })
    expect(open?.entries).toHaveLength(1)
    const networks = join(root, 'var/lib/cni/networks')
    expect(coverageLines(summary)).toEqual([
      `${networks}/cbr0 partial 1: 1 of 2 files cannot be read, the first is 10.244.1.2: EACCES: permission denied`,
      `${networks}/closed failed 0: cannot be listed: EACCES: permission denied`,
    ])
    execFileSync('chmod', ['000', networks])
    const whole = await asNobody(() => readState(root))
    expect(coverageLines(whole.summary)).toEqual([`${networks} failed 0: cannot be listed: EACCES: permission denied`])
    execFileSync('chmod', ['-R', '755', root])
  })

  test('a directory that goes while it is read', async () => {
    const root = folderWith({ [`${DIR}/10.244.1.2`]: OWNER, 'var/lib/cni/networks/next/10.9.0.1': OWNER })
    const { states, summary } = await readState(root, { onProgress: () => rmSync(join(root, DIR), { recursive: true, force: true }) })
    expect(states.map(({ path, error, entries }) => [path, error, entries.length])).toEqual([
      [DIR, 'cannot be listed: ENOENT: no such file or directory', 0],
      ['var/lib/cni/networks/next', undefined, 1],
    ])
    expect(coverageLines(summary)).toEqual([`${join(root, DIR)} failed 0: cannot be listed: ENOENT: no such file or directory`])
  })
})

test('row 32: files that come and go meanwhile are looked at again', async () => {
  const root = folderWith({ [`${DIR}/10.244.1.2`]: OWNER, [`${DIR}/10.244.1.3`]: OWNER })
  age(join(root, DIR))
  let changed = false
  const { state } = await readState(root, {
    onProgress: () => {
      if (changed) return
      changed = true
      rmSync(join(root, DIR, '10.244.1.2'))
      writeFileSync(join(root, DIR, '10.244.1.4'), 'new')
    },
  })
  expect(state?.entries.map(({ name, text }) => [name, text])).toEqual([
    ['10.244.1.3', OWNER],
    ['10.244.1.4', 'new'],
  ])
})

test('row 32: a change that the directory time hides is found, too', async () => {
  const root = folderWith({ [`${DIR}/10.244.1.2`]: OWNER })
  const now = new Date()
  utimesSync(join(root, DIR), now, now)
  let changed = false
  const { state } = await readState(root, {
    onProgress: () => {
      if (changed) return
      changed = true
      renameSync(join(root, DIR, '10.244.1.2'), join(root, DIR, '10.244.1.9'))
      linkSync(join(root, DIR, '10.244.1.9'), join(root, DIR, '10.244.1.2'))
      utimesSync(join(root, DIR), now, now)
    },
  })
  expect(state?.entries.map(({ name }) => name)).toEqual(['10.244.1.2', '10.244.1.9'])
})

describe('row 33: more entries than fit', () => {
  test('a directory is marked partial at the limit', async () => {
    const root = folderWith(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${DIR}/10.244.1.${i + 2}`, OWNER])))
    const { state, summary } = await readState(root, { maxEntries: 10 })
    expect(state).toMatchObject({ error: 'has more than 10 entries; the rest was not read' })
    expect(state?.entries).toHaveLength(10)
    expect(coverageLines(summary)).toEqual([`${join(root, DIR)} partial 10: has more than 10 entries; the rest was not read`])
    expect((await readState(root, { maxEntries: 12 })).summary.coverage).toEqual([])
  })

  test('a large directory is listed in portions, to the limit', () => {
    const root = folderWith(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`10.244.1.${i + 2}`, OWNER])))
    const large = 1 << 30 // as stat would tell
    const { entries, truncated } = listDirectory(root, large, 12)
    expect([new Set(entries.map(({ name }) => name)).size, truncated]).toEqual([12, false])
    const cut = listDirectory(root, large, 11)
    expect([cut.entries.length, cut.truncated]).toEqual([11, true])
  })

  test('progress is told on the way', async () => {
    const root = folderWith({ [DIR]: undefined })
    const one = join(root, DIR, '10.0.0.0')
    writeFileSync(one, OWNER)
    for (let i = 1; i < 2500; i++) linkSync(one, join(root, DIR, `10.0.${i >> 8}.${i & 255}`))
    const seen: number[] = []
    await readState(root, { onProgress: ({ read }) => seen.push(read) })
    expect(seen).toEqual([1024, 2048, 2500])
  })
})

test('directories in a state directory are entries, and are read where they hold state themselves', async () => {
  const root = folderWith({ [`${DIR}/lock`]: '', [`${DIR}/inner/10.9.0.1`]: OWNER, [`${DIR}/notes/readme`]: 'never read' })
  mkdirSync(join(root, 'var/lib/cni/networks/..strange'))
  const { states, documents } = await readState(root)
  expect(states.map(({ path, entries, unusualName }) => [path, entries.map(({ name, kind }) => `${kind} ${name}`).sort(), unusualName])).toEqual([
    ['var/lib/cni/networks/..strange', [], true],
    [DIR, ['directory inner', 'directory notes', 'file lock'], undefined],
    [`${DIR}/inner`, ['file 10.9.0.1'], undefined],
  ])
  expect(JSON.stringify(documents)).not.toContain('never read')
})
