// Sizes that vendors and sources publish.
import { describe, expect, test } from 'vitest'
import { parseCidr } from '../../src/net/index.ts'
import { bitsFor, hostLocalLost, serviceCapacity, staticBand, usableOf } from '../../src/plan/capacity.ts'

describe('host-local', () => {
  // host-local's range.go: base + 1 is the gateway, IPv4 ends before the broadcast address.
  test.each([
    [4, 23, 509n],
    [4, 24, 253n],
    [4, 25, 125n],
    [4, 26, 61n],
    [4, 27, 29n],
    [4, 28, 13n],
    [4, 29, 5n],
    [4, 30, 1n],
    [4, 31, 0n],
    [4, 32, 0n],
    [6, 64, 2n ** 64n - 2n],
    [6, 120, 254n],
    [6, 126, 2n],
    [6, 127, 0n],
    [6, 128, 0n],
  ] as const)('IPv%i /%i has %i addresses for pods', (family, prefix, usable) => {
    expect(usableOf(family, prefix, hostLocalLost[family])).toBe(usable)
  })
})

describe('Services', () => {
  test.each([
    ['10.96.0.0/12', 1_048_574n, 256n],
    ['10.96.0.0/16', 65_534n, 256n],
    ['10.96.0.0/20', 4094n, 256n],
    ['10.96.0.0/21', 2046n, 128n],
    ['10.96.0.0/24', 254n, 16n],
    ['10.96.0.0/27', 30n, 16n],
    ['10.96.0.0/28', 14n, 0n], // the example of "extend service ip ranges"
    ['10.96.0.0/31', 0n, 0n],
    ['10.96.0.0/32', 0n, 0n],
    ['fd00::/108', 2n ** 20n - 1n, 256n],
    ['fd00::/64', 2n ** 64n - 1n, 256n],
  ] as const)('%s has %i addresses, %i of them for choosing by hand', (text, capacity, band) => {
    expect(serviceCapacity(parseCidr(text))).toBe(capacity)
    expect(staticBand(parseCidr(text))).toBe(band)
  })
})

test.each([
  [0n, 0],
  [1n, 0],
  [2n, 1],
  [3n, 2],
  [220n, 8],
  [256n, 8],
  [257n, 9],
  [2n ** 64n, 64],
  [2n ** 64n + 1n, 65],
] as const)('%i blocks need %i bits', (count, bits) => {
  expect(bitsFor(count)).toBe(bits)
})
