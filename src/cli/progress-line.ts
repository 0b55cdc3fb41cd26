// Tells a person at a terminal what is being read: one line on standard error that is overwritten and wiped. Never in pipes, CI logs or dumb terminals.

const EVERY = 200

/** Undefined where nobody watches. */
export function progressLine(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
  quiet: boolean,
): ((what: string, read: number) => void) | undefined {
  if (quiet || !stream.isTTY || env['TERM'] === 'dumb' || (env['CI'] ?? '') !== '') return undefined
  let last = 0
  const begun = performance.now()
  process.once('exit', () => last > 0 && stream.write('\r\x1b[K'))
  return (what, read) => {
    const now = performance.now()
    if (now - last < EVERY) return
    last = now
    stream.write(`\r\x1b[Kreading ${what}: ${read} objects, ${Math.round((now - begun) / 1000)} s\r`)
  }
}
