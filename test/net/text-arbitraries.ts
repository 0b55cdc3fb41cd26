// Random texts that look like addresses and networks: right, nearly right and wrong.
import fc from 'fast-check'
import { formatAddress } from '../../src/net/index.ts'
import { address } from './arbitraries.ts'

const octet = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 260 }).map(String) },
  fc.constantFrom('00', '08', '010', '0x1', '', '1e1', '+1'),
)

const quad = fc
  .oneof({ weight: 4, arbitrary: fc.array(octet, { minLength: 4, maxLength: 4 }) }, fc.array(octet, { minLength: 1, maxLength: 5 }))
  .map((octets) => octets.join('.'))

const group = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16)) },
  fc.constantFrom('0', '0000', '00001', 'FFFF', 'g'),
)

const groups = (count: number) => fc.array(group, { maxLength: count }).map((list) => list.join(':'))

const v6 = fc
  .tuple(groups(8), fc.constantFrom('::', '::', ':', ''), groups(7), fc.option(quad, { freq: 5 }), fc.constantFrom('', '', '', '', '%eth0', '%'))
  .map(([head, gap, tail, dotted, zone]) => `${head}${gap}${[tail, dotted].filter((part) => part).join(':')}${zone}`)

/** One character of a text replaced, put in or taken out. */
const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.nat(), fc.constantFrom(...'0123456789abcdefABCDEFgx.:/%- \n', '\u0661', ''), fc.nat({ max: 1 }))
    .map(([from, at, char, taken]) => from.slice(0, at % (from.length + 1)) + char + from.slice((at % (from.length + 1)) + taken))

const right = address.map(formatAddress)

export const addressText = fc.oneof(right, mutated(right), quad, v6, mutated(v6))

const prefixText = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 130 }).map(String) },
  fc.constantFrom('', '-1', '08', '016', '1e1', '16abc', ' 8', '8\n', '+8', '24/24'),
)

export const cidrText = fc.tuple(fc.oneof(right, right, addressText), prefixText).map(([head, prefix]) => `${head}/${prefix}`)
