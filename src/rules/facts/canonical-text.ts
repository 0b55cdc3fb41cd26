// Canonical text for findings: of text as it was read, and of lists of networks in order.
import { type Cidr, compareCidrs, formatAddress, formatCidr, formatRange, parseRange, readAddress, readCidr } from '../../net/index.ts'

/** undefined when no address, network or range can be made of it. */
export function canonicalText(text: string): string | undefined {
  const address = readAddress(text)
  if (address !== undefined) return formatAddress(address.value)
  const cidr = readCidr(text)
  if (cidr !== undefined) return formatCidr(cidr.value)
  try {
    return formatRange(parseRange(text))
  } catch {
    return undefined
  }
}

/** How the text differs from the canonical one, in words. */
export const oddityOf = (text: string): string | undefined => readAddress(text)?.oddity ?? readCidr(text)?.oddity

/** Each network once, by family and number. */
export const cidrTexts = (cidrs: readonly Cidr[]): string[] => [...new Set([...cidrs].sort(compareCidrs).map(formatCidr))]
