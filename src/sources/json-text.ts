// Collects the bytes of one JSON value over chunk borders and gives them as text.
import { isAscii, isUtf8 } from 'node:buffer'
import { SourceError } from '../model/errors.ts'

/** etcd refuses objects above 1.5 MB; a value this large is no API object. */
const LARGEST_VALUE = 64 << 20

export interface JsonText {
  /** Copies a part that the next chunk will overwrite. */
  add(chunk: Buffer, from: number, to: number): void
  /** The parts so far and this last one as text. */
  peek(chunk: Buffer, from: number, to: number): string
  /** The same, and starts anew. */
  take(chunk: Buffer, from: number, to: number): string
}

/** Its functions throw SourceError above 64 MiB and for bytes that are not UTF-8. */
export function jsonText(): JsonText {
  let pieces: Buffer[] = []
  let size = 0
  function check(total: number): void {
    if (total > LARGEST_VALUE) throw new SourceError(`holds one value of more than ${LARGEST_VALUE >> 20} MiB, which is no Kubernetes object`)
  }
  function peek(chunk: Buffer, from: number, to: number): string {
    check(size + to - from)
    const last = chunk.subarray(from, to)
    return decodeUtf8(size === 0 ? last : Buffer.concat([...pieces, last]))
  }
  return {
    add(chunk, from, to) {
      size += to - from
      check(size)
      pieces.push(Buffer.from(chunk.subarray(from, to)))
    },
    peek,
    take(chunk, from, to) {
      const text = peek(chunk, from, to)
      if (size > 0) pieces = []
      size = 0
      return text
    },
  }
}

/** Most API objects are ASCII, and V8 keeps and parses such text in one byte a character. @throws SourceError for other encodings */
export function decodeUtf8(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (!isUtf8(bytes)) throw new SourceError('is not valid UTF-8: save it as UTF-8')
  return bytes.toString('utf8')
}
