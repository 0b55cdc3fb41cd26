// Opens regular files and nothing else: a FIFO would hang a plain read for ever, a link could lead out of the folder.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { SourceError } from '../model/errors.ts'
import { errorCode } from './failure-text.ts'
import { type EntryKind, kindOf, kindText } from './list-directory.ts'

/** Links are refused by the kernel, and opening a FIFO does not wait for a writer. Windows has neither flag. */
export const OPEN_SAFELY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

export interface OpenFile {
  readonly fd: number
  readonly size: number
  /** Milliseconds since 1970. */
  readonly mtime: number
}

/** What `open` says about the kind of a thing that it refused under OPEN_SAFELY: ELOOP (EMLINK on FreeBSD) is a link, ENXIO a socket. */
export function refusedKind(cause: unknown): EntryKind | undefined {
  const code = errorCode(cause)
  if (code === 'ELOOP' || code === 'EMLINK') return 'symlink'
  return code === 'ENXIO' ? 'socket' : undefined
}

/** @throws SourceError when it is not a regular file; the file system's error when it cannot be opened. The caller closes `fd`. */
export function openRegularFile(path: string | Buffer): OpenFile {
  let fd: number
  try {
    fd = openSync(path, OPEN_SAFELY)
  } catch (cause) {
    const kind = refusedKind(cause)
    throw kind ? new SourceError(`is ${kindText[kind]}, not a regular file; it was not read`) : cause
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new SourceError(`is ${kindText[kindOf(stats)]}, not a regular file; it was not read`)
    return { fd, size: stats.size, mtime: stats.mtimeMs }
  } catch (cause) {
    closeSync(fd)
    throw cause
  }
}

/** The file's bytes in order; every piece lies in one buffer that the next piece overwrites. */
export function* chunksOf(fd: number, chunkSize: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(chunkSize)
  for (;;) {
    const length = readSync(fd, buffer, 0, chunkSize, null)
    if (length === 0) return
    yield buffer.subarray(0, length)
  }
}

export interface SmallFile {
  readonly bytes: Buffer
  readonly mtime: number
}

/** @throws SourceError when it is larger than `limit` bytes (nothing is kept then) or not a regular file; the file system's error otherwise. */
export function readSmallFile(path: string | Buffer, limit: number): SmallFile {
  const { fd, size, mtime } = openRegularFile(path)
  try {
    const pieces: Buffer[] = []
    let total = 0
    if (size <= limit) {
      for (const piece of chunksOf(fd, Math.max(size + 1, 4096))) {
        pieces.push(Buffer.from(piece))
        total += piece.length
        if (total > limit) break
      }
    }
    if (size > limit || total > limit)
      throw new SourceError(`is larger than ${limit / (1 << 20)} MiB, the limit for a file of this kind; it was not read`)
    return { bytes: pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), mtime }
  } finally {
    closeSync(fd)
  }
}
