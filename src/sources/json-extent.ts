// Finds where a JSON value ends without parsing it: the tight loop under the scanner.
import { SourceError } from '../model/errors.ts'

/** API objects nest a few dozen levels; 20,000 would overflow the stack of whoever walks them. */
export const DEEPEST = 512

/** Where the search stands between two chunks. */
export interface Extent {
  depth: number
  inString: boolean
  /** The next byte belongs to an escape that began in the chunk before. */
  escaped: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** What a byte means between strings: 0 nothing, 1 a quote, 2 one level deeper, 3 one level up. */
const MEANING = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE ? 1 : byte === 0x7b || byte === 0x5b ? 2 : byte === 0x7d || byte === 0x5d ? 3 : 0,
)

/**
 * Index after the end of the object, array or string that begins at `start` (or, resumed with the same `extent`, began in an earlier chunk);
 * -1 when the chunk ends first. Kinds of brackets are not compared: JSON.parse does that.
 * @throws SourceError beyond DEEPEST levels
 */
export function endOfValue(chunk: Buffer, start: number, extent: Extent): number {
  const end = chunk.length
  let { depth, inString } = extent
  let i = extent.escaped ? start + 1 : start
  extent.escaped = false
  for (;;) {
    if (inString) {
      let byte = 0
      while (i < end) {
        byte = chunk[i] as number
        if (byte === QUOTE || byte === BACKSLASH) break
        i++
      }
      if (i >= end) break
      if (byte === BACKSLASH) {
        i += 2
        continue
      }
      i++
      inString = false
      if (depth === 0) return finish(extent, i)
      continue
    }
    let meaning = 0
    while (i < end) {
      meaning = MEANING[chunk[i] as number] as number
      if (meaning !== 0) break
      i++
    }
    if (i >= end) break
    i++
    if (meaning === 1) inString = true
    else if (meaning === 2) {
      if (++depth > DEEPEST) throw new SourceError(`is nested more than ${DEEPEST} levels deep`)
    } else if (--depth <= 0) return finish(extent, i)
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
