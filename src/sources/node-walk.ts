// Walks what there is of one node's file system: state directories with all their entries, every other regular file as text.
import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Origin, Time } from '../model/inventory.ts'
import { failureText } from './failure-text.ts'
import { kindText, type Listed, type Listing, listDirectory } from './list-directory.ts'
import type { Reading } from './reading.ts'
import { readSmallFile } from './regular-file.ts'
import type { FileDocument, StateDocument, StateEntry } from './source.ts'
import { readStateDirectory } from './state-directory.ts'
import { isNetworkDirectory, isNetworkName, isStateParent, looksLikeState } from './state-names.ts'

export interface WalkRoot {
  readonly node: string
  readonly root: string
  readonly times: ReadonlyMap<string, Time>
  origin(path: string): Origin
}

export interface NodeContents {
  readonly files: FileDocument[]
  readonly states: StateDocument[]
}

/** What a directory is taken for: `state` without looking; `nested` in a state directory, of interest only if it is one too. */
export type Expected = 'anything' | 'state' | 'nested'

/** Paths are below the root without a leading slash; `real` is where they lie. */
export interface NodeWalk {
  directory(path: string, real: string, expected: Expected): Promise<void>
  file(path: string, real: string): void
}

/** Conflists and results have a few KiB, `crictl pods` of a full node a few hundred. */
const LARGEST_FILE = 4 << 20
const DEEPEST_PATH = 32

export function nodeWalk(reading: Reading, { node, root, times, origin }: WalkRoot, contents: NodeContents): NodeWalk {
  const inside = (real: string): boolean => root === '/' || real.startsWith(`${root}/`)
  const below = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`)

  async function directory(path: string, real: string, expected: Expected): Promise<void> {
    if (!reading.firstVisit(real)) return
    await reading.pause()
    let listing: Listing
    let modified: Time
    try {
      const { size, mtimeMs } = statSync(real)
      modified = mtimeMs
      listing = listDirectory(real, size, reading.maxEntries)
    } catch (cause) {
      const error = `cannot be listed: ${failureText(cause)}`
      if (expected === 'state' || isNetworkDirectory(path)) addState(path, [], error)
      reading.cover(origin(path), 'failed', 0, error)
      return
    }
    const isState = expected === 'state' || isNetworkDirectory(path) || looksLikeState(listing.entries)
    if (isState) await state(path, real, listing, modified)
    else if (expected === 'nested') return
    else if (listing.truncated) reading.cover(origin(path), 'partial', listing.entries.length, tooMany())
    const named = isState ? listing.entries.filter(({ kind }) => kind === 'directory') : [...listing.entries]
    for (const entry of named.sort((a, b) => (a.name < b.name ? -1 : 1))) await inner(path, real, entry, isState ? 'nested' : 'anything')
  }

  async function inner(path: string, real: string, { name, kind, raw }: Listed, expected: Expected): Promise<void> {
    const innerPath = below(path, name)
    const innerReal = `${real === '/' ? '' : real}/${name}`
    if (kind === 'directory') {
      if (raw || innerPath.split('/').length > DEEPEST_PATH)
        reading.cover(origin(innerPath), 'partial', 0, raw ? 'was not entered: its name is not UTF-8' : 'lies too deep and was not entered')
      else await directory(innerPath, innerReal, expected)
    } else if (kind === 'file') addFile(innerPath, raw ? Buffer.concat([Buffer.from(`${real}/`), raw]) : innerReal)
    else if (kind === 'symlink' && !isStateParent(path)) link(innerPath, innerReal)
    else
      reading.cover(
        origin(innerPath),
        'partial',
        0,
        `is ${kindText[kind]} and was not ${kind === 'symlink' ? 'followed: give its target with --host-local' : 'read'}`,
      )
  }

  async function state(path: string, real: string, listing: Listing, modified: Time): Promise<void> {
    const prefix = `${path}/`
    try {
      const entries = await readStateDirectory({
        path: real,
        listing,
        modified,
        maxEntries: reading.maxEntries,
        recorded: times.size === 0 ? () => undefined : (name) => times.get(prefix + name),
        progress: (read) => reading.progress(origin(path), read),
        pause: reading.pause,
      })
      const unread = entries.filter(({ error }) => error !== undefined)
      if (listing.truncated) reading.cover(origin(path), 'partial', entries.length, tooMany())
      if (unread[0]) {
        const error = `${unread.length} of ${entries.length} files cannot be read, the first is ${unread[0].name}: ${unread[0].error}`
        reading.cover(origin(path), 'partial', entries.length - unread.length, error)
      }
      addState(path, entries, listing.truncated ? tooMany() : undefined)
    } catch (cause) {
      const error = `cannot be listed: ${failureText(cause)}`
      addState(path, [], error)
      reading.cover(origin(path), 'failed', 0, error)
    }
  }

  const tooMany = (): string => `has more than ${reading.maxEntries} entries; the rest was not read`

  function addState(path: string, entries: readonly StateEntry[], error: string | undefined): void {
    const name = path.slice(path.lastIndexOf('/') + 1)
    contents.states.push({ type: 'state', node, path, entries, error, ...(isNetworkName(name) ? {} : { unusualName: true }), origin: origin(path) })
  }

  /** An absolute link means the node's root, not that of the machine that reads. */
  function link(path: string, real: string): void {
    try {
      const text = readlinkSync(real)
      const target = realpathSync(isAbsolute(text) ? join(root, text) : join(dirname(real), text))
      const found = inside(target) ? statSync(target) : undefined
      if (found?.isFile()) addFile(path, target)
      if (found?.isFile() || found?.isDirectory()) return // the walk comes by a directory, or nobody asked for it
    } catch (cause) {
      failureText(cause)
    }
    reading.cover(origin(path), 'partial', 0, 'is a symbolic link whose target is not among the files given, so it was not read')
  }

  function addFile(path: string, real: string | Buffer): void {
    if (path === 'stat.json') return
    try {
      const { bytes, mtime } = readSmallFile(real, LARGEST_FILE)
      contents.files.push({
        type: 'file',
        area: 'node',
        node,
        path,
        text: bytes.toString('utf8'),
        mtime: times.get(path) ?? mtime,
        origin: origin(path),
      })
    } catch (cause) {
      reading.cover(origin(path), 'partial', 0, failureText(cause))
    }
  }

  return { directory, file: addFile }
}
