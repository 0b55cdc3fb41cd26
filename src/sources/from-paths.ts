// Takes each --from for what it is: a bundle, a folder of kubectl dumps, one file, or a stream.
import { createReadStream, realpathSync, type Stats, statSync } from 'node:fs'
import { basename } from 'node:path'
import { isBundle, readBundle } from './bundle.ts'
import { readClusterFile, readClusterStream, readDumpFolder } from './cluster-files.ts'
import { failureText } from './failure-text.ts'
import { kindOf, kindText, listDirectory } from './list-directory.ts'
import type { Reading } from './reading.ts'
import { looksLikeState } from './state-names.ts'

const STDIN = '-'

/** What a shell passes for `<(kubectl get ...)`. Such a pipe has its writer already; any other FIFO might have none, and hang. */
const OPEN_PIPE = /^\/(?:dev|proc\/self)\/fd\/\d+$/
const STDIN_PATHS = [STDIN, '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']

/** @param stdin gives the stream behind `-` */
export async function readFromPaths(reading: Reading, paths: readonly string[], stdin: () => AsyncIterable<Uint8Array>): Promise<void> {
  const several = paths.length > 1
  for (const path of paths) {
    if (isStdin(path)) {
      if (!reading.firstVisit(STDIN)) continue
      reading.named('stdin')
      await readClusterStream(reading, stdin(), 'stdin')
    } else if (OPEN_PIPE.test(path) && isPipe(path)) {
      reading.named(path)
      await readClusterStream(reading, createReadStream(path), path)
    } else await readPath(reading, path, several)
  }
}

export const isStdin = (path: string): boolean => STDIN_PATHS.includes(path)

const isPipe = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFIFO() === true

async function readPath(reading: Reading, typed: string, several: boolean): Promise<void> {
  let real: string
  let stats: Stats
  try {
    real = realpathSync(typed)
    stats = statSync(real)
  } catch (cause) {
    reading.named(basename(typed))
    reading.coverObjects(typed, 'failed', 0, `${failureText(cause)}: check the path`)
    return
  }
  const origin = typed.length > 1 ? typed.replace(/\/+$/, '') : typed
  if (stats.isFile()) {
    reading.named(basename(real))
    await readClusterFile(reading, real, origin)
  } else if (!stats.isDirectory()) {
    reading.named(basename(real))
    reading.coverObjects(typed, 'failed', 0, `is ${kindText[kindOf(stats)]}, neither a file nor a folder; for piped input give "-"`)
  } else if (isBundle(real)) await readBundle(reading, real, several ? `${origin}/` : '')
  else {
    reading.named(basename(real))
    const refused = reading.summary().coverage.length
    const found = await readDumpFolder(reading, real, origin)
    if (found === 0 && reading.summary().coverage.length === refused) reading.coverObjects(typed, 'failed', 0, emptyFolder(real, stats))
  }
}

function emptyFolder(path: string, { size }: Stats): string {
  if (looksLikeState(listDirectory(path, size, 1 << 20).entries)) return 'is a state directory of host-local: give it with --host-local'
  return 'holds no *.json, *.yaml or *.yml and none of cluster/, nodes/, peers/, external/, cloud/ and bundle.json, so there was nothing to read'
}
