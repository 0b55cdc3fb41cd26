// One file on its way to its final name: filled under a temporary name, then published in one step, and put back when the call fails.
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gather } from './gather.ts'
import { cannotWrite, codeOf } from './output-fault.ts'

export interface PendingFile {
  /** As the user wrote it. */
  readonly path: string
  readonly target: string
  readonly temporary: string
  /** Inode of the temporary, by which the published file is known as ours. */
  readonly inode: number
  /** Second name of the file that is being replaced. */
  readonly backup: string
  readonly replaces: boolean
}

/** True when there is a file that may be replaced; throws for what must not be. */
async function isReplaceable(path: string, target: string, force: boolean): Promise<boolean> {
  const status = await lstat(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (status === undefined) return false
  if (status.isSymbolicLink()) throw cannotWrite(path, 'ELOOP')
  if (status.isDirectory()) throw cannotWrite(path, 'EISDIR')
  if (!status.isFile()) throw cannotWrite(path, 'it is not a regular file; choose another name')
  if (!force) throw cannotWrite(path, 'EEXIST')
  return true
}

/** The temporary's name has no extension that a container runtime loads from /etc/cni/net.d (.conf, .conflist, .json). */
export async function preparePending(path: string, target: string, force: boolean): Promise<{ pending: PendingFile; handle: FileHandle }> {
  const replaces = await isReplaceable(path, target, force)
  const temporary = join(dirname(target), `.tmp-ipam-${randomBytes(6).toString('hex')}`)
  const handle = await open(temporary, 'wx', 0o600)
  const { ino: inode } = await handle.stat()
  return { pending: { path, target, temporary, inode, backup: `${temporary}-old`, replaces }, handle }
}

/** Writes the text and brings it to the disk; the mode is the given one whatever the umask. */
export async function fillPending(handle: FileHandle, text: string | Iterable<string>, mode: number): Promise<void> {
  try {
    for (const piece of typeof text === 'string' ? [text] : gather(text)) await handle.writeFile(piece) // goes on where the last one ended
    await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Gives the temporary its final name: atomically refused where something has that name, unless it is to be replaced. */
export async function publishPending(pending: PendingFile): Promise<void> {
  const { temporary, target, backup } = pending
  if (pending.replaces) {
    await link(target, backup).catch(() => {}) // no second name, no way back: still better than not writing
    await rename(temporary, target)
    return
  }
  try {
    await link(temporary, target)
  } catch (error) {
    // File systems without hard links (vfat, some network mounts): take the name first, then replace the empty file.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error
    await (await open(target, 'wx')).close()
    await rename(temporary, target)
    return
  }
  await rm(temporary)
}

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino

/** Leaves everything as it was before. Synchronous, for it also runs when a signal ends the process. */
export function undoPending({ temporary, target, backup, inode }: PendingFile): void {
  if (inodeOf(target) === inode) {
    if (inodeOf(backup) === undefined) rmSync(target, { force: true })
    else renameSync(backup, target)
  }
  rmSync(temporary, { force: true })
  rmSync(backup, { force: true })
}
