// HTML in which text stays text: whatever is put into a template is escaped, unless it is markup made by this template.
import { escapeXml } from '../picture/draw.ts'

export interface Markup {
  readonly markup: string
}

/** Text, markup, or several of both; nothing is written for undefined and false. */
export type Piece = string | number | Markup | undefined | false | readonly Piece[]

function write(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'string') return escapeXml(piece)
  if (typeof piece === 'number') return String(piece)
  return 'markup' in piece ? piece.markup : piece.map(write).join('')
}

export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  markup: strings.map((text, index) => text + write(pieces[index])).join(''),
})

/** Markup that another writer of this folder's neighbours has made and escaped. */
export const made = (markup: string): Markup => ({ markup })
