// The one writer of standard output: in pieces of about 64 KB, waiting for the reader, so that nothing is lost and nothing piles up.
import { OutputError } from '../model/errors.ts'
import { gather } from './gather.ts'

const ignore = (): void => {} // the error arrives through the callback of write()

function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, 'utf8', (error) => (error ? reject(error) : resolve()))
  })
}

/** True for "the reader has gone" (`ipam plan | head`), which is no fault. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
}

/**
 * Writes the pieces in order and stops asking for more when the reader has gone.
 *
 * @param begin called before anything is written
 * @throws OutputError when the text cannot be written (a full disk behind `>`)
 */
export async function writeStdout(pieces: Iterable<string>, begin = (): void => {}): Promise<void> {
  const stream = process.stdout
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
  try {
    for (const piece of gather(pieces)) {
      begin()
      await write(stream, piece)
    }
  } catch (cause) {
    if (isClosedPipe(cause)) return
    if (cause instanceof Error && 'syscall' in cause) throw new OutputError(`cannot write to standard output: ${cause.message}`, { cause })
    throw cause
  }
}
