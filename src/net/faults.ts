// Says in words for a person why a text is not an address or not a prefix length. Runs only after the fast parsers have refused the text.
import { parseIpv4 } from './ipv4.ts'
import { parseIpv6 } from './ipv6.ts'

/** Longest text of an address (six groups and a dotted tail), and of a CIDR. */
export const MAX_ADDRESS_TEXT = 45
export const MAX_CIDR_TEXT = MAX_ADDRESS_TEXT + '/128'.length

/** Why `text` is not an address, in words for a person. */
export function addressFault(text: string): string {
  if (text === '') return 'is empty'
  if (text.length > MAX_ADDRESS_TEXT) return 'is longer than any address'
  if (text.includes('%')) return 'has a zone; write the address without it'
  const odd = oddCharacter(text)
  if (odd !== undefined) return odd
  const quad = /(?:^|:)(\d+(?:\.\d+){3})$/.exec(text)?.[1]?.split('.') ?? []
  const zero = quad.find((octet) => /^0\d/.test(octet))
  if (zero !== undefined) return leadingZero(zero)
  const large = quad.find((octet) => Number(octet) > 255)
  if (large !== undefined) return `has an octet above 255 (${large})`
  if (/^(0x[\da-f]*|\d+)(\.(0x[\da-f]*|\d+)){0,3}$/i.test(text)) return 'is a short or hexadecimal form; write four octets in decimal'
  if (text.includes(':')) return 'is not an IPv6 address: eight groups of one to four hexadecimal digits, where one run of zero groups may be "::"'
  return 'is not an IPv4 or IPv6 address'
}

/** Some parsers read 010 as 8 and others as 10, and attackers use that: CVE-2021-29923. */
function leadingZero(octet: string): string {
  const decimal = Number.parseInt(octet, 10)
  const octal = /^[0-7]+$/.test(octet) ? Number.parseInt(octet, 8) : decimal
  const readings = octal === decimal ? `${decimal}` : `${octal} or ${decimal}`
  return `has an octet with a leading zero: octal or decimal? Write ${readings} for ${octet}`
}

/** Why `text` is not a prefix length for addresses of `bits` bits. */
export function prefixFault(text: string, bits: 32 | 128): string {
  if (text === '') return `has nothing after the slash; write a prefix length from 0 to ${bits}`
  const odd = oddCharacter(text)
  if (odd !== undefined) return odd
  if (/^0\d+$/.test(text)) return 'has a prefix length with a leading zero; write it without'
  if (/^\d+$/.test(text)) return `has a prefix length above ${bits}`
  if (parseIpv4(text) >= 0 || parseIpv6(text) >= 0n) return 'has a netmask after the slash; write a prefix length, such as /24 for 255.255.255.0'
  return `has a prefix length that is not a plain decimal number; write one from 0 to ${bits}`
}

const NAMES = new Map([
  [0x09, 'a tab'],
  [0x0a, 'a line break'],
  [0x0d, 'a carriage return'],
  [0x1b, 'an escape character'],
  [0x20, 'a space'],
  [0xa0, 'a no-break space'],
  [0xfeff, 'a byte order mark'],
])

/** Names the first character that is not visible ASCII: quoted as it is, it would look right or not be seen at all. */
function oddCharacter(text: string): string | undefined {
  const at = text.search(/[^\x21-\x7e]/)
  if (at < 0) return undefined
  const code = text.codePointAt(at) ?? 0
  return `has ${NAMES.get(code) ?? 'a character that no address has'} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`
}
