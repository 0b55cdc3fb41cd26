// The texts in which whereabouts takes ranges, bounds and exclusions (pkg/types, pkg/config).
import { type Cidr, networkOf, type Range, rangeOf, rangeOfAddress, readAddress, readCidr } from '../../net/index.ts'

export const readBound = (text: string): Range | undefined => {
  const address = readAddress(text.trim())?.value
  return address === undefined ? undefined : rangeOfAddress(address)
}

export const readExclusion = (text: string): Range | undefined => {
  if (!text.includes('/')) return readBound(text)
  const cidr = readCidr(text.trim())?.value
  return cidr === undefined ? undefined : rangeOf(cidr)
}

/** `10.0.0.0/24`, host bits masked, or `10.0.0.5-10.0.0.9/24`. */
export function readRangeText(text: string): { readonly cidr: Cidr; readonly start?: bigint; readonly end?: bigint } | undefined {
  const between = /^\s*([^-\s]+)\s*-\s*([^-\s/]+)\/(\d{1,3})\s*$/.exec(text)
  if (between === null) {
    const cidr = readCidr(text.trim())?.value
    return cidr === undefined ? undefined : { cidr }
  }
  const [, first = '', last = '', prefix = ''] = between
  const [start, end] = [readAddress(first)?.value, readAddress(last)?.value]
  if (start === undefined || end === undefined || start.family !== end.family) return undefined
  if (Number(prefix) > (start.family === 4 ? 32 : 128)) return undefined
  return { cidr: networkOf(start, Number(prefix)), start: start.value, end: end.value }
}
