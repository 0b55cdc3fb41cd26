// Random addresses, networks and ranges for the property tests, with more edges and zeros than chance would give.
import fc from 'fast-check'
import { type Address, bitsOf, type Cidr, type Family, networkOf, type Range } from '../../src/net/index.ts'

export const maxOf = (family: Family): bigint => (1n << BigInt(bitsOf(family))) - 1n

export const family = fc.constantFrom<Family>(4, 6)

const anyGroup = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff }))
const fromGroups = (groups: readonly number[]): bigint => groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n)

/** Runs of zero groups, all ones, IPv4-mapped, and plain random numbers. */
export const v6Value = fc.oneof(
  fc.array(anyGroup, { minLength: 8, maxLength: 8 }).map(fromGroups),
  fc.bigInt(0n, maxOf(6)),
  fc.bigInt(0n, maxOf(4)).map((low) => (0xffffn << 32n) | low),
)

export const v4Value = fc.oneof(fc.bigInt(0n, maxOf(4)), fc.array(anyGroup, { minLength: 2, maxLength: 2 }).map(fromGroups))

export const address: fc.Arbitrary<Address> = fc.oneof(
  v4Value.map((value) => ({ family: 4 as const, value })),
  v6Value.map((value) => ({ family: 6 as const, value })),
)

export const cidr: fc.Arbitrary<Cidr> = address.chain((from) =>
  fc.integer({ min: 0, max: bitsOf(from.family) }).map((prefix) => networkOf(from, prefix)),
)

/** A network and a prefix length that splits it into at most 2^`bits` blocks. */
export const splitting = (bits: number): fc.Arbitrary<readonly [Cidr, number]> =>
  cidr.chain((whole) =>
    fc.integer({ min: whole.prefix, max: Math.min(bitsOf(whole.family), whole.prefix + bits) }).map((prefix) => [whole, prefix] as const),
  )

export const range: fc.Arbitrary<Range> = family.chain((which) => {
  const value = which === 4 ? v4Value : v6Value
  return fc.tuple(value, value).map(([a, b]) => (a < b ? { family: which, first: a, last: b } : { family: which, first: b, last: a }))
})
