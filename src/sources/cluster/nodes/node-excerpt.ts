// What one node sent -> the files of its folder in a bundle, with the times that copying them loses.
import { showTime } from '../../../model/show-time.ts'
import type { NodeStream } from './node-stream.ts'
import { readTar, type TarEntry } from './read-tar.ts'

export interface NodeFile {
  /** Below the node's folder; bytes, as file names are. Never leads out of it. */
  readonly path: Buffer
  /** Undefined: a directory. */
  readonly content: Buffer | undefined
}

/** stat.json (design.md 3). */
export interface NodeStat {
  readonly collectedAt: string
  readonly bootTime?: string
  readonly files: Readonly<Record<string, { readonly mtime: string; readonly size: number; readonly mode: string }>>
}

export interface NodeExcerpt {
  readonly files: readonly NodeFile[]
  readonly stat: NodeStat
  /** What of the node is not in it. */
  readonly problems: readonly string[]
}

const NOTES = 'ipam-notes'
const STAT = 'stat.json'
const LARGEST_FILE = 4 << 20
const LONGEST_PATH = 1024
/** Of one node; the rest is counted. */
const MOST_PROBLEMS = 10

/** @throws SourceError when a part is no archive */
export function nodeExcerpt(stream: NodeStream): NodeExcerpt {
  const files = new Map<string, NodeFile>()
  const links = new Map<string, Buffer>()
  const times: Record<string, { mtime: string; size: number; mode: string }> = Object.create(null)
  const problems: string[] = stream.problem === undefined ? [] : [stream.problem]
  const add = (key: string, path: Buffer, { content, mode, mtime }: TarEntry) => {
    files.set(key, { path, content })
    const text = path.toString('utf8')
    if (Buffer.from(text).equals(path)) times[text] = { mtime: showTime(mtime * 1000), size: content.length, mode: `0${mode.toString(8)}` }
  }
  for (const [name, { code, content }] of stream.sections) {
    if (code !== 0) problems.push(`files changed while part ${JSON.stringify(name)} was read, and it may not be whole (tar ended with ${code})`)
    for (const entry of readTar(content)) {
      const path = safePath(entry.path)
      if (path === undefined) {
        problems.push(`${shown(entry.path)} leads out of the node's folder and was not saved`)
        continue
      }
      const key = path.toString('latin1')
      if (key === NOTES)
        problems.push(
          ...entry.content
            .toString('utf8')
            .split('\n')
            .map((note) => note.trim())
            .filter((note) => note !== ''),
        )
      else if (path.length === 0 || key === STAT) continue
      else if (path.length > LONGEST_PATH || files.has(key)) problems.push(`${shown(path)} comes twice or has too long a name, and was not saved`)
      else if (entry.kind === 'directory') files.set(key, { path, content: undefined })
      else if (entry.kind === 'link') links.set(key, path)
      else if (entry.kind === 'other') problems.push(`${shown(path)} is no regular file and was not saved`)
      else if (entry.content.length > LARGEST_FILE) problems.push(`${shown(path)} is larger than ${LARGEST_FILE >> 20} MiB and was not saved`)
      else add(key, path, entry)
    }
  }
  for (const link of links.values()) problems.push(`${shown(link)} is a link and was not saved`)
  for (const [key, { path }] of files) {
    if (!insideFile(key, files)) continue
    files.delete(key)
    problems.push(`${shown(path)} lies in what is no folder, and was not saved`)
  }
  const bootTime = stream.bootTime === undefined ? {} : { bootTime: showTime(stream.bootTime) }
  return {
    files: [...files.values()],
    stat: { collectedAt: showTime(stream.collectedAt), ...bootTime, files: times },
    problems:
      problems.length > MOST_PROBLEMS ? [...problems.slice(0, MOST_PROBLEMS), `and ${problems.length - MOST_PROBLEMS} more of this kind`] : problems,
  }
}

const shown = (path: Buffer): string => JSON.stringify(path.toString('utf8').slice(0, 200))

const insideFile = (key: string, files: ReadonlyMap<string, NodeFile>): boolean =>
  key.split('/').some((_, depth, parts) => depth > 0 && files.get(parts.slice(0, depth).join('/'))?.content !== undefined)

/** `./a//b/` -> `a/b`, empty for the root; undefined for a path that leads out of the folder. */
function safePath(path: Buffer): Buffer | undefined {
  const parts = path
    .toString('latin1')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? undefined : Buffer.from(parts.join('/'), 'latin1')
}
