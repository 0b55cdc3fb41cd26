// Lists one directory without following or opening anything in it.
import { type Dirent, opendirSync, readdirSync } from 'node:fs'
import type { StateEntry } from './source.ts'

export type EntryKind = StateEntry['kind']

export interface Listed {
  readonly name: string
  readonly kind: EntryKind
  /** The name's bytes where they are not UTF-8: such a file cannot be opened by its decoded name. */
  readonly raw: Buffer | undefined
}

export interface Listing {
  readonly entries: readonly Listed[]
  /** True when there are more entries than were asked for. */
  readonly truncated: boolean
}

/** Directories report a size that grows with their entries on ext4, xfs, btrfs, tmpfs and zfs; above this one the names are read in portions. */
const LARGE_DIRECTORY = 1 << 20

/**
 * @param size of the directory as `stat` tells it
 * @throws the file system's error when the directory cannot be listed
 */
export function listDirectory(path: string, size: number, maxEntries: number): Listing {
  const found = size > LARGE_DIRECTORY ? inPortions(path, maxEntries) : readdirSync(path, { withFileTypes: true })
  const truncated = found.length > maxEntries
  if (truncated) found.length = maxEntries
  const entries = new Array<Listed>(found.length)
  let decoded = true
  for (let i = 0; i < found.length; i++) {
    const entry = found[i] as Dirent
    if (entry.name.includes('\uFFFD')) decoded = false
    entries[i] = { name: entry.name, kind: kindOf(entry), raw: undefined }
  }
  return { entries: decoded ? entries : byBytes(path, maxEntries), truncated }
}

function inPortions(path: string, maxEntries: number): Dirent[] {
  const directory = opendirSync(path, { bufferSize: 4096 })
  const found: Dirent[] = []
  try {
    for (let entry = directory.readSync(); entry && found.length <= maxEntries; entry = directory.readSync()) found.push(entry)
  } finally {
    directory.closeSync()
  }
  return found
}

function byBytes(path: string, maxEntries: number): Listed[] {
  const found = readdirSync(path, { withFileTypes: true, encoding: 'buffer' })
  return found.slice(0, maxEntries).map((entry) => {
    const name = entry.name.toString()
    return { name, kind: kindOf(entry), raw: name.includes('\uFFFD') ? entry.name : undefined }
  })
}

interface Typed {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
  isFIFO(): boolean
  isSocket(): boolean
  isBlockDevice(): boolean
  isCharacterDevice(): boolean
}

/** Kind of a directory entry or of a `stat` result. */
export function kindOf(entry: Typed): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  if (entry.isSymbolicLink()) return 'symlink'
  if (entry.isFIFO()) return 'fifo'
  if (entry.isSocket()) return 'socket'
  return entry.isBlockDevice() || entry.isCharacterDevice() ? 'device' : 'unknown'
}

/** How people call it, with its article. */
export const kindText: Readonly<Record<EntryKind, string>> = {
  file: 'a file',
  directory: 'a directory',
  symlink: 'a symbolic link',
  fifo: 'a FIFO',
  socket: 'a socket',
  device: 'a device',
  unknown: 'not a regular file',
}
