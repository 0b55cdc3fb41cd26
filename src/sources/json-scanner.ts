// Finds the elements of a list in a stream of JSON bytes, so that a dump above V8's longest string (512 MiB) is parsed object by object.

import { SourceError } from '../model/errors.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts'
import { endOfValue, newExtent, wordsOf } from './json-extent.ts'
import { type JsonText, jsonText } from './json-text.ts'

/** The texts are JSON of which nobody has checked more than where they end. */
export interface JsonSink {
  /** A list begins: the text of its object up to here, closed so that it parses alone; undefined for a bare array. `at` is the offset of its first byte. */
  open(head: string | undefined, at: number): void
  /** Reads the object at `start`, an element, in its own way: the index after it; negative to have it as `element`, for which the chunk may end too early. */
  take?(chunk: Buffer, words: DataView, start: number): number
  /** One element of `items` or of the bare array; `at` as above. */
  element(text: string, at: number): void
  /** A top-level value ends: its text with the elements left out; undefined for a bare array. */
  close(text: string | undefined, at: number): void
}

export interface JsonScanner {
  /** The chunk may be overwritten afterwards. @throws SourceError at the first byte that cannot be JSON */
  push(chunk: Uint8Array): void
  /** @throws SourceError when the text ends inside a value */
  end(): void
}

/** Handles what begins at `i` and gives the index of what it did not handle. */
type Step = (chunk: Buffer, i: number) => number

const ITEMS = Buffer.from('items')

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
const shown = (byte: number): string =>
  byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16).padStart(2, '0')}`

/** @param base offset of the first byte that will be pushed, for messages */
export function jsonScanner(sink: JsonSink, base = 0): JsonScanner {
  const head = jsonText()
  const element = jsonText()
  const extent = newExtent()
  let words = wordsOf(Buffer.alloc(0)) // of the present chunk
  let step: Step = outside
  let offset = base // of the present chunk
  let text: JsonText | undefined // what the bytes at hand belong to
  let from = 0 // index of that text's first byte in this chunk
  let valueAt = 0
  let elementAt = 0
  let inObject = false // the list is the items of an object
  let mayClose = false // `]` may stand where an element may
  let matched = 0 // letters of "items" that the head's present string begins with; -1: another string
  let escaped = false
  let before: 'items' | 'items:' | 'other' = 'other' // what the head held last

  function refuse(byte: number, i: number, wanted: string): never {
    throw new SourceError(`is not valid JSON: ${shown(byte)} at byte ${offset + i} where ${wanted} was expected`)
  }

  function outside(chunk: Buffer, i: number): number {
    const byte = chunk[i] as number
    if (isSpace(byte)) return i + 1
    if (byte !== OPEN_OBJECT && byte !== OPEN_ARRAY) return refuse(byte, i, "'{' or '['")
    valueAt = offset + i
    inObject = byte === OPEN_OBJECT
    if (!inObject) return openList(undefined, i)
    text = head
    from = i
    step = inHead
    return i + 1
  }

  function inHead(chunk: Buffer, i: number): number {
    const byte = chunk[i] as number
    if (isSpace(byte)) return i + 1
    if (byte === OPEN_ARRAY && before === 'items:') {
      const start = head.peek(chunk, from, i + 1)
      head.add(chunk, from, i + 1)
      return openList(`${start}]}`, i)
    }
    before = byte === COLON && before === 'items' ? 'items:' : 'other'
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      step = inHeadValue
      return i
    }
    if (byte === QUOTE) {
      matched = 0
      step = inHeadString
    } else if (byte === CLOSE_OBJECT) {
      text = undefined
      step = outside
      sink.close(head.take(chunk, from, i + 1), valueAt)
    }
    return i + 1
  }

  function inHeadString(chunk: Buffer, i: number): number {
    const byte = chunk[i] as number
    if (byte === QUOTE && !escaped) {
      before = matched === ITEMS.length ? 'items' : 'other'
      step = inHead
    }
    matched = matched >= 0 && byte === ITEMS[matched] ? matched + 1 : -1
    escaped = byte === BACKSLASH && !escaped
    return i + 1
  }

  function inHeadValue(chunk: Buffer, i: number): number {
    const end = endOfValue(chunk, words, i, extent)
    if (end !== -1) step = inHead
    return end === -1 ? chunk.length : end
  }

  function openList(start: string | undefined, i: number): number {
    text = undefined
    mayClose = true
    step = beforeElement
    sink.open(start, valueAt)
    return i + 1
  }

  function closeList(i: number): number {
    if (inObject) {
      text = head
      from = i
      before = 'other'
      step = inHead
    } else {
      step = outside
      sink.close(undefined, valueAt)
    }
    return i + 1
  }

  function beforeElement(chunk: Buffer, i: number): number {
    const byte = chunk[i] as number
    if (isSpace(byte)) return i + 1
    if (byte === CLOSE_ARRAY && mayClose) return closeList(i)
    if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || byte === COLON) return refuse(byte, i, 'an element')
    const taken = byte === OPEN_OBJECT ? (sink.take?.(chunk, words, i) ?? -1) : -1
    if (taken >= 0) {
      step = afterElement
      return taken
    }
    elementAt = offset + i
    text = element
    from = i
    step = byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === QUOTE ? inElement : inWord
    return i
  }

  function inElement(chunk: Buffer, i: number): number {
    const end = endOfValue(chunk, words, i, extent)
    return end === -1 ? chunk.length : closeElement(chunk, end)
  }

  function inWord(chunk: Buffer, i: number): number {
    const byte = chunk[i] as number
    return isSpace(byte) || byte === COMMA || byte === CLOSE_ARRAY ? closeElement(chunk, i) : i + 1
  }

  function closeElement(chunk: Buffer, end: number): number {
    text = undefined
    step = afterElement
    sink.element(element.take(chunk, from, end), elementAt)
    return end
  }

  function afterElement(chunk: Buffer, i: number): number {
    const byte = chunk[i] as number
    if (byte === CLOSE_ARRAY) return closeList(i)
    if (byte === COMMA) {
      mayClose = false
      step = beforeElement
    } else if (!isSpace(byte)) refuse(byte, i, "',' or ']'")
    return i + 1
  }

  return {
    push(bytes) {
      const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      words = wordsOf(chunk)
      from = 0
      for (let i = 0; i < chunk.length; ) i = step(chunk, i)
      text?.add(chunk, from, chunk.length)
      offset += chunk.length
    },
    end() {
      if (step !== outside)
        throw new SourceError(`is cut off: it ends at byte ${offset}, inside the value that begins at byte ${text === element ? elementAt : valueAt}`)
    },
  }
}
