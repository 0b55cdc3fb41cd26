// Hands each document to the systems that asked for its kind, and collects their parts.
import type { InventoryPart } from '../model/inventory.ts'
import type { Document } from '../sources/source.ts'
import type { Parser, System } from './define-system.ts'

export interface DocumentSink {
  accept(document: Document): void
  finish(): { readonly parts: readonly InventoryPart[]; readonly documents: number }
}

export function documentSink(systems: readonly System[]): DocumentSink {
  const parsers = systems.map((system) => ({ system, parser: system.parser() }))
  const byKind = new Map<string, Parser[]>()
  for (const { system, parser } of parsers) for (const kind of system.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), parser])
  const readers = parsers.filter(({ system }) => system.files).map(({ parser }) => parser)
  let documents = 0

  return {
    accept(document) {
      documents++
      switch (document.type) {
        case 'object': {
          const slash = document.apiVersion.indexOf('/')
          const group = slash < 0 ? '' : document.apiVersion.slice(0, slash)
          for (const parser of byKind.get(`${group}/${document.kind}`) ?? []) parser.object?.(document)
          break
        }
        case 'file':
          for (const parser of readers) parser.file?.(document)
          break
        case 'state':
          for (const parser of readers) parser.state?.(document)
          break
        case 'node':
          for (const parser of readers) parser.node?.(document)
          break
        default:
          document satisfies never
      }
    },
    finish: () => ({ parts: parsers.map(({ parser }) => parser.finish()), documents }),
  }
}
