// IPv4 text to number and back. Strict: four decimal octets, no leading zeros (octal to some parsers, decimal to others: CVE-2021-29923).

/** The 32-bit number of a dotted quad between `from` and `to` of `text`, or -1 if it is not exactly one. */
export function parseIpv4(text: string, from = 0, to = text.length): number {
  if (to - from < 7 || to - from > 15) return -1
  let value = 0
  let octet = -1 // -1: no digit yet
  let dots = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i)
    if (c >= 48 && c <= 57) {
      if (octet === 0) return -1
      octet = octet < 0 ? c - 48 : octet * 10 + (c - 48)
      if (octet > 255) return -1
    } else if (c === 46 && octet >= 0 && dots < 3) {
      value = (value << 8) | octet
      octet = -1
      dots++
    } else return -1
  }
  if (dots !== 3 || octet < 0) return -1
  return ((value << 8) | octet) >>> 0
}

// V8 joins strings from a table three times as fast as it turns numbers into text.
const OCTETS = Array.from({ length: 256 }, (_, octet) => `${octet}`)
const DOTTED = OCTETS.map((octet) => `${octet}.`)

/** Dotted quad of a 32-bit number. */
export function formatIpv4(value: number): string {
  return `${DOTTED[value >>> 24]}${DOTTED[(value >>> 16) & 255]}${DOTTED[(value >>> 8) & 255]}${OCTETS[value & 255]}`
}
