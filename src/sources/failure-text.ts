// Turns what the file system or a reader threw into one line for coverage; anything else is a bug and goes on up.
import { SourceError } from '../model/errors.ts'

const isErrno = (cause: unknown): cause is NodeJS.ErrnoException =>
  cause instanceof Error && typeof (cause as NodeJS.ErrnoException).code === 'string'

/** Error code of the file system (`EACCES`), or undefined. */
export const errorCode = (cause: unknown): string | undefined => (isErrno(cause) ? cause.code : undefined)

/** One line without the path: Node repeats it (`EACCES: permission denied, open '/x'`), and the caller names the file in its own words. */
export function failureText(cause: unknown): string {
  if (cause instanceof SourceError) return cause.message
  if (!isErrno(cause)) throw cause
  return /^E[A-Z0-9]+: [^,]+/.exec(cause.message)?.[0] ?? cause.message
}
