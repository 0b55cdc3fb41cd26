// Ranges as other systems write them, read from generated text.
import { type Cidr, formatAddress, formatCidr, parseCidr, parseRange, type Range, rangeOf } from '../../../../net/index.ts'

/** A CIDR, an address, or two with `-` or `..` between them. @throws NetSyntaxError */
export function rangeIn(text: string): Range {
  return text.includes('/') ? rangeOf(parseCidr(text)) : parseRange(text.replace('..', '-'))
}

export const firstOf = ({ family, first }: Range): string => formatAddress({ family, value: first })
export const endOf = ({ family, last }: Range): string => formatAddress({ family, value: last })

/** `a-b`, or another separator; one address alone where it is one. */
export const spanText = (range: Range, separator = '-'): string =>
  range.first === range.last ? firstOf(range) : `${firstOf(range)}${separator}${endOf(range)}`

export const textsOf = (cidrs: readonly Cidr[]): readonly string[] => cidrs.map(formatCidr)

/** A list of texts in what was read; nothing else passes. */
export const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? (value as unknown[]).filter((item) => typeof item === 'string') : []

export const objectIn = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const found = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
  return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {}
}
