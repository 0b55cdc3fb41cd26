// Tells JSON from YAML by the first bytes, and names what is neither in words that help.
import { SourceError } from '../model/errors.ts'

export interface Sniffed {
  readonly format: 'json' | 'yaml'
  /** Where the text begins, after a byte order mark. */
  readonly begin: number
}

const startsWith = (bytes: Buffer, ...wanted: readonly number[]): boolean => wanted.every((byte, i) => bytes[i] === byte)

/**
 * @param whole there will be no more bytes
 * @returns undefined: only blanks so far
 * @throws SourceError for what is neither JSON nor YAML in UTF-8
 */
export function sniffFormat(bytes: Buffer, whole: boolean): Sniffed | undefined {
  if (bytes.length < 4 && !whole) return undefined
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff))
    throw new SourceError('is UTF-16: save it as UTF-8 (PowerShell: Out-File -Encoding utf8)')
  if (startsWith(bytes, 0x1f, 0x8b)) throw new SourceError('is compressed by gzip: unpack it first')
  if (startsWith(bytes, 0x50, 0x4b, 3, 4)) throw new SourceError('is a zip archive: unpack it first')
  const begin = startsWith(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0
  let first = begin
  while (first < bytes.length && (bytes[first] === 0x20 || bytes[first] === 0x0a || bytes[first] === 0x0d || bytes[first] === 0x09)) first++
  if (first === bytes.length || (first + 1 === bytes.length && !whole)) return undefined
  const byte = bytes[first]
  if (byte === 0 || bytes[first + 1] === 0) throw new SourceError('holds NUL bytes, so it is not text in UTF-8 (UTF-16, or a damaged file)')
  if (byte === 0x3c) throw new SourceError('is HTML or XML, not JSON or YAML: perhaps a login or error page was saved')
  return { format: byte === 0x7b || byte === 0x5b ? 'json' : 'yaml', begin }
}
