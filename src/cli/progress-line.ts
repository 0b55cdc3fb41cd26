// Tells a person at a terminal what is being read: one line on standard error that is overwritten and wiped. Never in pipes, CI logs or dumb terminals.

const EVERY = 200
const WIPE = '\r\x1b[K'

export interface ProgressLine {
  show(what: string, read: number): void
  /** Leaves the line free for what is written next. */
  wipe(): void
}

/** Undefined where nobody watches. */
export function progressLine(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  env: Readonly<Record<string, string | undefined>>,
  quiet: boolean,
): ProgressLine | undefined {
  if (quiet || !stream.isTTY || env['TERM'] === 'dumb' || (env['CI'] ?? '') !== '') return undefined
  let last = Number.NEGATIVE_INFINITY
  let isShown = false
  const begun = performance.now()
  const wipe = (): void => {
    if (isShown) stream.write(WIPE)
    isShown = false
  }
  process.once('exit', wipe)
  return {
    wipe,
    show(what, read) {
      const now = performance.now()
      if (now - last < EVERY) return
      last = now
      isShown = true
      stream.write(`${WIPE}reading ${what}: ${read} objects, ${Math.round((now - begun) / 1000)} s\r`)
    },
  }
}
