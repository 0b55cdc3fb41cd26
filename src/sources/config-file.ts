// Reads one small text file that a person wrote (a request, a waiver list), or standard input. Looks at what it is before it reads a byte.
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../model/errors.ts'

/** No request or waiver list written by a person comes near this. */
export const smallFile = 1024 * 1024

/** Name shown in messages. */
export const shownName = (path: string): string => (path === '-' ? 'standard input' : path)

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read by this user',
  EPERM: 'it may not be read by this user',
  EISDIR: 'it is a directory; give a file',
  ELOOP: 'its symbolic links lead nowhere',
  ENAMETOOLONG: 'its name is too long',
}

function refuse(path: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${shownName(path)}: ${reason}`, { cause })
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / (1024 * 1024))} MiB`

async function check(handle: FileHandle, path: string, limit: number): Promise<void> {
  const status = await handle.stat()
  if (status.isDirectory()) throw refuse(path, 'it is a directory; give a file')
  if (!status.isFile()) throw refuse(path, 'it is not a regular file; pipe the text in with "-" instead')
  if (status.size > limit) throw refuse(path, `it has ${megabytes(status.size)}, more than the ${megabytes(limit)} that such a file may have`)
}

async function collect(chunks: AsyncIterable<Uint8Array>, path: string, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw refuse(path, `it has more than the ${megabytes(limit)} that such a file may have`)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

async function readBytes(path: string, limit: number): Promise<Buffer> {
  if (path === '-') {
    if (process.stdin.isTTY) throw refuse(path, 'it is a terminal; pipe a file in, or give its name')
    return collect(process.stdin, path, limit)
  }
  // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(path, reasons[cause.code ?? ''] ?? `it cannot be opened: ${cause.message}`, cause)
  })
  try {
    await check(handle, path, limit)
    return await collect(handle.createReadStream({ autoClose: false }), path, limit)
  } finally {
    await handle.close()
  }
}

function decode(bytes: Buffer, path: string): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw refuse(path, 'it is UTF-16; save it as UTF-8')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes) // drops a byte order mark
    if (text.includes('\0')) throw refuse(path, 'it holds NUL characters; is it UTF-16? save it as UTF-8')
    return text
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw refuse(path, 'it is not UTF-8; save it as UTF-8', cause)
  }
}

/**
 * The text of the file, or of standard input for `-`. `limit` is in bytes.
 *
 * @throws UsageError that names the file
 */
export async function readConfigFile(path: string, limit: number = smallFile): Promise<string> {
  const text = decode(await readBytes(path, limit), path)
  if (text.trim() === '') throw refuse(path, 'it is empty')
  return text
}
