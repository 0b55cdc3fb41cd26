// Text of a file that lists networks outside the cluster -> what it says. The content tells the format; the name only decides in doubt.
import { type ExternalReading, externalSink } from './external-reading.ts'
import { isNetBoxJson, readNetBox } from './read-netbox.ts'
import { readOwnYaml } from './read-own-yaml.ts'
import { readPlainList } from './read-plain-list.ts'
import { looksLikeTable, readTable } from './read-table.ts'

export type { ExternalReading } from './external-reading.ts'

/** A first line that only YAML has. */
const YAML_START = /^(?:---|[A-Za-z]+:(?:\s|$)|- )/m

/**
 * Reads a plain list of CIDRs and ranges, CSV with a header, NetBox's or phpIPAM's exports, or the project's own YAML. Pure; never throws for what the
 * text holds: that is a problem with its line.
 *
 * @param fileName shown in origins (`external/nets.csv:3`)
 */
export function readExternal(text: string, fileName: string): ExternalReading {
  const sink = externalSink(fileName)
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const json = /^\s*[[{]/.test(body) ? tryJson(body) : undefined
  if (body.trim() === '') sink.problem(undefined, 'it is empty')
  else if (body.includes('\0')) sink.problem(undefined, 'it holds NUL characters, so it is no text in UTF-8')
  else if (isNetBoxJson(json)) readNetBox(json, sink)
  else if (json !== undefined || isYaml(body, fileName)) readOwnYaml(body, sink)
  else if (looksLikeTable(body)) readTable(body, sink)
  else readPlainList(body, sink)
  return sink.reading()
}

function isYaml(text: string, fileName: string): boolean {
  const first = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '' && !line.trimStart().startsWith('#')) ?? ''
  return /\.(?:ya?ml|json)$/i.test(fileName) || YAML_START.test(first)
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
