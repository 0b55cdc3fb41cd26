import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonSink, jsonScanner } from '../../src/sources/json-scanner.ts'

interface Scanned {
  /** Elements of each top-level value in turn, and the value without them. */
  readonly values: { elements: unknown[]; rest: unknown }[]
  readonly offsets: number[]
}

function scan(text: string | Buffer, cuts: readonly number[] = []): Scanned {
  const bytes = Buffer.from(text)
  const result: Scanned = { values: [], offsets: [] }
  let elements: unknown[] = []
  const sink: JsonSink = {
    open: (head) => {
      if (head !== undefined) JSON.parse(head)
    },
    element: (item, at) => {
      elements.push(JSON.parse(item))
      result.offsets.push(at)
    },
    close: (rest) => {
      result.values.push({ elements, rest: rest === undefined ? undefined : JSON.parse(rest) })
      elements = []
    },
  }
  const scanner = jsonScanner(sink)
  const scratch = Buffer.alloc(bytes.length)
  const borders = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  for (let i = 1; i < borders.length; i++) {
    const length = bytes.copy(scratch, 0, borders[i - 1], borders[i])
    scanner.push(scratch.subarray(0, length))
    scratch.fill(0x7b) // the scanner must not keep what it was lent
  }
  scanner.end()
  return result
}

const others = fc.dictionary(
  fc.string().filter((key) => key !== 'items'),
  fc.jsonValue(),
)
const list = fc.record({ items: fc.array(fc.jsonValue()), before: others, after: others, indent: fc.nat(4) })
const cuts = fc.array(fc.nat(10_000), { maxLength: 60 })

describe('elements found in any chunks are what JSON.parse finds', () => {
  test('items of an object, between other keys', () => {
    fc.assert(
      fc.property(list, cuts, ({ items, before, after, indent }, at) => {
        const text = JSON.stringify({ ...before, items, ...after }, null, indent)
        const parsed = JSON.parse(text) as Record<string, unknown>
        const { values } = scan(text, at)
        expect(values).toHaveLength(1)
        expect(values[0]?.elements).toEqual(parsed['items'])
        expect(values[0]?.rest).toEqual({ ...parsed, items: [] })
      }),
      { numRuns: 200 },
    )
  })

  test('bare arrays and several values one after another', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.jsonValue()), { maxLength: 4 }), cuts, fc.nat(2), (arrays, at, indent) => {
        const text = arrays.map((array) => JSON.stringify(array, null, indent)).join('\n')
        expect(scan(text, at).values.map(({ elements }) => elements)).toEqual(JSON.parse(JSON.stringify(arrays)))
      }),
      { numRuns: 200 },
    )
  })

  test('every single cut of a document with escapes, umlauts and deep keys named items', () => {
    const text = String.raw`{"a":"\\\"items\\","items":[{"n":"ü\"]}{\\","items":[1,[2]]},"]",-1.5e3,null,true,{}],"kind":"äList","x":{"items":[{}]}}`
    const { items, ...rest } = JSON.parse(text) as { items: unknown[] }
    for (let cut = 0; cut <= Buffer.byteLength(text); cut++)
      expect(scan(text, [cut]).values).toEqual([{ elements: items, rest: { ...rest, items: [] } }])
    const one = Array.from({ length: Buffer.byteLength(text) }, (_, i) => i)
    expect(scan(text, one).values).toEqual([{ elements: items, rest: { ...rest, items: [] } }])
  })
})

test('offsets are those of the first bytes', () => {
  const text = '{"items": [ {"a":1},\n  "é", 7 ] }'
  const { offsets } = scan(text, [14, 22])
  expect(offsets).toEqual([12, 23, 29])
})

test('a key that only looks like items is no list', () => {
  for (const text of [
    '{"Items":[1]}',
    '{"item":[1]}',
    '{"itemss":[1]}',
    '{"x":"items","y":[1]}',
    String.raw`{"\"items":[1]}`,
    '{"x":{"items":[1]}}',
    '{"items":{"a":[1]}}',
  ]) {
    expect(scan(text).values).toEqual([{ elements: [], rest: JSON.parse(text) }])
  }
})

describe('what is not JSON', () => {
  test.each([
    ['[1,]', "']' at byte 3 where an element was expected"],
    ['[,1]', "',' at byte 1 where an element was expected"],
    ['[{} {}]', "'{' at byte 4 where ',' or ']' was expected"],
    ['{"items":[{}}', "'}' at byte 12 where ',' or ']' was expected"],
    ['{} x', "'x' at byte 3 where '{' or '[' was expected"],
    ['{}\u0000', "byte 0x00 at byte 2 where '{' or '[' was expected"],
    ['{"items":[{"a":1},{"b"', 'is cut off: it ends at byte 22, inside the value that begins at byte 18'],
    ['{"items":[{"a":1}', 'is cut off: it ends at byte 17, inside the value that begins at byte 0'],
    ['{"items":[{"a":1}],"kind":"Li', 'is cut off: it ends at byte 29, inside the value that begins at byte 0'],
    ['["abc', 'is cut off: it ends at byte 5, inside the value that begins at byte 1'],
  ])('%j', (text, message) => {
    expect(() => scan(text)).toThrow(message)
    expect(() => scan(text, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])).toThrow(message)
  })

  test('20,000 levels are refused in an element, in the head and at the top', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    for (const text of [deep, `{"items":[${deep}]}`, `{"a":${deep}}`, `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`]) {
      expect(() => scan(text, [7, 1000])).toThrow('is nested more than 512 levels deep')
    }
    expect(scan(`[${'['.repeat(512)}${']'.repeat(512)}]`).values).toHaveLength(1)
  })

  test('bytes that are not UTF-8 in an element or the head', () => {
    for (const text of ['{"items":["\xff"]}', '{"a":"\xff"}', '{"\xc3":1,"items":[]}'])
      expect(() => scan(Buffer.from(text, 'latin1'))).toThrow('is not valid UTF-8')
  })
})
