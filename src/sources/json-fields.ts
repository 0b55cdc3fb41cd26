// Takes the fields that are read out of the bytes of one JSON object: the rest, nine tenths of a pod, is stepped over and never becomes a value.
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts'
import { endOfString, endOfValue, newExtent } from './json-extent.ts'
import type { FieldTree } from './source.ts'

export interface FieldReader {
  /**
   * Index after the object at `start`; negative where this cannot be told, because the chunk ends first or something other than JSON comes. Only the
   * objects on the way to a field are looked at closely: what is left out must have its quotes and its brackets in pairs, and what is kept is left to
   * JSON.parse. One wrong byte anywhere does not pass for other fields.
   *
   * @param words of the same chunk
   * @throws SourceError as endOfValue does
   */
  read(chunk: Buffer, words: DataView, start: number): number
  /** The last object with those fields alone, as the same bytes; overwritten by the next one. */
  bytes(): Buffer
}

interface Level {
  /** Keys by their length in bytes. */
  readonly keys: readonly (readonly Key[] | undefined)[]
}

interface Key {
  readonly bytes: Buffer
  readonly below: Level | typeof WHOLE
}

const WHOLE = 'whole'

function levelOf(tree: FieldTree): Level {
  const keys: Key[][] = []
  for (const [name, below] of Object.entries(tree)) {
    const bytes = Buffer.from(name)
    keys[bytes.length] = [...(keys[bytes.length] ?? []), { bytes, below: below === true ? WHOLE : levelOf(below) }]
  }
  return { keys }
}

function afterSpace(chunk: Buffer, i: number): number {
  let at = i
  while (chunk[at] === 0x20 || chunk[at] === 0x0a || chunk[at] === 0x0d || chunk[at] === 0x09) at++
  return at
}

function isAt(chunk: Buffer, at: number, { bytes }: Key): boolean {
  for (let i = 0; i < bytes.length; i++) if (chunk[at + i] !== bytes[i]) return false
  return true
}

export function fieldReader(tree: FieldTree): FieldReader {
  const top = levelOf(tree)
  let out = Buffer.allocUnsafeSlow(16 << 10)
  let length = 0
  let from = -1 // first byte that is kept and not yet copied; -1 between fields

  function copy(chunk: Buffer, to: number): void {
    if (length + to - from > out.length) out = Buffer.concat([out.subarray(0, length)], 2 * (length + to - from))
    length += chunk.copy(out, length, from, to)
    from = -1
  }

  function afterValue(chunk: Buffer, words: DataView, i: number): number {
    const byte = chunk[i]
    if (byte === QUOTE) return endOfString(chunk, words, i + 1)
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const extent = newExtent()
      const end = endOfValue(chunk, words, i, extent)
      return extent.stray ? -1 : end
    }
    let at = i
    while (at < chunk.length && isOfWord(chunk[at] as number)) at++
    return at === i || at === chunk.length ? -1 : at
  }

  function below(chunk: Buffer, words: DataView, i: number, level: Level): number {
    if (chunk[i] === OPEN_OBJECT) return object(chunk, words, i, level)
    if (chunk[i] !== OPEN_ARRAY) return afterValue(chunk, words, i)
    let at = afterSpace(chunk, i + 1)
    if (chunk[at] === CLOSE_ARRAY) return at + 1
    for (;;) {
      at = chunk[at] === OPEN_OBJECT ? object(chunk, words, at, level) : afterValue(chunk, words, at)
      if (at < 0) return -1
      at = afterSpace(chunk, at)
      if (chunk[at] === CLOSE_ARRAY) return at + 1
      if (chunk[at] !== COMMA) return -1
      at = afterSpace(chunk, at + 1)
    }
  }

  function object(chunk: Buffer, words: DataView, i: number, level: Level): number {
    let kept = false
    let cut = i + 1 // what is left out begins here: behind the brace, later at the comma
    let at = afterSpace(chunk, cut)
    if (chunk[at] === CLOSE_OBJECT) return at + 1
    for (;;) {
      if (chunk[at] !== QUOTE) return -1
      const key = at
      let escaped = false // then it may be any key, and is kept
      for (at++; at < chunk.length && chunk[at] !== QUOTE; at++) {
        if ((chunk[at] as number) < 0x20) return -1
        if (chunk[at] !== BACKSLASH) continue
        escaped = true
        at++
      }
      const found = escaped ? WHOLE : level.keys[at - key - 1]?.find((one) => isAt(chunk, key + 1, one))?.below
      at = afterSpace(chunk, at + 1)
      if (chunk[at] !== COLON) return -1
      at = afterSpace(chunk, at + 1)
      if (found === undefined) {
        if (from !== -1) copy(chunk, cut)
        at = afterValue(chunk, words, at)
      } else {
        if (from === -1) from = kept ? cut : key
        kept = true
        at = found === WHOLE ? afterValue(chunk, words, at) : below(chunk, words, at, found)
      }
      if (at < 0) return -1
      at = afterSpace(chunk, at)
      if (chunk[at] === CLOSE_OBJECT) {
        if (from === -1) from = at
        return at + 1
      }
      if (chunk[at] !== COMMA) return -1
      cut = at
      at = afterSpace(chunk, at + 1)
    }
  }

  return {
    read(chunk, words, start) {
      length = 0
      from = start
      const end = object(chunk, words, start, top)
      if (end >= 0) copy(chunk, end)
      return end
    },
    bytes: () => out.subarray(0, length),
  }
}

/** Letters, digits and `+-.`: of numbers, true, false and null. */
const isOfWord = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || byte === 0x2b || byte === 0x2d || byte === 0x2e
