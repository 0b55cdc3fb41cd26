import { expect, test } from 'vitest'
import { markIntegers, stringifyExactly } from '../../src/sources/exact-integers.ts'

test.each([
  '{"sequenceNumber":1841234567890123457,"small":9007199254740991}',
  '[-9007199254740993,12345678901234567890123,0]',
  '{"text":"1841234567890123457","quoted":"a\\"1841234567890123457\\"","slash":"\\\\","n":1841234567890123457}',
  '{"fraction":0.5,"no integer":"x 9007199254740993"}',
])('keeps every digit of %s', (json) => expect(stringifyExactly(JSON.parse(markIntegers(json)))).toBe(json))

test('leaves JSON alone that holds none', () => {
  for (const json of ['{"a":9007199254740991,"b":"9007199254740993"}', '{"a":1.2345678901234567891,"b":1e400}']) expect(markIntegers(json)).toBe(json)
})

test('a key of that form stays a key', () => {
  const value = { '\u0000int:1841234567890123457': 1 }
  expect(JSON.parse(stringifyExactly(value))).toEqual(value)
})
