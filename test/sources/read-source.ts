// Helpers of the source tests: folders from literals, and everything that one run of the source hands out.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type DirectoryRequest, directorySource } from '../../src/sources/directory.ts'
import type { Document, FileDocument, NodeDocument, ObjectDocument, SourceSummary, StateDocument, StateEntry } from '../../src/sources/source.ts'

/** A folder that is gone after the test, with these files in it; a value of undefined makes an empty folder. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array | undefined>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ipam-source-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(content === undefined ? join(root, path) : dirname(join(root, path)), { recursive: true })
    if (content !== undefined) writeFileSync(join(root, path), content)
  }
  return root
}

export interface Read {
  readonly documents: readonly Document[]
  readonly objects: readonly ObjectDocument[]
  readonly files: readonly FileDocument[]
  readonly states: readonly StateDocument[]
  readonly nodes: readonly NodeDocument[]
  readonly summary: SourceSummary
}

export async function readSource(request: Partial<DirectoryRequest>): Promise<Read> {
  const documents: Document[] = []
  const summary = await directorySource({ from: [], hostLocal: [], ...request }).read((document) => documents.push(document))
  const of = <Type extends Document['type']>(type: Type) =>
    documents.filter((document) => document.type === type) as Extract<Document, { type: Type }>[]
  return { documents, objects: of('object'), files: of('file'), states: of('state'), nodes: of('node'), summary }
}

/** `source status read: error`, one line each. */
export const coverageLines = ({ coverage }: SourceSummary): string[] =>
  coverage.map(({ source, status, read, error }) => `${source} ${status} ${read}: ${error}`)

export const entryNamed = (state: StateDocument | undefined, name: string): StateEntry | undefined =>
  state?.entries.find((entry) => entry.name === name)

export const OWNER = `${'a'.repeat(64)}\r\neth0`
export const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0', namespace: 'shop' } }
export const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } }
