// Reads stat.json: the times that copying a node's files lost.
import { SourceError } from '../model/errors.ts'
import type { Time } from '../model/inventory.ts'
import { parseJsonFile, parseTime } from './bundle-description.ts'
import { isJsonObject } from './unwrap-lists.ts'

export interface StatTable {
  readonly collectedAt: Time | undefined
  readonly bootTime: Time | undefined
  /** Modification times by path below the node's root, no leading slash. */
  readonly times: ReadonlyMap<string, Time>
}

export const NO_STAT_TABLE: StatTable = { collectedAt: undefined, bootTime: undefined, times: new Map() }

/** @throws SourceError naming the first field that is wrong; then nothing of the table is used */
export function parseStatTable(bytes: Buffer): StatTable {
  const value = parseJsonFile(bytes)
  if (!isJsonObject(value)) throw new SourceError('is not a JSON object')
  const { files = {} } = value
  if (!isJsonObject(files)) throw new SourceError('"files" is not an object')
  const times = new Map<string, Time>()
  for (const [path, file] of Object.entries(files)) {
    if (!isJsonObject(file)) throw new SourceError(`"files" has ${JSON.stringify(path)}, which is not an object`)
    const time = parseTime(file['mtime'], `files["${path}"].mtime`)
    if (time !== undefined) times.set(path.startsWith('/') ? path.slice(1) : path, time)
  }
  return { collectedAt: parseTime(value['collectedAt'], 'collectedAt'), bootTime: parseTime(value['bootTime'], 'bootTime'), times }
}
