import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectAddresses } from '../../src/model/address-index.ts'
import { type Address, formatAddress, rangeHolds, sameAddress } from '../../src/net/index.ts'

/** Few values, far apart and next to each other, so that many are shared and IPv6 numbers differ in bits that a double does not hold. */
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 255n, (1n << 32n) - 1n).map((value): Address => ({ family: 4, value })),
  fc.constantFrom(0n, 1n, 5n, 1n << 64n, (1n << 64n) + 1n, (1n << 128n) - 2n, (1n << 128n) - 1n).map((value): Address => ({ family: 6, value })),
)
const holding = fc.record({ address, group: fc.constantFrom('a', 'b', 'c') })
const textsOf = (addresses: Iterable<Address>): string[] => [...new Set([...addresses].map(formatAddress))].sort()

describe('the index of addresses', () => {
  it('says what going through all holders says', () => {
    fc.assert(
      fc.property(fc.array(holding, { maxLength: 40 }), address, address, (holdings, one, other) => {
        // Room for fewer addresses than come: it has to grow.
        const collector = collectAddresses(holdings)
        for (const [i, { address, group }] of holdings.entries()) collector.add(address, i, group)
        const index = collector.index()
        const holders = (wanted: Address) => holdings.filter(({ address }) => sameAddress(address, wanted))
        expect(index.find(one)).toEqual(holders(one))
        expect(index.has(one)).toBe(holders(one).length > 0)
        const all = holdings.map(({ address }) => address)
        expect([...index.shared()].map(formatAddress).sort()).toEqual(textsOf(all.filter((each) => holders(each).length > 1)))
        const range = { family: one.family, first: one.value, last: other.family === one.family ? other.value : one.value }
        for (const group of ['a', 'b', 'nobody']) {
          const own = holdings.filter((each) => each.group === group).map(({ address }) => address)
          expect(index.of(group).size).toBe(textsOf(own).length)
          expect(index.of(group).within(range)).toBe(textsOf(own.filter((each) => rangeHolds(range, each))).length)
        }
      }),
    )
  })

  it('takes more addresses than items', () => {
    const collector = collectAddresses(['pod'])
    const addresses = Array.from({ length: 50 }, (_, i): Address => ({ family: 4, value: BigInt(i) }))
    for (const each of addresses) collector.add(each, 0, 'node')
    const index = collector.index()
    expect(index.of('node').size).toBe(50)
    expect(index.find({ family: 4, value: 49n })).toEqual(['pod'])
  })
})
