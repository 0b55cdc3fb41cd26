// Objects that anybody may have written: every bundle of the corpus with parts replaced by junk. Bad records are data; nothing throws.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeInventory } from '../../src/model/merge-inventory.ts'
import { nodeUsage } from '../../src/model/node-usage.ts'
import { rules } from '../../src/rules/index.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { directorySource } from '../../src/sources/directory.ts'
import type { Document, ObjectDocument } from '../../src/sources/source.ts'
import { documentSink } from '../../src/systems/document-sink.ts'
import { systems } from '../../src/systems/index.ts'
import { readCases } from './read-cases.ts'

const junk = fc.constantFrom<unknown>(null, undefined, 0, -1, 1e300, true, '', 'x', '::', '10.0.0.0/33', '999', [], [null], ['x'], {}, { x: null })

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const inner = replaced((value as Record<string, unknown>)[key], rest, by)
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === String(key) ? inner : item))
  return { ...(value as object), [key]: inner }
}

/** One part of one object becomes junk; the object itself stays an object with a kind. */
const spoiled = (documents: readonly Document[]) =>
  fc.integer({ min: 0, max: documents.length - 1 }).chain((index) => {
    const document = documents[index]
    if (document?.type !== 'object') return fc.constant(documents)
    const paths = pathsIn(document.object).filter((path) => path.length > 0)
    return fc.tuple(fc.constantFrom(...paths), junk).map(([path, by]) => {
      const object = replaced(document.object, path, by) as ObjectDocument['object']
      return documents.map((other, at) => (at === index ? { ...document, object } : other))
    })
  })

function audit(documents: readonly Document[]): number {
  const sink = documentSink(systems)
  for (const document of documents) sink.accept(document)
  const facts = { cluster: 'x', now: Date.parse('2026-11-23T12:00:00Z'), collectedAt: undefined, newestFile: undefined, coverage: [] }
  const inventory = mergeInventory(sink.finish().parts, facts)
  return runRules(rules, inventory, { grace: 900_000 }).findings.length + inventory.usage().length + nodeUsage(inventory).length
}

const paths = readCases().flatMap(({ name, paths: { faulty } }) => (faulty === undefined ? [] : [[name, faulty] as const]))

describe.each(paths)('%s', (_name, path) => {
  test('takes junk in any field', async () => {
    const documents: Document[] = []
    await directorySource({ from: [path], hostLocal: [] }).read((document) => documents.push(document))
    fc.assert(
      fc.property(spoiled(documents), (input) => {
        expect(audit(input)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 25 },
    )
  })
})
