// Words for what the operating system says when a file cannot be written: which file, why, and the way out.
import { OutputError } from '../model/errors.ts'

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; choose a place that you may write to',
  EPERM: 'not permitted; choose a place that you may write to',
  EROFS: 'the file system is read-only; choose another place',
  ENOSPC: 'no space left on the device; free some or choose another place',
  EDQUOT: 'the disk quota is used up; free some space or choose another place',
  EEXIST: 'the file exists already; give --force to replace it, or choose another name',
  ENOENT: 'its folder cannot be made; choose another place',
  EISDIR: 'it is a directory; name a file in it',
  ENOTDIR: 'a part of the path is not a directory; choose another path',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
  ELOOP: 'it is a symbolic link, which is not followed; remove it or name the file that it leads to',
}

/** The system's error code (`ENOENT`), or empty text for anything that is not a system error. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** @param reason a code of `reasons`, or words of one's own */
export function cannotWrite(path: string, reason: string, cause?: unknown): OutputError {
  return new OutputError(`cannot write ${JSON.stringify(path)}: ${reasons[reason] ?? reason}`, { cause })
}

/** Turns a system error into an OutputError; anything else is a fault of this program and stays what it is. */
export function explainFault(path: string, error: unknown): unknown {
  if (error instanceof OutputError || !(error instanceof Error) || !('syscall' in error)) return error
  return cannotWrite(path, codeOf(error) in reasons ? codeOf(error) : error.message, error)
}
