// Writes a bundle as its objects arrive, into a folder beside the wanted one that gets its name when all is there: nobody ever sees half a bundle.
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { stringifyExactly } from '../sources/exact-integers.ts'
import { cannotWrite, explainFault } from './output-fault.ts'

export interface BundleFolder {
  /** Adds an object to a list. @param path below the folder, `cluster/pods.json`. @throws OutputError */
  add(path: string, object: object): void
  /**
   * Adds what a node sent, below `nodes/<node>`. Paths are bytes, as file names are, and do not lead out of the folder; directories have no content.
   *
   * @throws OutputError
   */
  addNode(node: string, files: readonly { readonly path: Buffer; readonly content: Buffer | undefined }[], stat: object): void
  /** Adds bundle.json and gives the folder its name. @throws OutputError */
  publish(description: object): void
  /** Removes what is there so far; harmless after `publish`. */
  discard(): void
}

const HEAD = '{"apiVersion":"v1","kind":"List","items":['
const TAIL = '\n]}\n'
const ENOUGH = 1 << 20
/** Names of pods, nodes and addresses are nobody else's business. */
const MODE = { file: 0o600, folder: 0o700 }

interface OpenList {
  readonly fd: number
  pending: string
  count: number
}

/** @throws OutputError when the folder is there already and holds something, unless `force` */
export function openBundleFolder(path: string, force: boolean): BundleFolder {
  const target = resolve(path)
  const replaces = checkTarget(path, target, force)
  const temporary = join(dirname(target), `.tmp-ipam-${basename(target)}-${randomBytes(6).toString('hex')}`)
  const lists = new Map<string, OpenList>()
  const discard = () => {
    process.removeListener('exit', discard)
    rmSync(temporary, { recursive: true, force: true })
  }
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw explainFault(path, cause)
    }
  }
  function flush(list: OpenList): void {
    writeSync(list.fd, list.pending)
    list.pending = ''
  }
  function open(inner: string): OpenList {
    const file = join(temporary, inner)
    mkdirSync(dirname(file), { recursive: true, mode: MODE.folder })
    const list = { fd: openSync(file, 'wx', MODE.file), pending: HEAD, count: 0 }
    lists.set(inner, list)
    return list
  }
  process.once('exit', discard) // a signal ends the program in mid-scan
  guarded(() => mkdirSync(temporary, { recursive: true, mode: MODE.folder }))
  return {
    add: (inner, object) =>
      guarded(() => {
        const list = lists.get(inner) ?? open(inner)
        list.pending += `${list.count++ === 0 ? '' : ','}\n${stringifyExactly(object)}`
        if (list.pending.length >= ENOUGH) flush(list)
      }),
    addNode: (node, files, stat) =>
      guarded(() => {
        const root = join(temporary, 'nodes', node)
        mkdirSync(root, { recursive: true, mode: MODE.folder })
        writeFileSync(join(root, 'stat.json'), `${JSON.stringify(stat)}\n`, { mode: MODE.file, flag: 'wx' })
        for (const { path, content } of files) {
          const full = Buffer.concat([Buffer.from(`${root}/`), path])
          mkdirSync(content === undefined ? full : full.subarray(0, full.lastIndexOf('/')), { recursive: true, mode: MODE.folder })
          if (content !== undefined) writeFileSync(full, content, { mode: MODE.file, flag: 'wx' })
        }
      }),
    publish: (description) =>
      guarded(() => {
        for (const list of lists.values()) {
          list.pending += TAIL
          flush(list)
          fsyncSync(list.fd)
          closeSync(list.fd)
        }
        writeFileSync(join(temporary, 'bundle.json'), `${JSON.stringify(description, null, 2)}\n`, { mode: MODE.file, flush: true })
        rename(temporary, target, replaces)
      }),
    discard,
  }
}

/** True when something has the name already that may be replaced. */
function checkTarget(path: string, target: string, force: boolean): boolean {
  const stats = statSync(target, { throwIfNoEntry: false })
  if (stats === undefined) return false
  if (!stats.isDirectory()) throw cannotWrite(path, 'ENOTDIR')
  if (readdirSync(target).length > 0 && !force)
    throw cannotWrite(path, 'the folder exists already and is not empty; give --force to replace it, or choose another name')
  return true
}

function rename(temporary: string, target: string, replaces: boolean): void {
  const old = `${temporary}-old`
  if (replaces) renameSync(target, old)
  try {
    renameSync(temporary, target)
  } catch (cause) {
    if (replaces) renameSync(old, target)
    throw cause
  }
  if (replaces) removeOld(old)
}

function removeOld(old: string): void {
  try {
    rmdirSync(old)
  } catch {
    rmSync(old, { recursive: true, force: true })
  }
}
