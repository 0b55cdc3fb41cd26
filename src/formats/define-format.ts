// The shape of an output format: pure text from a report view-model.
import type { Report } from '../report/report.ts'

export interface RenderOptions {
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
  /** False where only ASCII may be written. */
  readonly unicode: boolean
}

/** Text in pieces, so that a plan of 65,536 nodes is streamed; joined they are the whole output, final newline included. */
type Rendered = Iterable<string> | Promise<Iterable<string>>

interface FormatGiving<R extends Rendered> {
  readonly id: string
  readonly title: string
  /** Reports that it can show; every one when undefined. A list of findings made of a report without any would say that there are none. */
  readonly kinds?: readonly Report['kind'][]
  /** Its file is meant for a program of another user (mode 0644); other reports name pods and nodes and are for their owner alone. */
  readonly isShared?: boolean
  render(report: Report, options: RenderOptions): R
}

export type Format = FormatGiving<Rendered>

/** Identity; it is here for the type. */
export const defineFormat = <R extends Rendered>(format: FormatGiving<R>): FormatGiving<R> => format
