// Files that a person names: looked at before they are read.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/errors.ts'
import { readConfigFile } from '../../src/sources/config-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-config-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function fault(path: string, limit?: number): Promise<string> {
  const error: unknown = await readConfigFile(path, limit).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(UsageError)
  const { message } = error as UsageError
  expect(message.startsWith(`${path}: `)).toBe(true)
  return message.slice(path.length + 2)
}

describe('is read', () => {
  test('UTF-8 with and without a byte order mark, and CRLF', async () => {
    expect(await readConfigFile(file('plain', 'näme: 1\n'))).toBe('näme: 1\n')
    expect(await readConfigFile(file('bom', '\ufeffa: 1\r\nb: 2\r\n'))).toBe('a: 1\r\nb: 2\r\n')
  })

  test('through a symbolic link', async () => {
    symlinkSync(file('target', 'a: 1'), join(folder, 'link'))
    expect(await readConfigFile(join(folder, 'link'))).toBe('a: 1')
  })

  test('up to the limit, and not one byte more', async () => {
    expect(await readConfigFile(file('limit', 'a'.repeat(2048)), 2048)).toHaveLength(2048)
    expect(await fault(file('over', 'a'.repeat(2049)), 2048)).toContain('more than the 1 MiB')
  })
})

describe('is refused', () => {
  test('a file of 2 GB, without reading it', async () => {
    const path = file('huge', '')
    truncateSync(path, 2 * 1024 ** 3)
    expect(await fault(path)).toBe('it has 2048 MiB, more than the 1 MiB that such a file may have')
  })

  test('a FIFO that nobody writes to, without waiting', async () => {
    const path = join(folder, 'fifo')
    execFileSync('mkfifo', [path])
    expect(await fault(path)).toContain('not a regular file')
  })

  test('a directory, a device, and nothing at all', async () => {
    mkdirSync(join(folder, 'directory'))
    expect(await fault(join(folder, 'directory'))).toContain('it is a directory')
    expect(await fault('/dev/zero')).toContain('not a regular file')
    expect(await fault(join(folder, 'missing'))).toBe('there is no such file')
    expect(await fault(join(file('parent', ''), 'child'))).toBe('there is no such file')
    symlinkSync(join(folder, 'loop'), join(folder, 'loop'))
    expect(await fault(join(folder, 'loop'))).toBe('its symbolic links lead nowhere')
  })

  test.each([
    ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'it is UTF-16'],
    ['UTF-16, big end first', new Uint8Array([0xfe, 0xff, 0, 0x61]), 'it is UTF-16'],
    ['UTF-16 without a mark', new Uint8Array([0x61, 0, 0x62, 0]), 'is it UTF-16?'],
    ['invalid UTF-8', new Uint8Array([0x61, 0xff]), 'it is not UTF-8'],
    ['nothing', '', 'it is empty'],
    ['blanks', ' \n\t\r\n', 'it is empty'],
  ])('%s', async (name, content, words) => {
    expect(await fault(file(name, content))).toContain(words)
  })

  test('keeps no descriptor open', async () => {
    const before = openSync('/dev/null', 'r')
    closeSync(before)
    for (let round = 0; round < 20; round++) await fault(join(folder, 'directory'))
    const after = openSync('/dev/null', 'r')
    closeSync(after)
    expect(after).toBe(before)
  })
})
