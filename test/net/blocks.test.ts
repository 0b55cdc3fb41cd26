// A network split into blocks: counts, numbers and back, order and cover.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockAt, blockCount, blockIndex, cidrCovers, cidrSize, formatCidr, lastOf, parseAddress, parseCidr, splitCidr } from '../../src/net/index.ts'
import { address, cidr, splitting } from './arbitraries.ts'

describe('how many blocks', () => {
  test.each([
    ['10.244.0.0/16', 24, 256n],
    ['10.244.0.0/16', 16, 1n],
    ['10.244.0.0/16', 15, 0n],
    ['10.244.0.0/16', 0, 0n],
    ['10.244.0.0/16', 32, 65536n],
    ['0.0.0.0/0', 32, 1n << 32n],
    ['255.255.255.255/32', 32, 1n],
    ['fd00::/56', 64, 256n],
    ['::/0', 128, 1n << 128n],
    ['::/0', 54, 18014398509481984n], // above 2^53, where a double would round
  ] as const)('%s holds /%i: %s', (network, prefix, count) => expect(blockCount(parseCidr(network), prefix)).toBe(count))
})

describe('splitting', () => {
  test.each([
    ['10.0.0.0/30', 32, ['10.0.0.0/32', '10.0.0.1/32', '10.0.0.2/32', '10.0.0.3/32']],
    ['10.0.0.0/31', 31, ['10.0.0.0/31']],
    ['0.0.0.0/0', 1, ['0.0.0.0/1', '128.0.0.0/1']],
    ['255.255.255.254/31', 32, ['255.255.255.254/32', '255.255.255.255/32']],
    ['10.0.0.0/24', 23, []],
    ['::/0', 1, ['::/1', '8000::/1']],
    ['fd00::/127', 128, ['fd00::/128', 'fd00::1/128']],
    ['fd00:10:244::/62', 64, ['fd00:10:244::/64', 'fd00:10:244:1::/64', 'fd00:10:244:2::/64', 'fd00:10:244:3::/64']],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127',
      128,
      ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'],
    ],
  ])('%s into /%i', (network, prefix, blocks) => expect([...splitCidr(parseCidr(network), prefix)].map(formatCidr)).toEqual(blocks))

  test('is lazy: the first blocks of 2^128 come at once', () => {
    const blocks = splitCidr(parseCidr('::/0'), 128)
    expect([blocks.next().value, blocks.next().value].map((block) => block && formatCidr(block))).toEqual(['::/128', '::1/128'])
  })
})

describe('numbers of blocks', () => {
  test.each([
    ['10.244.0.0/16', 24, 0n, '10.244.0.0/24'],
    ['10.244.0.0/16', 24, 255n, '10.244.255.0/24'],
    ['10.244.0.0/16', 16, 0n, '10.244.0.0/16'],
    ['0.0.0.0/0', 32, (1n << 32n) - 1n, '255.255.255.255/32'],
    ['fd00::/56', 64, 255n, 'fd00:0:0:ff::/64'],
    ['::/0', 128, (1n << 128n) - 1n, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'],
  ] as const)('%s, /%i number %s is %s', (network, prefix, index, block) => {
    expect(formatCidr(blockAt(parseCidr(network), prefix, index))).toBe(block)
    expect(blockIndex(parseCidr(network), prefix, parseAddress(block.split('/')[0] ?? ''))).toBe(index)
  })

  test.each([
    ['10.244.0.0/16', 24, -1n],
    ['10.244.0.0/16', 24, 256n],
    ['10.244.0.0/16', 15, 0n],
  ] as const)('%s, /%i has no number %s', (network, prefix, index) => {
    expect(() => blockAt(parseCidr(network), prefix, index)).toThrow(new RangeError(`block ${index} is outside ${network} split into /${prefix}`))
  })

  test.each([
    ['10.244.0.0/16', 24, '10.245.0.0'],
    ['10.244.0.0/16', 24, '10.243.255.255'],
    ['10.244.0.0/16', 24, '::af4:0'],
    ['10.244.0.0/16', 15, '10.244.0.0'],
  ])('%s, /%i: %s is in no block', (network, prefix, text) => {
    expect(blockIndex(parseCidr(network), prefix, parseAddress(text))).toBeUndefined()
  })
})

test.each([
  ['10.0.0.0/8', 33],
  ['10.0.0.0/8', -1],
  ['10.0.0.0/8', 8.5],
  ['fd00::/8', 129],
])('%s cannot be split into /%s', (network, prefix) => {
  const whole = parseCidr(network)
  const inside = { family: whole.family, value: whole.base }
  expect(() => blockCount(whole, prefix)).toThrow(RangeError)
  expect(() => blockAt(whole, prefix, 0n)).toThrow(RangeError)
  expect(() => blockIndex(whole, prefix, inside)).toThrow(RangeError)
  expect(() => splitCidr(whole, prefix).next()).toThrow(RangeError)
})

test('blocks are in order, disjoint, of the size asked for, and together the whole', () => {
  fc.assert(
    fc.property(splitting(8), ([whole, prefix]) => {
      const blocks = [...splitCidr(whole, prefix)]
      expect(BigInt(blocks.length)).toBe(blockCount(whole, prefix))
      expect(blocks.length).toBe(2 ** (prefix - whole.prefix))
      expect(blocks[0]?.base).toBe(whole.base)
      expect(blocks.map(lastOf).at(-1)).toBe(lastOf(whole))
      const wrong = blocks.filter((block, i) => {
        const before = blocks[i - 1]
        return block.prefix !== prefix || !cidrCovers(whole, block) || (before !== undefined && block.base !== lastOf(before) + 1n)
      })
      expect(wrong).toEqual([])
    }),
  )
})

test('the number of a block, and the block of a number', () => {
  fc.assert(
    fc.property(splitting(128), fc.bigInt(0n, 1n << 128n), ([whole, prefix], seed) => {
      const index = seed % blockCount(whole, prefix)
      const block = blockAt(whole, prefix, index)
      expect(cidrCovers(whole, block)).toBe(true)
      const inside = { family: block.family, value: block.base + (seed % cidrSize(block)) }
      expect(blockIndex(whole, prefix, inside)).toBe(index)
    }),
    { numRuns: 500 },
  )
})

test('an address outside a network is in none of its blocks', () => {
  fc.assert(
    fc.property(cidr, address, (whole, any) => {
      const inside = any.family === whole.family && any.value >= whole.base && any.value <= lastOf(whole)
      expect(blockIndex(whole, whole.prefix, any)).toBe(inside ? 0n : undefined)
    }),
  )
})
