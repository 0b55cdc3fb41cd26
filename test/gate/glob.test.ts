// Wildcards against a regular expression that says the same, and against patterns made to take long.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOnlyWild, matchesGlob } from '../../src/gate/glob.ts'

test.each([
  ['node-7', 'node-7', true],
  ['node-7', 'node-77', false],
  ['node-?', 'node-7', true],
  ['node-?', 'node-', false],
  ['node-*', 'node-', true],
  ['*-7', 'a-7-7', true],
  ['shop/*', 'shop/web-0', true],
  ['shop*', 'shop/web-0', false],
  ['shop?web-0', 'shop/web-0', false],
  ['*/web-*', 'shop/web-0', true],
  ['Node-7', 'node-7', false],
  ['node.7', 'nodex7', false],
  ['[a-z]', 'b', false],
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
])('%j fits %j: %j', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected)
})

test('says what the expression says', () => {
  const word = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 })
  fc.assert(
    fc.property(word('ab/*?'), word('ab/'), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`)
      expect(matchesGlob(pattern, text)).toBe(expression.test(text))
    }),
    { numRuns: 2000 },
  )
})

test('a pattern made to take for ever does not', () => {
  // An expression with as many stars would try some 2^500 ways.
  expect(matchesGlob(`${'a*'.repeat(250)}b`, 'a'.repeat(100_000))).toBe(false)
})

test.each([
  ['*', true],
  ['**', true],
  ['*/*', true],
  ['?', true],
  ['a*', false],
  ['*-', false],
])('%j is nothing but wild: %j', (pattern, expected) => {
  expect(isOnlyWild(pattern)).toBe(expected)
})
