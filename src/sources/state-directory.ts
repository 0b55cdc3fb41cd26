// Reads one state directory while its kubelet may be writing to it: names, contents, then whatever changed meanwhile.
import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Time } from '../model/inventory.ts'
import { type Listed, type Listing, listDirectory } from './list-directory.ts'
import type { StateEntry } from './source.ts'
import { type EntryReader, entryReader } from './state-entry.ts'

export interface StateDirectoryRequest {
  readonly path: string
  readonly listing: Listing
  /** Of the directory, taken before `listing`. */
  readonly modified: Time
  readonly maxEntries: number
  /** Time of an entry on record, by name. */
  recorded(name: string): Time | undefined
  /** Called after every 1,024 entries and when all that was listed is read. */
  progress(read: number): void
  pause(): Promise<void>
}

/** host-local creates a file and then writes it: an empty one may be whole a moment later. */
const EMPTY_FILE_WAIT = 100
/** An empty file that is older than this is what a crash left; a clock that differs from the file server's by more is broken. */
const IN_FLIGHT = 60_000
/** Directory times move in steps of up to 2 s (FAT; ext3 and NFS 1 s): a younger one may hide a change. */
const TIME_STEP = 2000
const PORTION = 1024

/** @throws the file system's error when the directory cannot be listed a second time */
export async function readStateDirectory(request: StateDirectoryRequest): Promise<StateEntry[]> {
  const { path, listing, modified, maxEntries } = request
  const read = entryReader(path)
  const listedAt = Date.now()
  let entries = await readAll(request, listing.entries, read)
  request.progress(entries.length)
  const { mtimeMs, size } = statSync(path)
  if (mtimeMs !== modified || modified > listedAt - TIME_STEP) {
    const now = listDirectory(path, size, maxEntries).entries
    const there = new Set(now.map(({ name }) => name))
    const known = new Set(listing.entries.map(({ name }) => name))
    entries = entries.filter(({ name }) => there.has(name))
    entries.push(
      ...(await readAll(
        request,
        now.filter(({ name }) => !known.has(name)),
        read,
      )),
    )
  }
  return lookAgainAtEmpty(request, entries, read)
}

async function readAll(request: StateDirectoryRequest, listed: readonly Listed[], read: EntryReader): Promise<StateEntry[]> {
  const entries: StateEntry[] = []
  for (const entry of listed) {
    const found = read(entry, request.recorded(entry.name))
    if (found) entries.push(found)
    if (entries.length % PORTION === 0) {
      request.progress(entries.length)
      await request.pause()
    }
  }
  return entries
}

/** One wait for all of them; a file whose time is on record lies in a copy, where nothing is written any more. */
async function lookAgainAtEmpty(request: StateDirectoryRequest, entries: StateEntry[], read: EntryReader): Promise<StateEntry[]> {
  const youngest = Date.now() - IN_FLIGHT
  const inFlight = ({ name, kind, text, mtime }: StateEntry): boolean =>
    kind === 'file' && text === '' && mtime > youngest && name !== 'lock' && !name.includes('\uFFFD') && request.recorded(name) === undefined
  if (!entries.some(inFlight)) return entries
  await setTimeout(EMPTY_FILE_WAIT)
  return entries.flatMap((entry) => (inFlight(entry) ? (read({ name: entry.name, kind: 'file', raw: undefined }, undefined) ?? []) : entry))
}
