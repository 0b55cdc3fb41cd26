// Feeds documents to one system and gives its part: what a test says in objects and files, without a disk.
import type { InventoryPart } from '../../src/model/inventory.ts'
import type { Document, StateEntry } from '../../src/sources/source.ts'
import type { System } from '../../src/systems/define-system.ts'
import { documentSink } from '../../src/systems/document-sink.ts'

export const AT = Date.parse('2026-11-23T12:00:00Z')

export function parsed(system: System, documents: readonly Document[]): InventoryPart {
  const sink = documentSink([system])
  for (const document of documents) sink.accept(document)
  return sink.finish().parts[0] ?? {}
}

export function object(apiVersion: string, kind: string, body: Readonly<Record<string, unknown>>, origin = 'cluster/x.json'): Document {
  return { type: 'object', apiVersion, kind, object: { apiVersion, kind, ...body }, origin }
}

export const nodeFile = (path: string, content: unknown, node = 'n1'): Document => ({
  type: 'file',
  area: 'node',
  node,
  path,
  text: typeof content === 'string' ? content : JSON.stringify(content),
  mtime: AT,
  origin: `nodes/${node}/${path}`,
})

export const nodeFacts = (node = 'n1'): Document => ({
  type: 'node',
  node,
  collectedAt: AT,
  collectedAtKnown: true,
  bootTime: undefined,
  timesKnown: true,
  origin: `nodes/${node}`,
})

export const entry = (name: string, text: string | undefined, rest: Partial<StateEntry> = {}): StateEntry => ({
  name,
  kind: 'file',
  size: text?.length ?? 0,
  mtime: AT,
  text,
  error: undefined,
  ...rest,
})

export const stateOf = (path: string, entries: readonly StateEntry[], node = 'n1'): Document => ({
  type: 'state',
  node,
  path,
  entries,
  error: undefined,
  origin: `nodes/${node}/${path}`,
})
