// The order of files and objects, and objects that are given twice, must not show: every bundle of the corpus, shuffled and doubled.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type InventoryFacts, mergeInventory } from '../../src/model/merge-inventory.ts'
import { rules } from '../../src/rules/index.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { directorySource } from '../../src/sources/directory.ts'
import type { Document } from '../../src/sources/source.ts'
import { documentSink } from '../../src/systems/document-sink.ts'
import { systems } from '../../src/systems/index.ts'
import { readCases } from './read-cases.ts'

function audit(documents: readonly Document[], facts: InventoryFacts): unknown {
  const sink = documentSink(systems)
  for (const document of documents) sink.accept(document)
  return runRules(rules, mergeInventory(sink.finish().parts, facts), { grace: 900_000 }).findings
}

/** A node's facts come before its files, whatever their order; only objects are given twice. */
function disorder(documents: readonly Document[], order: readonly number[]): readonly Document[] {
  const doubled = [...documents, ...documents.filter(({ type }) => type === 'object')]
  const keyed = doubled.map((document, index) => ({ document, key: order[index % order.length] ?? 0 }))
  const rank = ({ type }: Document): number => (type === 'node' ? 0 : 1)
  return keyed.sort((a, b) => rank(a.document) - rank(b.document) || a.key - b.key).map(({ document }) => document)
}

const paths = readCases().flatMap(({ name, paths: { faulty, silent } }) =>
  [faulty, silent].flatMap((path) => (path === undefined ? [] : [[`${name} ${path.split('/').at(-1)}`, path] as const])),
)

describe.each(paths)('%s', (_name, path) => {
  test('says the same in any order', async () => {
    const documents: Document[] = []
    const summary = await directorySource({ from: [path], hostLocal: [] }).read((document) => documents.push(document))
    const facts = { ...summary, cluster: summary.name, now: Date.parse('2026-11-23T12:00:00Z') }
    const expected = audit(documents, facts)
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: documents.length * 2, maxLength: documents.length * 2 }), (order) => {
        expect(audit(disorder(documents, order), facts)).toEqual(expected)
      }),
      { numRuns: 3 },
    )
  })
})
