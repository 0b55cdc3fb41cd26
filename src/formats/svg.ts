// A picture that needs nothing else: who has which part of the address space, or how full everything is.
import type { Report } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { drawBars } from './picture/bars.ts'
import { drawText, escapeXml } from './picture/draw.ts'
import { drawMap } from './picture/map.ts'
import { lineHeight, margin, style, width } from './picture/theme.ts'
import { safe } from './safe.ts'

/** Whole words in lines of at most `most` characters. */
function lines(text: string, most: number): string[] {
  const found: string[] = ['']
  for (const word of safe(text).split(' ')) {
    const last = found.at(-1) ?? ''
    if (last !== '' && last.length + word.length + 1 > most) found.push(word)
    else found[found.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return found
}

function* picture(report: Report): Iterable<string> {
  const inner = width - 2 * margin
  const head = lines(report.headline, 115)
  const heading = head.map((line, index) => drawText(margin, margin + 12 + index * (lineHeight + 2), line, inner * 1.2, 'title'))
  const top = margin + 12 + head.length * (lineHeight + 2) + 4
  const { shapes, bottom } = report.map === undefined ? drawBars(report.tables, top) : drawMap(report.map(), top)
  const height = Math.ceil(bottom) + margin - 12
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">\n`
  yield `<title>${escapeXml(report.headline)}</title>\n<style>${style}</style>\n`
  yield `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" class="card"/>\n`
  yield* heading
  yield* shapes
  yield '</svg>\n'
}

export const svg = defineFormat({
  id: 'svg',
  title: 'a picture of who has what',
  render: picture,
})
