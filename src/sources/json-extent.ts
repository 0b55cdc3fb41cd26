// Finds where a JSON value ends without parsing it: the tight loop under the scanner.

import { SourceError } from '../model/errors.ts'
import { BACKSLASH, QUOTE } from './json-bytes.ts'

/** API objects nest a few dozen levels; 20,000 would overflow the stack of whoever walks them. */
export const DEEPEST = 512

/** Where the search stands between two chunks. */
export interface Extent {
  depth: number
  inString: boolean
  /** The next byte belongs to an escape that began in the chunk before. */
  escaped: boolean
  /** Something stood between strings that JSON does not have there, such as the inside of a string after a lost quote. */
  stray: boolean
}

export const newExtent = (): Extent => ({ depth: 0, inString: false, escaped: false, stray: false })

const SPACE = 0x20
const FOUR_SPACES = 0x20202020

/** What a byte means between strings. */
const NOTHING = 0
const ONE_DEEPER = 1
const ONE_UP = 2
const STRAY = 3
const MEANING = Uint8Array.from({ length: 256 }, (_, byte) => {
  const letter = String.fromCharCode(byte)
  if ('{['.includes(letter)) return ONE_DEEPER
  if ('}]'.includes(letter)) return ONE_UP
  return /[\s,:0-9.eE+\-trufalsn]/.test(letter) && byte < 0x80 ? NOTHING : STRAY
})

/** The chunk's bytes, four at a time: most bytes are inside of strings, and this doubles the speed. */
export const wordsOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength)

/**
 * High bits at the bytes of `word` that are those of `four`, one byte four times over. Above the first of them there may be wrong ones, below there are none.
 * https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
 */
function hits(word: number, four: number): number {
  const other = word ^ four
  return (other - 0x01010101) & ~other & 0x80808080
}

/**
 * Index after the quote that closes the string of which `start` is a character or that quote; the complement (~) of an index where the chunk ends first:
 * of its length, or of one more when an escape goes on in the next chunk.
 *
 * @param words of the same chunk
 */
export function endOfString(chunk: Buffer, words: DataView, start: number): number {
  const end = chunk.length
  const lastWord = end - 4
  let i = start
  while (i <= lastWord) {
    const word = words.getInt32(i, true)
    const found = hits(word, 0x22222222) | hits(word, 0x5c5c5c5c)
    if (found === 0) {
      i += 4
      continue
    }
    i += (31 - Math.clz32(found & -found)) >> 3
    if (chunk[i] === QUOTE) return i + 1
    i += 2
  }
  while (i < end && chunk[i] !== QUOTE) i += chunk[i] === BACKSLASH ? 2 : 1
  return i < end ? i + 1 : ~i
}

/**
 * Index after the end of the object, array or string that begins at `start` (or, resumed with the same `extent`, began in an earlier chunk);
 * -1 when the chunk ends first. Kinds of brackets are not compared: JSON.parse does that.
 *
 * @param words of the same chunk
 * @throws SourceError beyond DEEPEST levels
 */
export function endOfValue(chunk: Buffer, words: DataView, start: number, extent: Extent): number {
  const end = chunk.length
  const lastWord = end - 4
  let { depth, inString } = extent
  let i = extent.escaped ? start + 1 : start
  extent.escaped = false
  while (i < end) {
    if (!inString) {
      const byte = chunk[i++] as number
      if (byte !== QUOTE) {
        const meaning = MEANING[byte]
        if (meaning === NOTHING) {
          if (byte === SPACE) while (i <= lastWord && words.getInt32(i, true) === FOUR_SPACES) i += 4
        } else if (meaning === ONE_DEEPER) {
          if (++depth > DEEPEST) throw new SourceError(`is nested more than ${DEEPEST} levels deep`)
        } else if (meaning === STRAY) extent.stray = true
        else if (--depth <= 0) return finish(extent, i)
        continue
      }
    }
    i = endOfString(chunk, words, i)
    inString = i < 0
    if (inString) i = ~i
    else if (depth === 0) return finish(extent, i)
  }
  extent.depth = depth
  extent.inString = inString
  extent.escaped = i > end
  return -1
}

function finish(extent: Extent, index: number): number {
  extent.depth = 0
  extent.inString = false
  return index
}
