// Standard output that fails: the reader has gone, or there is no room.
import { afterEach, expect, test } from 'vitest'
import { isClosedPipe, writeStdout } from '../../src/cli/stdout.ts'
import { OutputError } from '../../src/model/errors.ts'

const original = process.stdout.write
afterEach(() => {
  process.stdout.write = original
})

/** Lets the given number of writes pass, then fails with the code; what has been written. */
function failingAfter(count: number, code: string): string[] {
  const written: string[] = []
  process.stdout.write = ((text: string, _encoding: string, done: (error?: Error) => void) => {
    if (written.length < count) {
      written.push(text)
      done()
    } else done(Object.assign(new Error(`${code}: it failed, write`), { code, syscall: 'write' }))
    return true
  }) as typeof process.stdout.write
  return written
}

function counted(pieces: number): { given: () => number; pieces: Iterable<string> } {
  let given = 0
  function* text(): Iterable<string> {
    for (; given < pieces; given++) yield 'x'.repeat(10_000)
  }
  return { given: () => given, pieces: text() }
}

test('pieces arrive in order and in chunks', async () => {
  const written = failingAfter(100, 'EIO')
  const pieces = Array.from({ length: 20_000 }, (_, index) => `${index}\n`)
  await writeStdout(pieces)
  expect(written.join('')).toBe(pieces.join(''))
  expect(written).toHaveLength(2)
})

test('nothing to write is nothing written, and not begun', async () => {
  const written = failingAfter(100, 'EIO')
  let begun = false
  await writeStdout(['', ''], () => {
    begun = true
  })
  expect([written, begun]).toEqual([[], false])
})

test('when the reader has gone, no more is asked for', async () => {
  failingAfter(2, 'EPIPE')
  const { given, pieces } = counted(1_000)
  await writeStdout(pieces)
  expect(given()).toBeLessThan(30)
})

test.each(['ENOSPC', 'EIO', 'EDQUOT'])('%s is an OutputError', async (code) => {
  failingAfter(1, code)
  const { pieces } = counted(100)
  await expect(writeStdout(pieces)).rejects.toThrow(new OutputError(`cannot write to standard output: ${code}: it failed, write`))
})

test('a fault of the text itself is no output error', async () => {
  failingAfter(100, 'EIO')
  function* breaking(): Iterable<string> {
    yield 'x'
    throw new TypeError('bug')
  }
  await expect(writeStdout(breaking())).rejects.toThrow(new TypeError('bug'))
})

test('a closed pipe is told by its code', () => {
  expect(isClosedPipe(Object.assign(new Error('x'), { code: 'EPIPE' }))).toBe(true)
  expect([isClosedPipe(new Error('EPIPE')), isClosedPipe('EPIPE'), isClosedPipe(Object.assign(new Error('x'), { code: 'ENOSPC' }))]).toEqual([
    false,
    false,
    false,
  ])
})
