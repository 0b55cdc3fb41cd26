// Turns the bytes of one file or stream into Kubernetes objects, handing them on while the bytes arrive.
import { SourceError } from '../model/errors.ts'
import { failureText } from './failure-text.ts'
import { jsonScanner } from './json-scanner.ts'
import { decodeUtf8 } from './json-text.ts'
import { objectReaders } from './object-reader.ts'
import { sniffFormat } from './sniff-format.ts'
import type { Document, Needs } from './source.ts'
import { isJsonObject, type JsonObject, type Unwrapper, unwrapLists } from './unwrap-lists.ts'
import { readYaml } from './yaml-documents.ts'

/** What became of one file; `problem` is undefined when all of it could be used. */
export interface Decoded {
  readonly read: number
  readonly problem: string | undefined
}

export interface Decoder {
  /** The chunk may be overwritten afterwards. False: a fault was met and no more bytes are needed. */
  push(chunk: Uint8Array): boolean
  /** Objects so far. */
  read(): number
  /** @param failure what went wrong outside, such as a read error */
  end(failure?: string): Promise<Decoded>
}

interface Format {
  push(chunk: Buffer): void
  end(): void | Promise<void>
}

/** The YAML parser needs the whole text, and seconds for every few megabytes. */
const LARGEST_YAML = 64 << 20

/**
 * @param pause called between objects where decoding takes long
 * @param needs objects of these kinds may come with the fields alone that are needed
 */
export function decodeDocuments(origin: string, accept: (document: Document) => void, pause: () => Promise<void>, needs: Needs = new Map()): Decoder {
  const into = unwrapLists(origin, accept)
  let format: Format | undefined
  let start: Buffer = Buffer.alloc(0)
  let fault: string | undefined

  function begin(chunk: Buffer, whole: boolean): void {
    start = Buffer.concat([start, chunk])
    const sniffed = sniffFormat(start, whole)
    if (!sniffed) return
    format = sniffed.format === 'json' ? jsonFormat(into, sniffed.begin, needs) : yamlFormat(into, pause)
    format.push(start.subarray(sniffed.begin))
    start = Buffer.alloc(0)
  }

  return {
    read: into.read,
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      try {
        if (format) format.push(chunk)
        else begin(chunk, false)
      } catch (cause) {
        fault = failureText(cause)
      }
      return fault === undefined
    },
    async end(failure) {
      fault ??= failure
      try {
        if (fault === undefined && !format) begin(Buffer.alloc(0), true)
        if (fault === undefined && !format) throw new SourceError('is empty')
        if (fault === undefined) await format?.end()
      } catch (cause) {
        fault = failureText(cause)
      }
      const problems = fault === undefined ? into.problems() : [...into.problems(), fault]
      if (problems.length === 0 && !into.sawSomething()) problems.push('holds no Kubernetes object')
      return { read: into.read(), problem: problems.length === 0 ? undefined : problems.join('; ') }
    },
  }
}

function jsonFormat(into: Unwrapper, base: number, needs: Needs): Format {
  const readers = objectReaders(needs)
  let inList = false
  return jsonScanner(
    {
      open(head, at) {
        inList = true
        const list = head === undefined ? undefined : parseObject(head, at)
        readers.open(list)
        into.open(list)
      },
      take(chunk, words, start) {
        const taken = readers.read(chunk, words, start)
        if (taken === undefined) return -1
        into.element(taken.value, taken.end - start)
        return taken.end
      },
      element(text, at) {
        const value = parse(text, at)
        readers.sawWhole(value)
        into.element(value, text.length)
      },
      close(text, at) {
        if (inList) into.close(text === undefined ? undefined : parseObject(text, at))
        else if (text !== undefined) into.whole(parse(text, at), at === base ? 'the object' : `the object at byte ${at}`)
        inList = false
      },
    },
    base,
  )
}

/** @throws SourceError for what JSON.parse refuses, with V8's words and the position in the file */
function parse(text: string, at: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    const position = /(?: in JSON)? at position (\d+).*$/s.exec(words)
    const where = position ? `at byte ${at + Number(position[1])}` : `in the value that begins at byte ${at}`
    throw new SourceError(`is not valid JSON: ${words.slice(0, position?.index).replace(/ is not valid JSON$/, '')} ${where}`, { cause })
  }
}

function parseObject(text: string, at: number): JsonObject | undefined {
  const value = parse(text, at)
  return isJsonObject(value) ? value : undefined
}

function yamlFormat(into: Unwrapper, pause: () => Promise<void>): Format {
  const pieces: Buffer[] = []
  let size = 0
  return {
    push(chunk) {
      size += chunk.length
      if (size > LARGEST_YAML)
        throw new SourceError(`is more than ${LARGEST_YAML >> 20} MiB of YAML: save it as JSON (kubectl get -o json), for which there is no limit`)
      pieces.push(Buffer.from(chunk))
    },
    async end() {
      const bytes = Buffer.concat(pieces)
      const nul = bytes.indexOf(0)
      if (nul !== -1) throw new SourceError(`holds a NUL byte at ${nul}, so it is not text in UTF-8 (UTF-16, or a damaged file)`)
      await readYaml(decodeUtf8(bytes), into, pause)
    },
  }
}
