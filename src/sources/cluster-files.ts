// Reads files of Kubernetes objects: one file, a stream, or every *.json, *.yaml and *.yml below a folder.
import { closeSync, statSync } from 'node:fs'
import type { Origin } from '../model/inventory.ts'
import { type Decoder, decodeDocuments } from './decode-documents.ts'
import { failureText } from './failure-text.ts'
import { kindText, listDirectory } from './list-directory.ts'
import type { Reading } from './reading.ts'
import { chunksOf, openRegularFile } from './regular-file.ts'

const CHUNK = 1 << 20
const DUMP = /\.(?:json|ya?ml)$/i
const PACKED_DUMP = /\.(?:json|ya?ml)\.(?:gz|bz2|xz|zst|zip)$/i
/** `kubectl cluster-info dump` has three levels. */
const DEEPEST_FOLDER = 32

/** Reads one regular file; `path` must be real, so that it is known when it comes a second time. */
export async function readClusterFile(reading: Reading, path: string, origin: Origin): Promise<void> {
  if (!reading.firstVisit(path)) return
  const decoder = decodeDocuments(origin, reading.accept, reading.pause, reading.needs)
  let failure: string | undefined
  try {
    const { fd, mtime } = openRegularFile(path)
    reading.sawClusterFile(mtime)
    try {
      for (const chunk of chunksOf(fd, CHUNK)) {
        if (!decoder.push(chunk)) break
        reading.progress(origin, decoder.read())
        await reading.pause()
      }
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    failure = failureText(cause)
  }
  await close(reading, decoder, origin, failure)
}

/** Reads a stream to its end. */
export async function readClusterStream(reading: Reading, stream: AsyncIterable<Uint8Array>, origin: Origin): Promise<void> {
  const decoder = decodeDocuments(origin, reading.accept, reading.pause, reading.needs)
  let failure: string | undefined
  try {
    for await (const chunk of stream) {
      if (!decoder.push(chunk)) break
      reading.progress(origin, decoder.read())
    }
  } catch (cause) {
    failure = failureText(cause)
  }
  await close(reading, decoder, origin, failure)
}

async function close(reading: Reading, decoder: Decoder, origin: Origin, failure: string | undefined): Promise<void> {
  const { read, problem } = await decoder.end(failure)
  reading.progress(origin, read)
  if (problem !== undefined) reading.coverObjects(origin, read > 0 ? 'partial' : 'failed', read, problem)
}

/** @returns how many files were found; links are not followed */
export async function readDumpFolder(reading: Reading, path: string, origin: Origin, level = 0): Promise<number> {
  let found = 0
  const fail = (name: string, text: string): void => reading.coverObjects(name, 'failed', 0, text)
  try {
    const { entries, truncated } = listDirectory(path, statSync(path).size, reading.maxEntries)
    if (truncated) reading.coverObjects(origin, 'partial', entries.length, `has more than ${reading.maxEntries} entries; the rest was not read`)
    for (const { name, kind } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = `${origin}/${name}`
      if (kind === 'directory' && level < DEEPEST_FOLDER) found += await readDumpFolder(reading, `${path}/${name}`, inner, level + 1)
      else if (kind === 'directory') fail(inner, 'lies too deep and was not entered')
      else if (DUMP.test(name)) {
        found++
        if (kind === 'file') await readClusterFile(reading, `${path}/${name}`, inner)
        else fail(inner, `is ${kindText[kind]}, not a regular file; it was not read`)
      } else if (PACKED_DUMP.test(name)) fail(inner, 'is packed: unpack it first')
    }
  } catch (cause) {
    fail(origin, `cannot be listed: ${failureText(cause)}`)
  }
  return found
}
