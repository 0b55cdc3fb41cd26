// The layout of generated JSON.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeJson } from '../../../src/systems/cni/write-json.ts'

test('small objects and lists stand on one line, what holds objects does not', () => {
  const value = {
    a: 1,
    b: undefined,
    list: ['x', 'y'],
    sets: [[{ s: 'one', t: undefined }], [{ s: 'two' }]],
    flags: { on: true },
    deep: { inner: { k: 'v' } },
  }
  expect(writeJson(value)).toBe(`{
  "a": 1,
  "list": ["x", "y"],
  "sets": [
    [{ "s": "one" }],
    [{ "s": "two" }]
  ],
  "flags": { "on": true },
  "deep": {
    "inner": { "k": "v" }
  }
}
`)
})

test('what does not fit into 80 columns is broken up', () => {
  const long = 'x'.repeat(40)
  expect(writeJson({ list: [long, long], sets: [[{ one: long, two: long }]] })).toBe(`{
  "list": [
    "${long}",
    "${long}"
  ],
  "sets": [
    [
      {
        "one": "${long}",
        "two": "${long}"
      }
    ]
  ]
}
`)
})

test('is JSON of the same value', () => {
  const key = fc.string().filter((text) => text !== '__proto__')
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), fc.array(tie('value')), fc.dictionary(key, tie('value'))),
  }))
  fc.assert(
    fc.property(value, (any) => {
      expect(JSON.parse(writeJson(any as string))).toEqual(any)
    }),
  )
})
