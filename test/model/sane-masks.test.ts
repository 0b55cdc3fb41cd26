import { expect, test } from 'vitest'
import { saneMasks } from '../../src/model/sane-masks.ts'
import { parseCidr, rangeOf } from '../../src/net/index.ts'

const pool = (cidr: string, blockPrefix: number) => {
  const range = rangeOf(parseCidr(cidr))
  return {
    system: 'cilium',
    name: 'p',
    domain: 'default',
    family: range.family,
    ranges: [range],
    blockPrefix,
    certainty: 'declared',
    origin: 'x',
  } as const
}

test.each([
  ['10.0.0.0/16', 24, 24],
  ['10.0.0.0/16', 32, 32],
  ['10.0.0.0/16', 33, undefined],
  ['10.0.0.0/16', 24.5, undefined],
  ['10.0.0.0/16', -1, undefined],
  ['fd00::/48', 64, 64],
  ['fd00::/48', 129, undefined],
])('%s cut into /%s', (cidr, mask, kept) => {
  const { pools, problems } = saneMasks([pool(cidr, mask)], [])
  expect(pools[0]?.blockPrefix).toBe(kept)
  expect(problems.map(({ kind, message }) => `${kind} ${message}`)).toEqual(
    kept === undefined ? [`wrong-range cilium pool p: ${mask} is no prefix length of its blocks`] : [],
  )
})

test('a node mask that is none is said, and the range stays', () => {
  const range = { role: 'pods', cidr: parseCidr('10.0.0.0/16'), nodePrefix: 99, by: 'a flag', certainty: 'declared', origin: 'x' } as const
  const { declared, problems } = saneMasks([], [range])
  expect(declared).toEqual([{ role: 'pods', cidr: range.cidr, by: 'a flag', certainty: 'declared', origin: 'x' }])
  expect(problems.map(({ addresses }) => addresses)).toEqual([['10.0.0.0/16']])
})
