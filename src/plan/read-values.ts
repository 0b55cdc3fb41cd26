// Reads single values of a request: networks, ranges and amounts, each with the place that a complaint must name.
import { type Cidr, formatCidr, NetSyntaxError, networkOf, parseAddressWithPrefix, parseCidr, parseRange, type Range } from '../net/index.ts'
import { RequestFault, type RequestPath } from './request-fault.ts'

/** A value and where it stands. */
export interface Placed<T> {
  readonly value: T
  readonly path: RequestPath
}

/** The input as given, short enough for one line. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** One text, a comma list, or a list of either, as separate texts. */
export function readTexts(value: string | readonly string[] | undefined, path: RequestPath): readonly Placed<string>[] {
  if (value === undefined) return []
  if (typeof value === 'string') return value.split(',').map((text) => ({ value: text.replace(/^ +| +$/g, ''), path }))
  return value.flatMap((text, index) => readTexts(text, [...path, index]))
}

/** @throws RequestFault for everything that is not an error of net/ as it is */
function faultOf(error: unknown, text: string, path: RequestPath, hint: string): RequestFault {
  if (!(error instanceof NetSyntaxError)) throw error
  return new RequestFault(path, `${quote(text)} ${error.message}${hint}`, { cause: error })
}

/**
 * A network. With `normalize` host bits are masked instead of refused.
 *
 * @throws RequestFault
 */
export function readCidr({ value, path }: Placed<string>, normalize: boolean): Cidr {
  try {
    return parseCidr(value)
  } catch (error) {
    const masked = normalize ? maskedCidr(value) : undefined
    if (masked !== undefined) return masked
    const hint = error instanceof NetSyntaxError && error.reason.startsWith('has host bits') ? ' (--normalize takes it for that)' : ''
    throw faultOf(error, value, path, hint)
  }
}

/** What parseCidr would have accepted without the host bits. */
function maskedCidr(text: string): Cidr | undefined {
  try {
    const { address, prefix } = parseAddressWithPrefix(text)
    return parseCidr(formatCidr(networkOf(address, prefix)))
  } catch {
    return undefined
  }
}

/** A CIDR, an address, or `first-last`. @throws RequestFault */
export function readRange({ value, path }: Placed<string>, normalize: boolean): Range {
  if (value.includes('/')) {
    const { family, base, prefix } = readCidr({ value, path }, normalize)
    return { family, first: base, last: base + (1n << BigInt((family === 4 ? 32 : 128) - prefix)) - 1n }
  }
  try {
    return parseRange(value)
  } catch (error) {
    throw faultOf(error, value, path, '')
  }
}

/** A number of percent, with or without the sign. @throws RequestFault */
export function readPercent(value: number | string, path: RequestPath): number {
  const text = String(value)
  const [, digits] = /^(\d{1,6}(?:\.\d{1,6})?)%?$/.exec(text) ?? []
  if (digits === undefined) throw new RequestFault(path, `${quote(text)} is not a number of percent; write 30 or 30%`)
  return Number(digits)
}

/** Extra nodes during upgrades: a number of them, or a share of the maximum. */
export type Surge = { readonly count: number } | { readonly percent: number }

/** @throws RequestFault */
export function readSurge(value: number | string, path: RequestPath): Surge {
  const text = String(value)
  if (text.endsWith('%')) return { percent: readPercent(text, path) }
  if (!/^\d{1,9}$/.test(text)) throw new RequestFault(path, `${quote(text)} is neither a number of nodes nor percent; write 3 or 10%`)
  return { count: Number(text) }
}

/** Rounded up: a third of a node is a node. */
export const surgeNodes = (surge: Surge, maximum: number): number => ('count' in surge ? surge.count : Math.ceil((maximum * surge.percent) / 100))
