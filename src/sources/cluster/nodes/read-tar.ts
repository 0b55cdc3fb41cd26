// Lists the entries of a tar in memory. Nothing is written here, and no name is trusted.
import { SourceError } from '../../../model/errors.ts'

export interface TarEntry {
  /** As in the archive; names are bytes on Linux. */
  readonly path: Buffer
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** Permission bits. */
  readonly mode: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly content: Buffer
  /** Of a link. */
  readonly target: Buffer
}

const BLOCK = 512
const KINDS: Readonly<Record<string, TarEntry['kind']>> = { '0': 'file', '\0': 'file', '7': 'file', '5': 'directory', '1': 'link', '2': 'link' }

/**
 * ustar with GNU's long names, as busybox and GNU tar write it: https://www.gnu.org/software/tar/manual/html_node/Standard.html
 *
 * @throws SourceError for what is no such archive, or ends within an entry
 */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let longPath: Buffer | undefined
  let longTarget: Buffer | undefined
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK)
    if (header[0] === 0) return // two blocks of zeros end it
    if (header.toString('latin1', 257, 262) !== 'ustar') throw new SourceError(`is no tar archive (byte ${at})`)
    const size = octal(header, 124, 12)
    const content = archive.subarray(at + BLOCK, at + BLOCK + size)
    if (content.length < size) throw new SourceError('the archive is cut short')
    at += BLOCK + size + (-size & (BLOCK - 1))
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'L') longPath = untilZero(content)
    else if (type === 'K') longTarget = untilZero(content)
    else {
      const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? untilZero(header.subarray(345, 500)) : Buffer.alloc(0)
      const name = untilZero(header.subarray(0, 100))
      const path = longPath ?? (prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]))
      const target = longTarget ?? untilZero(header.subarray(157, 257))
      longPath = longTarget = undefined
      yield { path, kind: KINDS[type] ?? 'other', mode: octal(header, 100, 8) & 0o7777, mtime: octal(header, 136, 12), content, target }
    }
  }
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end === -1 ? bytes : bytes.subarray(0, end)
}

function octal(header: Buffer, at: number, length: number): number {
  const text = header
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trim()
  if (!/^[0-7]*$/.test(text)) throw new SourceError('has a number that is not octal')
  return text === '' ? 0 : Number.parseInt(text, 8)
}
