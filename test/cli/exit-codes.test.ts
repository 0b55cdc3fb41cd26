import { expect, test } from 'vitest'
import { exitCodeFor, exitCodes, worseExitCode } from '../../src/cli/exit-codes.ts'

test('the codes are those of the contract', () => {
  expect(exitCodes).toEqual({
    ...{ clean: 0, failing: 1, usage: 2, incomplete: 3, notStarted: 4, output: 5, bug: 70 },
    ...{ hangUp: 129, interrupted: 130, terminated: 143 },
  })
})

test('nothing happened: 0', () => {
  expect(exitCodeFor({})).toBe(0)
  expect(exitCodeFor({ failing: false, incomplete: false, bug: false })).toBe(0)
})

/** design.md, section 5: 70 > 2 > 4 > 5 > 1 > 3 > 0 */
const order = [70, 2, 4, 5, 1, 3, 0] as const
const names = ['bug', 'usage', 'notStarted', 'output', 'failing', 'incomplete'] as const

test('of any number of things that happened, the first in the order decides', () => {
  for (let set = 1; set < 2 ** names.length; set++) {
    const happened = names.filter((_, index) => (set & (1 << index)) !== 0)
    const first = names.findIndex((name) => happened.includes(name))
    expect(exitCodeFor(Object.fromEntries(happened.map((name) => [name, true])))).toBe(order[first])
  }
})

test('the worse of two codes comes first in the order, whichever was set before', () => {
  for (const [place, code] of order.entries()) {
    expect(worseExitCode(undefined, code)).toBe(code)
    for (const other of order.slice(place)) {
      expect(worseExitCode(code, other)).toBe(code)
      expect(worseExitCode(other, code)).toBe(code)
    }
  }
})
