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
  /** Reports that it can show; every one when undefined. A list of findings made of a report without any would say that there are none. */
  readonly kinds?: readonly Report['kind'][]
  /** Its file is meant for a program of another user (mode 0644); other reports name pods and nodes and are for their owner alone. */
  readonly isShared?: boolean
  /** Text in pieces, so that a plan of 65,536 nodes is streamed; joined they are the whole output, final newline included. */
  render(report: Report, options: RenderOptions): Iterable<string> | Promise<Iterable<string>>
}

/** Identity; it is here for the type. */
export const defineFormat = <F extends Format>(format: F): F => format
