// Decides how text is written where it goes: colour, width, characters. Chalk is not asked, since it ignores NO_COLOR on a terminal.
import type { RenderOptions } from '../formats/define-format.ts'

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when the text goes to a terminal. */
  readonly isTTY: boolean
  readonly columns: number | undefined
  /** --no-color */
  readonly noColor: boolean
  /** --ascii */
  readonly ascii: boolean
}

const smallest = 40

/** Off by --no-color, NO_COLOR (not empty), FORCE_COLOR=0, TERM=dumb and where there is no terminal, in this order; on by FORCE_COLOR. */
function wantsColor({ env, isTTY, noColor }: Surroundings): boolean {
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return !['0', 'false'].includes(forced)
  return isTTY && env['TERM'] !== 'dumb'
}

/** A terminal's own width, else COLUMNS. Where neither is known (a pipe, a file, a CI log) nothing is cut or folded, so that `grep` finds whole lines. */
function widthOf({ env, isTTY, columns }: Surroundings): number {
  if (isTTY && columns !== undefined && columns > 0) return Math.max(smallest, columns)
  if (/^[1-9]\d{0,5}$/.test(env['COLUMNS'] ?? '')) return Math.max(smallest, Number(env['COLUMNS']))
  return isTTY ? 80 : Number.POSITIVE_INFINITY
}

/** Block characters are missing on the Linux console, in dumb terminals and where the locale names a character set other than UTF-8. */
function writesUnicode({ env, ascii }: Surroundings): boolean {
  if (ascii || env['TERM'] === 'linux' || env['TERM'] === 'dumb') return false
  const charset = /\.(.+?)(@|$)/.exec(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

export function renderOptionsFor(surroundings: Surroundings): RenderOptions {
  return { color: wantsColor(surroundings), width: widthOf(surroundings), unicode: writesUnicode(surroundings) }
}
