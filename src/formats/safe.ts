// The one place where text of foreign origin is made fit for a terminal.

/**
 * Control, format, line and paragraph separator, surrogate and private-use characters: what can move the cursor, reverse or hide text.
 * `util.stripVTControlCharacters` is not enough: it leaves CR, BS, BEL, NUL, bidi overrides, U+2028 and tag characters.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu
const unprintableOrForeign = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|[^\0-~]/gu

export interface SafeOptions {
  /** Characters (UTF-16 units) after which text is cut: an owner may be 4 KiB of junk. */
  readonly max?: number
  /** Make everything outside ASCII visible too. */
  readonly ascii?: boolean
}

/** Text that is fit for a terminal; only `safe` makes it. */
export type SafeText = string & { readonly safe: unique symbol }

/** Makes every character that is not plainly visible visible as `\u{1b}`, and cuts what is too long. */
export function safe(text: string, { max = 2_000, ascii = false }: SafeOptions = {}): SafeText {
  const visible = text
    .slice(0, max)
    .replace(ascii ? unprintableOrForeign : unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
  return (text.length > max ? `${visible}${ascii ? '...' : '…'}` : visible) as SafeText
}
