// The few shapes that pictures are made of.
import { safe } from '../safe.ts'
import { advance } from './theme.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeXml = (text: string): string => safe(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')

/** Cut in the middle, because names tell themselves apart at their ends. */
export function shorten(text: string, room: number): string {
  const most = Math.max(3, Math.floor(room / advance))
  const characters = [...safe(text)]
  if (characters.length <= most) return characters.join('')
  const head = Math.ceil((most - 1) / 2)
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`
}

/** @param room pixels; longer text is cut and shown whole when a pointer rests on it */
export function drawText(x: number, y: number, text: string, room: number, className = ''): string {
  const short = shorten(text, room)
  const whole = short === safe(text) ? '' : `<title>${escapeXml(text)}</title>`
  return `<text x="${x}" y="${y}"${className === '' ? '' : ` class="${className}"`}>${escapeXml(short)}${whole}</text>\n`
}

export function drawBox(x: number, y: number, wide: number, high: number, className: string, title = ''): string {
  const text = title === '' ? '/>' : `><title>${escapeXml(title)}</title></rect>`
  return `<rect x="${x}" y="${y}" width="${wide}" height="${high}" rx="2" class="${className}"${text}\n`
}
