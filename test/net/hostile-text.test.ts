// Texts of megabytes and of random bytes: refused with our own error, and no parser is slower than linear (one that is would not end in time).
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressFault,
  NetSyntaxError,
  parseAddress,
  parseAddressWithPrefix,
  parseCidr,
  parseRange,
  readAddress,
  readCidr,
  tryAddress,
  tryCidr,
} from '../../src/net/index.ts'
import { addressText, cidrText } from './text-arbitraries.ts'

const MEGABYTES = 4 * 1024 * 1024
const shapes = ['0', '1', '1.', '.', ':', '1:', ' ', '-', ' -', '- ', '/', '0/', '%', '\n', '\u0661', '0x', '::', '10.0.0.0/8,']

const strict = { parseAddress, parseCidr, parseAddressWithPrefix, parseRange }
const quiet = { tryAddress, tryCidr, readAddress, readCidr }

describe.each(shapes)('%j, four million characters', (shape) => {
  const body = shape.repeat(MEGABYTES / shape.length)
  const texts = [body, `10.0.0.0${body}`, `${body}/8`, `10.0.0.0/${body}`, `10.0.0.0-${body}`, `10.0.0.0${body}x`]

  test.each(Object.entries(strict))('%s says that it is too long', (_, parse) => {
    for (const text of texts) expect(() => parse(text)).toThrow(/^is longer than any (address|CIDR|range)$/)
  })

  test.each(Object.entries(quiet))('%s gives nothing', (_, read) => {
    expect(texts.map((text) => read(text))).toEqual(texts.map(() => undefined))
  })

  test('the reason is short', () => expect(texts.map(addressFault)).toEqual(texts.map(() => 'is longer than any address')))
})

test('no text makes a strict parser throw anything but a syntax error with a reason, or a quiet one anything at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    addressText,
    cidrText,
    fc.tuple(addressText, addressText).map((ends) => ends.join('-')),
  )
  fc.assert(
    fc.property(text, (any) => {
      for (const read of Object.values(quiet)) read(any)
      const errors = Object.values(strict).flatMap((parse) => {
        try {
          parse(any)
          return []
        } catch (error) {
          return [error]
        }
      })
      expect(errors.filter((error) => !(error instanceof NetSyntaxError) || error.input !== any || error.reason.length < 8)).toEqual([])
      // Nothing of the input but digits, hexadecimal or canonical text comes into the message, so it is safe to print.
      expect(errors.filter((error) => /[^\x20-\x7e]/.test((error as Error).message))).toEqual([])
    }),
    { numRuns: 600 },
  )
})
