// Places of faults in JSON, compared with what JSON.parse refuses.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findJsonFault } from '../../../src/systems/cni/json-fault.ts'

test.each([
  ['{"a":1,}', 1, 8, 'expected a key in double quotes, found "}"'],
  ['[1,]', 1, 4, 'expected a value, found "]"'],
  ['[1 2]', 1, 4, 'expected a comma or ], found "2"'],
  ['{"a" 1}', 1, 6, 'expected a colon, found "1"'],
  ["{'a':1}", 1, 2, 'expected a key in double quotes or }, found "\'"'],
  ['{\n"a": tru\n}', 2, 6, 'expected a value, found "tru"'],
  ['{"a":1}}', 1, 8, 'expected nothing more, found "}"'],
  ['{"a":[1}', 1, 8, 'expected a comma or ], found "}"'],
  ['{\r\n\t"a": // why\r\n1}', 2, 7, 'expected a value, found "/"'],
  ['{"a":"b', 1, 8, 'text in double quotes ends here, or holds a line break or a wrong \\ escape'],
  ['{"a":"b\nc"}', 1, 8, 'text in double quotes ends here, or holds a line break or a wrong \\ escape'],
  ['["\\x"]', 1, 3, 'text in double quotes ends here, or holds a line break or a wrong \\ escape'],
  ['[01]', 1, 3, 'expected a comma or ], found "1"'],
  ['', 1, 1, 'expected a value, and the text ends'],
])('%j', (text, line, column, reason) => {
  expect(findJsonFault(text)).toEqual({ line, column, reason })
})

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('finds a fault exactly where JSON.parse refuses', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '0',
    '.5',
    'e3',
    'true',
    'nul',
    ' ',
    '\n',
    '\\u00e9',
    '\u0001',
    'é',
  )
  const mutated = fc.tuple(fc.json(), fc.nat(), fc.nat(3), piece).map(([text, at, cut, extra]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + extra + text.slice(place + cut)
  })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.array(piece).map((all) => all.join('')),
        mutated,
      ),
      (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text))
      },
    ),
    { numRuns: 3000 },
  )
})
