// Reads one entry of a state directory: at most 4 KiB of a regular file, nothing of anything else.
import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import type { Time } from '../model/inventory.ts'
import { errorCode, failureText } from './failure-text.ts'
import { type EntryKind, kindOf, type Listed } from './list-directory.ts'
import { OPEN_SAFELY, refusedKind } from './regular-file.ts'
import type { StateEntry } from './source.ts'

/** A real allocation file has 70 bytes: 64 of the sandbox id, CR, LF, the interface. */
export const STATE_FILE_LIMIT = 4096

/** Reads one entry; `recorded` is its time where a stat.json tells it. undefined: it is gone, as happens on a live node. */
export type EntryReader = (listed: Listed, recorded: Time | undefined) => StateEntry | undefined

/** Plain synchronous calls and one buffer: everything else that Node offers costs two to twenty times as much. */
export function entryReader(directory: string): EntryReader {
  const buffer = Buffer.allocUnsafeSlow(STATE_FILE_LIMIT)
  const prefix = `${directory}/`
  return ({ name, kind, raw }, recorded) => {
    const path = raw ? Buffer.concat([Buffer.from(prefix), raw]) : prefix + name
    if (kind !== 'file') return unread(path, name, kind, recorded, undefined)
    let fd: number
    try {
      fd = openSync(path, OPEN_SAFELY)
    } catch (cause) {
      if (errorCode(cause) === 'ENOENT') return undefined
      const changed = refusedKind(cause)
      return unread(path, name, changed ?? 'file', recorded, changed ? undefined : failureText(cause))
    }
    try {
      // A time on record spares the fstat: O_NONBLOCK and O_NOFOLLOW hold even if the entry is something else by now.
      let stats = recorded === undefined ? fstatSync(fd) : undefined
      if (stats && !stats.isFile()) return { name, kind: kindOf(stats), size: stats.size, mtime: stats.mtimeMs, text: undefined, error: undefined }
      const length = readSync(fd, buffer, 0, STATE_FILE_LIMIT, null)
      if (length === STATE_FILE_LIMIT) stats ??= fstatSync(fd)
      const text = buffer.toString('latin1', 0, length)
      return { name, kind: 'file', size: stats?.size ?? length, mtime: recorded ?? stats?.mtimeMs ?? 0, text, error: undefined }
    } catch (cause) {
      return unread(path, name, 'file', recorded, failureText(cause))
    } finally {
      closeSync(fd)
    }
  }
}

function unread(path: string | Buffer, name: string, kind: EntryKind, recorded: Time | undefined, error: string | undefined): StateEntry | undefined {
  let stats: Stats | undefined
  try {
    stats = lstatSync(path)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
  }
  return { name, kind, size: stats?.size ?? 0, mtime: recorded ?? stats?.mtimeMs ?? 0, text: undefined, error }
}
