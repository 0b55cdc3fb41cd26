// Lengths of text in terminal columns, and what depends on them: cutting, padding, folding.
import stringWidth from 'string-width'
import type { SafeText } from '../safe.ts'

const ascii = /^[ -~]*$/

/** ASCII and what reports are made of themselves: one column each. Knowing what emoji are takes as long as all the rest of a start. */
const narrow = /^[ -~’…\u2500-\u259f\u25b0\u25b1]*$/

/** Columns that the text takes: a CJK letter takes two, a combining accent none. */
export const columnsOf = (text: SafeText): number => (narrow.test(text) ? text.length : stringWidth(text))

const graphemes = (text: string): string[] =>
  ascii.test(text) ? [...text] : Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)

/** The first part of the text that takes no more than `columns`. */
function startOf(text: SafeText, columns: number): SafeText {
  let taken = ''
  let used = 0
  for (const part of graphemes(text)) {
    used += columnsOf(part as SafeText)
    if (used > columns) break
    taken += part
  }
  return taken as SafeText
}

/** Cuts text to at most `columns`, the mark of the cut included. */
export function cut(text: SafeText, columns: number, mark: string): SafeText {
  return columnsOf(text) <= columns ? text : (`${startOf(text, columns - mark.length)}${mark}` as SafeText)
}

export function pad(text: SafeText, columns: number, align: 'left' | 'right'): SafeText {
  const space = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return (align === 'left' ? text + space : space + text) as SafeText
}

/**
 * Folds at spaces into lines of at most `columns`; a word that is longer than a line is broken.
 *
 * @param first columns of the first line, where it has more room than the others
 */
export function fold(text: SafeText, columns: number, first = columns): SafeText[] {
  if (columnsOf(text) <= first) return [text]
  const lines: SafeText[] = []
  const room = (): number => (lines.length === 0 ? first : columns)
  let line = '' as SafeText
  for (const word of text.split(' ') as SafeText[]) {
    const longer = (line === '' ? word : `${line} ${word}`) as SafeText
    if (columnsOf(longer) <= room()) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (columnsOf(line) > room()) {
      const start = startOf(line, room())
      lines.push(start)
      line = line.slice(start.length) as SafeText
    }
  }
  return line === '' ? lines : [...lines, line]
}
