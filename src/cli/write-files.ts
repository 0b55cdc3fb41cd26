// Publishes files whole and together or not at all: who watches a directory (kubelet and containerd watch /etc/cni/net.d) sees old files or new ones, never a half.
// write-file-atomic does not fit: it follows symbolic links, overwrites silently and knows one file at a time.
import { rmdirSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { cannotWrite, codeOf, explainFault } from './output-fault.ts'
import { fillPending, type PendingFile, preparePending, publishPending, undoPending } from './pending-file.ts'

export interface OutputFile {
  readonly path: string
  readonly text: string
  /** Permission bits, set whatever the umask. */
  readonly mode: number
}

/** A file whose text may come in pieces. */
export type StreamedFile = Omit<OutputFile, 'text'> & { readonly text: string | Iterable<string> }

/** Generated configuration is read by daemons of other users. */
export const configurationMode = 0o644
/** Reports name the pods, addresses and nodes of a cluster. */
export const reportMode = 0o600

/** Makes one directory unless it is there; the error, when its parent is missing. */
async function makeOne(path: string, made: string[]): Promise<unknown> {
  try {
    await mkdir(path)
    made.unshift(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return error
    if (codeOf(error) !== 'EEXIST') throw error // when it is no directory, opening a file in it says so
  }
  return undefined
}

/** Makes the directory and its parents, noting each. Node's own `recursive` never ends where a parent takes no children (/proc, a dangling link). */
async function makeDirectory(path: string, made: string[]): Promise<void> {
  let missing = await makeOne(path, made)
  if (missing !== undefined && dirname(path) !== path) {
    await makeDirectory(dirname(path), made)
    missing = await makeOne(path, made)
  }
  if (missing !== undefined) throw missing
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined) // Windows opens no directories
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Work that has been begun and can be taken back. */
interface Begun {
  readonly pending: PendingFile[]
  /** Deepest first. */
  readonly directories: string[]
}

function undo({ pending, directories }: Begun): void {
  for (const file of pending) undoPending(file)
  for (const directory of directories) {
    try {
      rmdirSync(directory)
    } catch {
      // something else has been put there meanwhile
    }
  }
}

async function prepare(files: readonly StreamedFile[], force: boolean, begun: Begun): Promise<void> {
  const targets = new Set<string>()
  for (const { path, text, mode } of files) {
    const target = resolve(path)
    if (targets.has(target)) throw cannotWrite(path, 'two outputs have this name; give each its own')
    targets.add(target)
    try {
      await makeDirectory(dirname(target), begun.directories)
      const { pending, handle } = await preparePending(path, target, force)
      begun.pending.push(pending)
      await fillPending(handle, text, mode)
    } catch (error) {
      throw explainFault(path, error)
    }
  }
}

/**
 * Writes all files under temporary names beside their targets, then publishes them in the given order.
 * Parents are made. Without `force` an existing target is refused, also one that appears in the last moment; symbolic links and directories always are.
 * When anything fails, nothing of this call is left and every existing file is as it was.
 *
 * @throws OutputError which names the file and the way out
 */
export async function writeFiles(files: readonly StreamedFile[], { force }: { readonly force: boolean }): Promise<void> {
  const begun: Begun = { pending: [], directories: [] }
  const onExit = (): void => undo(begun)
  process.on('exit', onExit)
  try {
    await prepare(files, force, begun)
    for (const pending of begun.pending) {
      await publishPending(pending).catch((error: unknown) => {
        throw explainFault(pending.path, error)
      })
    }
    for (const directory of new Set(begun.pending.map(({ target }) => dirname(target)))) await syncDirectory(directory)
    for (const { backup, replaces } of begun.pending) if (replaces) await rm(backup, { force: true })
  } catch (error) {
    undo(begun)
    throw error
  } finally {
    process.off('exit', onExit)
  }
}
