import { expect, test } from 'vitest'
import { counterFault, sameCount } from '../../../src/systems/kubernetes/counters.ts'

/** As Kube-OVN writes the free addresses of a /64, and as JSON.parse reads it: 18446744073709552000. */
const rounded: unknown = JSON.parse('18446744073709551609')

test.each<[unknown, bigint, boolean | undefined]>([
  [3, 3n, true],
  [3, 4n, false],
  [rounded, 18446744073709551609n, true],
  [rounded, 18446744073709551615n, true],
  [rounded, 5n, false],
  ['18446744073709551609', 18446744073709551609n, true],
  ['18446744073709551609', 18446744073709551608n, false],
  [9223372036854775807n.toString(), 2n ** 63n - 1n, true],
  [0, 0n, true],
  ['', 0n, undefined],
  ['many', 0n, undefined],
  [undefined, 0n, undefined],
  [null, 0n, undefined],
  [{}, 0n, undefined],
])('%o against %s', (stated, counted, expected) => expect(sameCount(stated, counted)).toBe(expected))

test.each<[number, bigint, bigint, readonly (true | undefined)[]]>([
  [5, 5n, 0n, []],
  [6, 5n, 0n, [undefined]],
  [6, 5n, 1n, [true]],
  [4, 5n, 1n, [true]],
  [7, 5n, 1n, [undefined]],
  [3, 5n, 1n, [undefined]],
])('%d stated, %s counted, %s is nothing to speak of', (stated, counted, slack, expected) =>
  expect(
    counterFault({ system: 's', subject: 'p', field: 'f', stated, what: 'records', counted, slack, origin: 'x' }).map(({ minor }) => minor),
  ).toEqual(expected),
)
