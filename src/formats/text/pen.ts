// What the text formats write with: text made safe, colours, and the characters that may be used.
import { Chalk, type ChalkInstance } from 'chalk'
import type { Severity } from '../../model/finding.ts'
import type { RenderOptions } from '../define-format.ts'
import { type SafeText, safe } from '../safe.ts'

export type Style = Severity | 'heading' | 'label' | 'faint' | 'good' | 'near' | 'full'

export interface Pen {
  /** Columns to stay within; infinite where nothing is to be folded or cut. */
  readonly width: number
  readonly unicode: boolean
  readonly ellipsis: string
  /** Text of any origin, made fit for the terminal: the only way to text in these formats. */
  text(raw: string): SafeText
  /** Colour comes last, when lengths have been measured. */
  paint(style: Style, text: SafeText): string
}

function styles(chalk: ChalkInstance): Readonly<Record<Style, (text: string) => string>> {
  return {
    critical: chalk.bold.red,
    high: chalk.red,
    medium: chalk.yellow,
    low: chalk.cyan,
    info: chalk.blue,
    heading: chalk.bold,
    label: chalk.dim,
    faint: chalk.dim,
    good: chalk.green,
    near: chalk.yellow,
    full: chalk.red,
  }
}

export function createPen({ color, width, unicode }: RenderOptions): Pen {
  const byStyle = styles(new Chalk({ level: color ? 1 : 0 }))
  return {
    width,
    unicode,
    ellipsis: unicode ? '…' : '...',
    text: (raw) => safe(raw, { ascii: !unicode }),
    paint: (style, text) => byStyle[style](text),
  }
}
