// Reads objects of a list with the fields alone that somebody needs, and leaves every object that is not plainly of that kind to the ordinary way.
import { isAscii, isUtf8 } from 'node:buffer'
import { type FieldReader, fieldReader } from './json-fields.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { decodeUtf8 } from './json-text.ts'
import type { FieldsRead, Needs } from './source.ts'

export interface Taken {
  readonly value: JsonObject
  /** Index after the object. */
  readonly end: number
}

export interface ObjectReaders {
  /** A list begins; as Unwrapper.open. */
  open(head: JsonObject | undefined): void
  /** Undefined where the object has to be read whole. @throws SourceError as FieldReader.read does */
  read(chunk: Buffer, words: DataView, start: number): Taken | undefined
  /** An element that was read whole: the next one is taken to be of the same kind until it shows that it is not. */
  sawWhole(value: unknown): void
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `group/Kind`, with what its list says where the object says nothing. */
function nameOf(object: JsonObject, list: JsonObject): string {
  const version = textOf(object['apiVersion'] ?? list['apiVersion'])
  const kind = textOf(object['kind'] ?? itemKind(list))
  return `${version.includes('/') ? version.slice(0, version.indexOf('/')) : ''}/${kind}`
}

function itemKind(list: JsonObject): string {
  const kind = textOf(list['kind'])
  return kind.endsWith('List') ? kind.slice(0, -'List'.length) : ''
}

export function objectReaders(needs: Needs): ObjectReaders {
  const readers = new Map<string, FieldReader>()
  let list: JsonObject = {}
  let expected = ''
  return {
    open(head) {
      list = head ?? {}
      expected = nameOf({}, list)
    },
    sawWhole(value) {
      if (isJsonObject(value)) expected = nameOf(value, list)
    },
    read(chunk, words, start) {
      const need = needs.get(expected)
      if (need === undefined) return undefined
      const reader = readers.get(expected) ?? fieldReader(need.fields)
      readers.set(expected, reader)
      const end = reader.read(chunk, words, start)
      if (end < 0) return undefined
      const whole = chunk.subarray(start, end)
      if (!isAscii(whole) && !isUtf8(whole)) return undefined
      const value = parse(reader.bytes())
      return value === undefined || nameOf(value, list) !== expected || isWholeNeeded(need, value) ? undefined : { value, end }
    },
  }
}

const isWholeNeeded = ({ whole }: FieldsRead, value: JsonObject): boolean => whole?.(value) ?? false

/** Undefined for what JSON.parse refuses: the ordinary way says what is wrong and where. */
function parse(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes))
    return isJsonObject(value) ? value : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
