// The one place where text of foreign origin is made fit for a terminal, a log or a document.

/**
 * Control, format, line and paragraph separator, surrogate and private-use characters: what can move the cursor, reverse or hide text.
 * `util.stripVTControlCharacters` is not enough: it leaves CR, BS, BEL, NUL, bidi overrides, U+2028 and tag characters.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu
const invisibleOrForeign = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|[^\0-~]/gu
const plain = /^[ -~]*$/

/** Text that is fit for a terminal; only `safe` makes it. */
export type SafeText = string & { readonly safe: unique symbol }

export interface SafeOptions {
  /** UTF-16 units after which text is cut: an owner may be 4 KiB of junk. */
  readonly max?: number
  /** Make everything outside ASCII visible too. */
  readonly ascii?: boolean
}

/** Makes every character that is not plainly visible visible as `\u{1b}`, and cuts what is too long. */
export function safe(text: string, { max = 2_000, ascii = false }: SafeOptions = {}): SafeText {
  const short = text.length > max ? text.slice(0, max) : text
  const visible = plain.test(short)
    ? short
    : short.replace(ascii ? invisibleOrForeign : invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
  return (short === text ? visible : `${visible}${ascii ? '...' : '…'}`) as SafeText
}

/**
 * For text that keeps every character, as JSON does: escapes the same characters by `write`, which gets one code point.
 * Line feeds are left alone, for in such text they are the layout.
 */
export function escapeInvisible(text: string, write: (codePoint: number) => string): string {
  return /^[\n -~]*$/.test(text)
    ? text
    : text.replace(invisible, (character) => (character === '\n' ? character : write(character.codePointAt(0) ?? 0)))
}

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

/** JSON.stringify leaves DEL, C1, bidi and tag characters raw; above the basic plane an escape takes two units. */
function jsonEscape(codePoint: number): string {
  if (codePoint < 0x1_0000) return unit(codePoint)
  return unit(0xd7c0 + (codePoint >> 10)) + unit(0xdc00 + (codePoint & 0x3ff))
}

/** JSON in which every character is kept and none is raw that cannot be seen. */
export const safeJson = (value: unknown, indent = 0): string => escapeInvisible(JSON.stringify(value, null, indent), jsonEscape)
