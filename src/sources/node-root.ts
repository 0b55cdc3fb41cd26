// Delivers one node: its facts about time first, then its files, then its state directories.
import { existsSync } from 'node:fs'
import type { Origin, Time } from '../model/inventory.ts'
import { failureText } from './failure-text.ts'
import { bootTimeBelow, nodeTimes, type RootKind } from './node-clock.ts'
import { type NodeContents, type NodeWalk, nodeWalk } from './node-walk.ts'
import type { Reading } from './reading.ts'
import { readSmallFile } from './regular-file.ts'
import { NO_STAT_TABLE, parseStatTable, type StatTable } from './stat-table.ts'

/** A hundred and thirty bytes a file: two million files of one node. */
const LARGEST_STAT_TABLE = 256 << 20

export interface NodeRoot {
  readonly node: string
  /** Real path of the directory that stands for the node's `/`. */
  readonly root: string
  readonly kind: RootKind
  /** Time of the directory that the user named, for a node without any file. */
  readonly rootTime: Time
  /** How people call a path below the root; '' is the root itself. */
  origin(path: string): Origin
}

/** @param visit tells the walk where to go */
export async function readNodeRoot(reading: Reading, root: NodeRoot, visit: (walk: NodeWalk) => Promise<void>): Promise<void> {
  const stat = root.root === '/' ? NO_STAT_TABLE : readStatTable(reading, root)
  const contents: NodeContents = { files: [], states: [] }
  await visit(nodeWalk(reading, { ...root, times: stat.times }, contents))
  const live = root.kind === 'live'
  const times = nodeTimes(root.kind, stat, contents, {
    now: Date.now(),
    bootTime: live ? bootTimeBelow(root.root) : undefined,
    rootTime: root.rootTime,
  })
  reading.accept({ type: 'node', node: root.node, ...times, origin: root.origin('') })
  for (const document of contents.files) reading.accept(document)
  for (const document of contents.states) reading.accept(document)
}

function readStatTable(reading: Reading, { root, origin }: NodeRoot): StatTable {
  const path = root === '/' ? '/stat.json' : `${root}/stat.json`
  if (!existsSync(path)) return NO_STAT_TABLE
  try {
    return parseStatTable(readSmallFile(path, LARGEST_STAT_TABLE).bytes)
  } catch (cause) {
    reading.cover(origin('stat.json'), 'partial', 0, `${failureText(cause)}; the files' own times are used instead`)
    return NO_STAT_TABLE
  }
}
