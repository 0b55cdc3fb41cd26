// IPv4 text to number and back. Strict: four decimal octets, no leading zeros (octal to some parsers, decimal to others: CVE-2021-29923).

/** The 32-bit number of a dotted quad between `from` and `to` of `text`, or -1 if it is not exactly one. */
export function parseIpv4(text: string, from = 0, to = text.length): number {
  if (to - from < 7 || to - from > 15) return -1
  let value = 0
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i)
    if (c >= 48 && c <= 57) {
      if (digits > 0 && octet === 0) return -1
      octet = octet * 10 + (c - 48)
      digits++
      if (octet > 255) return -1
    } else if (c === 46) {
      if (digits === 0 || dots === 3) return -1
      value = value * 256 + octet
      octet = 0
      digits = 0
      dots++
    } else return -1
  }
  if (dots !== 3 || digits === 0) return -1
  return value * 256 + octet
}

/** Dotted quad of a 32-bit number. */
export function formatIpv4(value: number): string {
  return `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
}
