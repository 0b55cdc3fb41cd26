// One page of a list as an API server sends it: what JSON.parse gives, with the fields alone of its objects that are needed.
import { SourceError } from '../model/errors.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { jsonScanner } from './json-scanner.ts'
import { decodeUtf8 } from './json-text.ts'
import { objectReaders } from './object-reader.ts'
import type { Needs } from './source.ts'

/** @throws SyntaxError for what is not JSON, SourceError for what is not UTF-8 */
export function parseList(body: Buffer, needs: Needs): unknown {
  return scan(body, needs) ?? JSON.parse(decodeUtf8(body))
}

/** Undefined for all that is not plainly one list. */
function scan(body: Buffer, needs: Needs): JsonObject | undefined {
  const readers = objectReaders(needs)
  const items: unknown[] = []
  const heads: unknown[] = []
  let lists = 0
  const scanner = jsonScanner({
    open(head) {
      lists++
      readers.open(JSON.parse(head ?? 'null') ?? undefined)
    },
    take(chunk, words, start) {
      const taken = readers.read(chunk, words, start)
      if (taken === undefined) return -1
      items.push(taken.value)
      return taken.end
    },
    element(text) {
      const value: unknown = JSON.parse(text)
      readers.sawWhole(value)
      items.push(value)
    },
    close: (text) => void heads.push(text === undefined ? undefined : JSON.parse(text)),
  })
  try {
    scanner.push(body)
    scanner.end()
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof SourceError) return undefined
    throw cause
  }
  const [head, more] = heads
  const isOne = lists === 1 && more === undefined && isJsonObject(head) && Array.isArray(head['items']) && head['items'].length === 0
  return isOne ? { ...head, items } : undefined
}
