import { expect, test } from 'vitest'
import { didYouMean } from '../../src/cli/did-you-mean.ts'

const commands = ['audit', 'generate-conf', 'plan', 'rules']

test.each([
  ['paln', 'plan'],
  ['plna', 'plan'],
  ['plans', 'plan'],
  ['pla', 'plan'],
  ['generate', 'generate-conf'],
  ['genrate-conf', 'generate-conf'],
  ['AUDIT', 'audit'],
  ['rule', 'rules'],
  ['xyzzy', undefined],
  ['p', undefined],
  ['', undefined],
  ['plan'.repeat(1_000), undefined],
])('%s -> %s', (word, meant) => {
  expect(didYouMean(word, commands)).toBe(meant)
})

test('of several the nearest', () => {
  expect(didYouMean('auditx', ['audio', 'audit'])).toBe('audit')
  expect(didYouMean('x', [])).toBeUndefined()
})
