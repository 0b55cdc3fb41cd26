// Takes apart what a collecting pod printed: sections of packed files, each with its checksum, so that a log that was cut or rotated is noticed.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { SourceError } from '../../../model/errors.ts'
import type { Time } from '../../../model/inventory.ts'

export interface NodeSection {
  /** Exit status of what packed it; tar's 1: files changed meanwhile. */
  readonly code: number
  /** Unpacked: a tar. */
  readonly content: Buffer
}

export interface NodeStream {
  /** The node's clock before anything was read. */
  readonly collectedAt: Time
  readonly bootTime: Time | undefined
  readonly sections: ReadonlyMap<string, NodeSection>
  /** What is missing of it. */
  readonly problem: string | undefined
}

export interface NodeStreamReader {
  /** @returns false when nothing more is wanted. */
  push(piece: Buffer): boolean
  /** True once the mark of the end has come. */
  done(): boolean
  /** @throws SourceError when there is nothing to be used in it */
  finish(): Promise<NodeStream>
}

interface Part {
  readonly name: string
  readonly lines: string[]
  end?: { readonly code: number; readonly digest: string }
}

const unzip = promisify(gunzip)
const LONGEST_LINE = 16 << 10
/** Of one node: kubelet keeps 10 MiB of a log unless told otherwise (containerLogMaxSize). */
const LARGEST_STREAM = 64 << 20
const LARGEST_CONTENT = 256 << 20
const START = /^@ipam start 1 (\d{1,12}) (\d{0,12})$/
const BEGIN = /^@ipam begin ([a-z]{1,20})$/
const END = /^@ipam end ([a-z]{1,20}) (\d{1,3}) ([0-9a-f]{64})$/

export function readNodeStream(): NodeStreamReader {
  const parts: Part[] = []
  let start: { readonly collectedAt: Time; readonly bootTime: Time | undefined } | undefined
  let open: Part | undefined
  let fault: string | undefined
  let ended = false
  let rest = ''
  let size = 0
  let before = 0

  function line(text: string): void {
    const started = START.exec(text)
    if (started !== null) {
      start = { collectedAt: Number(started[1]) * 1000, bootTime: started[2] === '' ? undefined : Number(started[2]) * 1000 }
      parts.length = 0 // the container was started again
      open = undefined
    } else if (start === undefined) before++
    else if (!text.startsWith('@')) {
      if (text !== '') open?.lines.push(text)
    } else if (text === '@ipam done') ended = true
    else {
      const begun = BEGIN.exec(text)
      const end = END.exec(text)
      if (begun?.[1] !== undefined) {
        open = { name: begun[1], lines: [] }
        parts.push(open)
      } else if (end !== null && open !== undefined && open.name === end[1]) {
        open.end = { code: Number(end[2]), digest: end[3] ?? '' }
        open = undefined
      } else fault ??= 'it holds lines that no part of it has'
    }
  }

  return {
    push(piece) {
      if (ended || fault !== undefined) return false
      size += piece.length
      if (size > LARGEST_STREAM) fault = `it is longer than ${LARGEST_STREAM >> 20} MiB`
      const lines = (rest + piece.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) fault ??= 'it has a line without end'
      for (const text of lines) if (!ended) line(text)
      return !ended && fault === undefined
    },
    done: () => ended,
    async finish() {
      if (start === undefined)
        throw new SourceError(
          before === 0 && rest === ''
            ? 'it printed nothing'
            : 'the beginning of what it printed is missing: the log was rotated, or another program runs there',
        )
      const sections = new Map<string, NodeSection>()
      const problems = [...(fault === undefined ? [] : [fault]), ...(ended || fault !== undefined ? [] : ['it ended too early'])]
      for (const part of parts) {
        const found = await unpack(part)
        if (typeof found === 'string') problems.push(found)
        else sections.set(part.name, found)
      }
      return { ...start, sections, problem: problems.length === 0 ? undefined : problems.join('; ') }
    },
  }
}

/** Or what is wrong with it. */
async function unpack({ name, lines, end }: Part): Promise<NodeSection | string> {
  if (end === undefined) return `its part ${JSON.stringify(name)} was cut`
  const packed = Buffer.from(lines.join(''), 'base64')
  if (createHash('sha256').update(packed).digest('hex') !== end.digest) return `its part ${JSON.stringify(name)} is damaged: the checksum differs`
  try {
    return { code: end.code, content: await unzip(packed, { maxOutputLength: LARGEST_CONTENT }) }
  } catch {
    return `its part ${JSON.stringify(name)} cannot be unpacked, or is larger than ${LARGEST_CONTENT >> 20} MiB`
  }
}
