// The source of everything that lies in files: bundles, folders, kubectl dumps, standard input, and host-local's directories on a node.
import { UsageError } from '../model/errors.ts'
import { isStdin, readFromPaths } from './from-paths.ts'
import { type HostLocalRequest, readHostLocalDirectories } from './host-local-directories.ts'
import { type Progress, startReading } from './reading.ts'
import type { Source } from './source.ts'

export interface DirectoryRequest {
  /** Paths as typed, or '-' for standard input. */
  readonly from: readonly string[]
  readonly hostLocal: readonly HostLocalRequest[]
  /** process.stdin unless given. */
  readonly stdin?: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean }
  readonly onProgress?: (progress: Progress) => void
  /** Entries that are read of one directory. */
  readonly maxEntries?: number
}

/** A node has at most some hundred thousand allocation files; two million entries take about 1 GiB of memory. */
const MAX_ENTRIES = 2_000_000

/**
 * Reads regular files only, follows no link out of what it was given, and keeps going when a part cannot be read: that part is in the summary's coverage.
 * @throws UsageError when `-` is a terminal, or a node name is empty
 */
export function directorySource(request: DirectoryRequest): Source {
  const stdin = () => request.stdin ?? process.stdin
  if (request.from.some(isStdin) && stdin().isTTY) {
    throw new UsageError(
      '--from - reads standard input, which is a terminal here: pipe something into it (kubectl get nodes,pods -A -o json | ...), or give a file',
    )
  }
  const unnamed = request.hostLocal.find(({ node }) => node === '')
  if (unnamed) throw new UsageError(`--host-local "=${unnamed.dir}" has no node name before "=": write NODE=DIR, or DIR alone for this machine`)
  return {
    async read(accept, needs) {
      const reading = startReading({ needs, maxEntries: request.maxEntries ?? MAX_ENTRIES, onProgress: request.onProgress }, accept)
      await readFromPaths(reading, request.from, stdin)
      await readHostLocalDirectories(reading, request.hostLocal)
      return reading.summary()
    },
  }
}
