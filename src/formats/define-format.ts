// The shape of an output format: pure text from a report view-model.
import type { Report } from '../report/report.ts'

export interface RenderOptions {
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
  /** False where only ASCII may be written. */
  readonly unicode: boolean
}

export interface Format {
  readonly id: string
  readonly title: string
  /** Text in pieces, so that a plan of 65,536 nodes is streamed; joined they are the whole output, final newline included. */
  render(report: Report, options: RenderOptions): Iterable<string>
}

/** Identity; it is here for the type. */
export const defineFormat = (format: Format): Format => format
