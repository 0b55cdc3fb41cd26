// The fields that are taken out of JSON text are those that JSON.parse finds there, and damage does not pass for data.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wordsOf } from '../../src/sources/json-extent.ts'
import { fieldReader } from '../../src/sources/json-fields.ts'
import { parseList } from '../../src/sources/json-list.ts'
import type { FieldTree, Needs } from '../../src/sources/source.ts'

const TREE: FieldTree = { kind: true, apiVersion: true, name: true, 'é/x': true, spec: { node: true, list: { ip: true } } }

/** What TREE leaves of a parsed value; the oracle. */
function picked(value: unknown, tree: FieldTree, nested = false): unknown {
  if (Array.isArray(value)) return nested ? value : value.map((one) => picked(one, tree, true))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => Object.hasOwn(tree, key))
  return Object.fromEntries(entries.map(([key, one]) => [key, tree[key] === true ? one : picked(one, tree[key] as FieldTree)]))
}

function read(text: string, tree: FieldTree = TREE): { end: number; value: unknown } {
  const bytes = Buffer.from(text)
  const reader = fieldReader(tree)
  const end = reader.read(bytes, wordsOf(bytes), 0)
  return { end, value: end < 0 ? undefined : JSON.parse(reader.bytes().toString()) }
}

const space = fc.constantFrom('', '', '', ' ', '\n', '\r\n\t', '            ')
/** A character as JSON may write it. */
const letter = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abn{}[]:, é\u{1f600}'.split(/(?:)/u)) },
  fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\u0022', '\\u005c', '\\ud83d', '\\u0000'),
)
const texts = fc.array(letter, { maxLength: 9 }).map((letters) => `"${letters.join('')}"`)
const keys = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('"kind"', '"name"', '"spec"', '"node"', '"list"', '"ip"', '"é/x"', '"n\\u0061me"', '"sp\\u0065c"', '"\\u00e9/x"'),
  },
  { weight: 1, arbitrary: fc.constantFrom('"nam"', '"names"', '"Kind"', '"__proto__"', '""') },
  texts,
)
const words = fc.constantFrom('0', '-1.5e+3', '9007199254740993', '1E400', 'true', 'false', 'null')
/** JSON texts with every freedom that the grammar gives: white space, escapes, keys that come twice. */
const { object } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, words, texts, tie('object'), tie('array')),
  array: fc.tuple(fc.array(fc.tuple(space, tie('value'), space), { maxLength: 4 }), space).map(([items, inner]) =>
    joined(
      '[',
      items.map((item) => item.join('')),
      inner,
      ']',
    ),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(space, keys, space, fc.constant(':'), space, tie('value'), space), { maxLength: 6 }), space)
    .map(([members, inner]) =>
      joined(
        '{',
        members.map((member) => member.join('')),
        inner,
        '}',
      ),
    ),
}))
const joined = (open: string, parts: readonly string[], inner: string, close: string): string =>
  open + (parts.length === 0 ? inner : parts.join(',')) + close
const objects = object as fc.Arbitrary<string>
/** Whole objects, so that the fields of interest are there more often than by chance. */
const realistic = fc
  .tuple(texts, objects, objects, space, words)
  .map(
    ([name, spec, other, gap, word]) =>
      `{${gap}"other":${other},"name"${gap}:${name},${gap}"spec":{"node":${gap}${name},"x":${word},"list":[${spec},{"ip":1,"y":${other}}]}${gap},"z":${word}}`,
  )

describe('as JSON.parse finds them', () => {
  test('in any text of an object', () => {
    fc.assert(
      fc.property(fc.oneof(objects, realistic), space, (text, rest) => {
        const { end, value } = read(text + rest)
        expect(end).toBe(Buffer.byteLength(text))
        expect(picked(value, TREE)).toEqual(picked(JSON.parse(text), TREE))
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['{"a":{"name":"}]\\"{"},"b":[[],{}],"name":"x","c":1}', '{"name":"x"}'],
    ['{"name":1,"name":2}', '{"name":1,"name":2}'],
    [
      '{"spec":{"node":"a","list":[{"no":1,"ip":"::1"},[{"no":1}],null,"s"]},"spec":5}',
      '{"spec":{"node":"a","list":[{"ip":"::1"},[{"no":1}],null,"s"]},"spec":5}',
    ],
    ['{"a":1,"n\\u0061me":1,"\\"":2,"b":3}', '{"n\\u0061me":1,"\\"":2}'],
    ['{"a":1,\n "name": 1,\n "b":2}', '{"name": 1}'],
    ['{}', '{}'],
    ['{"a":1}', '{}'],
    ['{"spec":[{"x":1},{"node":1}]}', '{"spec":[{},{"node":1}]}'],
  ])('%s', (text, kept) => {
    const bytes = Buffer.from(text)
    const reader = fieldReader(TREE)
    expect(reader.read(bytes, wordsOf(bytes), 0)).toBe(bytes.length)
    expect(reader.bytes().toString()).toBe(kept)
  })

  test('an object larger than all before', () => {
    const long = 'x'.repeat(100_000)
    expect(read(`{"name":"${long}","a":1,"kind":"${long}"}`).value).toEqual({ name: long, kind: long })
  })
})

describe('what is no JSON', () => {
  test('text that is cut off is never taken for an object', () => {
    fc.assert(
      fc.property(realistic, fc.nat(), (text, at) => {
        const bytes = Buffer.from(text)
        const cut = bytes.subarray(0, at % bytes.length)
        expect(fieldReader(TREE).read(cut, wordsOf(cut), 0)).toBeLessThan(0)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    '{"a":1,}',
    '{,"a":1}',
    '{"a" 1}',
    '{"a":}',
    '{"a":1 "b":2}',
    '{a:1}',
    '{"a":1x"name":2}',
    '{"a":"b"x}',
    '{"a":{"b":1}',
    '{"a":[}',
    '{"na\u0001me":1}',
    '[1]',
    '{"spec":[1,]}',
    '{"spec":[1 2]}',
    '{"spec":[{]}',
  ])('%j', (text) => {
    expect(read(text).end).toBeLessThan(0)
  })

  test('one byte of a list replaced: a refusal, the fields that JSON.parse finds, or those that were there', () => {
    const needs: Needs = new Map([['/Thing', { fields: TREE }]])
    const parse = (text: Buffer): unknown => {
      try {
        return { list: picked(parseList(text, needs), { items: TREE }) }
      } catch (cause) {
        expect(cause).toBeInstanceOf(Error)
        return 'refused'
      }
    }
    const oracle = (text: Buffer): unknown => {
      try {
        return { list: picked(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)), { items: TREE }) }
      } catch {
        return 'refused'
      }
    }
    fc.assert(
      fc.property(
        fc.array(fc.oneof(realistic, objects), { minLength: 1, maxLength: 3 }),
        fc.nat(),
        fc.constantFrom(...Buffer.from('"\\{}[],: x1\n\u0001')),
        (items, at, byte) => {
          const text = Buffer.from(`{"kind":"ThingList","apiVersion":"v1","items":[${items.join(',')}]}`)
          const before = oracle(text)
          expect(parse(text)).toEqual(before)
          const start = text.indexOf('[') + 1
          text[start + (at % (text.length - start))] = byte
          const after = parse(text)
          if (after === 'refused') expect(oracle(text)).toBe('refused')
          else expect([oracle(text), before]).toContainEqual(after)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
