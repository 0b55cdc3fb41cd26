// Counts as people read them.
import { describe, expect, test } from 'vitest'
import { countOf, countText } from '../../src/report/count-text.ts'

describe('counts of addresses', () => {
  test.each([
    [0n, '0'],
    [65_536n, '65536'],
    [1n << 32n, '4294967296'],
    [10n ** 15n - 1n, '999999999999999'],
    [1n << 64n, '2^64'],
    [1n << 128n, '2^128'],
    [3n << 64n, '5.5e19'],
    [(1n << 64n) - 2n, '1.8e19'],
  ])('%s', (count, text) => {
    expect(countText(count)).toBe(text)
  })
})

test('one thing is told in the singular', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'pod'))).toEqual(['0 pods', '1 pod', '2 pods'])
})
